"""The settings in lines: the list, one of them in full, and what is to become of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from techtool.station.settings import Setting
from techtool.text import safe

from .config_changes import Changes, shown
from .widgets.lines import ago, cut, fit, join, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line, sentence

MARGIN = 3
"""Columns before the name."""
LEAST = 12
"""Columns of a label that are worth showing."""
READ_ONLY = "The charger takes no other value for it: it can only be read."
STAYS = "It stays staged."
NOT_KNOWN = "techtool does not know what it means, so it is only shown."


class At(NamedTuple):
    """The cursor is on a setting."""

    name: str


class Widths(NamedTuple):
    """Columns of each part of a row; 0 where it is left out."""

    name: int
    value: int
    new: int
    mark: int
    label: int


class Word(NamedTuple):
    """One condition of a filter."""

    inverse: bool
    text: str


def parse(text: str) -> tuple[Word, ...]:
    """The conditions of a filter, all of which must hold: ``meter``, and ``!phase`` for what must not be there."""
    words = (Word(one.startswith("!"), one.lstrip("!").lower()) for one in text.split())
    return tuple(one for one in words if one.text)


def _widest(texts: Sequence[str], head: str, most: int) -> int:
    return max(min(most, max(map(cell_len, texts), default=0)), min(most, cell_len(head)))


def widths(changes: Changes, width: int) -> Widths:
    """What each column needs, and the rest for what it does."""
    settings = changes.settings.values()
    room = width - MARGIN - 1
    news = [text for one in settings if (text := _new(one, changes.after(one.name), changes.was(one.name)))]
    new = _widest(news, "new value", max(9, room // 5)) if news else 0
    mark = 2 if any(one.readonly for one in settings) else 0
    room -= (new + 2 if new else 0) + (mark + 2 if mark else 0)
    # what it is called tells one from the other: it is cut last
    names = [safe(one.name, 80) for one in settings]
    name = _widest(names, "setting", max(10, min(room * 3 // 5, room - LEAST - 2)))
    rest = max(1, room - name - 2)
    value = _widest([shown(one, one.value) for one in settings], "on charger", max(8, min(rest, room // 3)))
    label = rest - value - 2
    return Widths(name, value, new, mark, label) if label >= LEAST else Widths(name, rest, new, mark, 0)


def _new(one: Setting, after: str | None, was: str | None) -> str:
    """What it becomes; or else what it was before it was changed in this visit."""
    if after is not None:
        return shown(one, after)
    return f"(was {shown(one, was)})" if was is not None else ""


def heads(columns: Widths, *, staged: bool) -> str:
    """The heads of the columns."""
    new = "new value" if staged else "as found"
    parts = ("setting", columns.name), ("on charger", columns.value), (new, columns.new)
    more = ("ro" if columns.mark else "", columns.mark), ("what it does", columns.label)
    return " " * MARGIN + "  ".join(fit(text, room) for text, room in (*parts, *more) if room)


class _Kept(NamedTuple):
    """A row, and what it was made of."""

    setting: Setting
    after: str | None
    columns: Widths
    theme: str
    was: str | None
    sought: str
    """What a filter looks at."""
    row: Line


class Rows:
    """The rows of a list. Of thousands only those are made anew that changed."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def lines(self, changes: Changes, filter: str, look: Look, columns: Widths) -> list[Line]:
        """Those that match, in the charger's order."""
        words = parse(filter)
        found = []
        for name, one in changes.settings.items():
            kept = self._kept.get(name)
            known = one, changes.after(name), columns, look.theme, changes.was(name)
            if kept is None or kept[:5] != known:
                kept = self._kept[name] = _Kept(*known, _sought(*known), _row(*known, look))
            if all((word.text in kept.sought) is not word.inverse for word in words):
                found.append(kept.row)
        return found


def _sought(one: Setting, after: str | None, columns: Widths, theme: str, was: str | None) -> str:
    staged = f"staged {shown(one, after)}" if after is not None else ""
    marks = f"{'read only' if one.readonly else ''} {'changed' if was is not None else ''}"
    return f"{one.name} {shown(one, one.value)} {staged} {marks} {one.label or ''}".lower()


def _row(one: Setting, after: str | None, columns: Widths, theme: str, was: str | None, look: Look) -> Line:
    ink = look.ink
    said = ink.muted if one.readonly else ink.text
    parts: list[tuple[str, Style]] = [
        (fit(safe(one.name, 80), columns.name), said),
        (fit(shown(one, one.value), columns.value), said),
    ]
    if columns.new:
        parts.append((fit(_new(one, after, was), columns.new), ink.warn if after is not None else ink.muted))
    if columns.mark:
        parts.append(("ro" if one.readonly else "  ", ink.muted))
    if columns.label:
        parts.append((cut(safe(one.label or "", 200), columns.label), said))
    gapped = [(f"  {part}" if place else part, style) for place, (part, style) in enumerate(parts)]
    text = join(" " * MARGIN, *gapped)
    room = MARGIN + sum(columns) + 2 * (len(parts) - 1)
    return line(text, At(one.name), start=MARGIN - 1, end=room)


def below(changes: Changes, filter: str, found: bool, width: int) -> list[Line]:
    """What stands after the rows: what the charger does not have, and what it did not answer, told apart."""
    if not found:
        return sentence(
            f"0 of {len(changes.settings):,} match '{safe(filter, 60)}'. Esc clears the filter.", width
        )
    lines: list[Line] = []
    if filter:
        return lines
    if changes.unknown:
        lines += sentence(f"The charger does not show: {_names(changes.unknown)}.", width)
    if changes.silent:
        lines += sentence(f"No answer for: {_names(changes.silent)}. r reads again.", width)
    return [line(""), *lines] if lines else []


def _names(names: Sequence[str]) -> str:
    return ", ".join(safe(one, 80) for one in names)


# --- one of them ---------------------------------------------------------------------------------------------


def detail(changes: Changes, name: str, look: Look, width: int, danger: str | None = None) -> list[Line]:
    """One setting in full."""
    one, after, found = changes.settings[name], changes.after(name), changes.found(name)
    at = look.clock(changes.read_at)
    silent = ", and not answered since" if name in changes.silent else ""
    pairs = [
        ("on charger", shown(one, one.value) if one.value is not None else f"not told; last asked {at}{silent}"),
        ("new value", f"{shown(one, after)}   staged, not sent" if after is not None else ""),
        ("as found", f"{shown(one, found)}   when it was first read" if found is not None else ""),
        ("takes", safe(one.takes or "", 400)),
        ("unit", safe(one.unit or "", 40)),
        ("careful", danger or ""),
        ("read only", READ_ONLY if one.readonly and one.known else ""),
        ("not known", "" if one.known else NOT_KNOWN),
    ]
    label = safe(one.label or "", 300)
    lines = [line(Text(f" {part}", look.ink.head, end="")) for part in wrap(label, width - 2)] if label else []
    for head, text in pairs:
        style = look.ink.warn if head in ("new value", "careful") else look.ink.text
        for place, part in enumerate(wrap(text, width - 16) if text else []):
            lines.append(line(join((f"   {'' if place else head:<11} ", look.ink.muted), (part, style))))
    return lines


def diff(changes: Changes, dangers: dict[str, str], look: Look, width: int) -> list[Line]:
    """What is staged: from, to, and where it is dangerous, why."""
    staged = changes.staged
    name = min(width * 2 // 5, max((cell_len(safe(one.name, 80)) for one in staged), default=0))
    lines: list[Line] = []
    for one in staged:
        told = f"{one.shown_before}  ->  {one.shown_after}"
        for place, part in enumerate(wrap(told, max(20, width - name - 4))):
            head = fit(safe(one.name, 80), name) if not place else " " * name
            lines.append(line(join((f" {head}  ", look.ink.head), (part, look.ink.text))))
        if (danger := dangers.get(one.name)) is not None:
            said = wrap(f"careful: {danger}", width - 6)
            lines += [
                line(Text(f"   ! {part}" if not at else f"     {part}", look.ink.warn, end=""))
                for at, part in enumerate(said)
            ]
    return lines


# --- around it -----------------------------------------------------------------------------------------------


def counted(count: int, what: str = "change") -> str:
    """``1 change``, ``2 changes``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def age(changes: Changes, look: Look, *, reading: bool, connected: bool) -> Text:
    """How old the values are, for the right end of the line above."""
    if reading:
        return Text(".. reading ", look.ink.info, end="")
    since = look.age(changes.read_at)
    if since is None:
        return Text(end="")
    told = f"read {ago(since)} ago "
    return (
        Text(told, look.ink.muted, end="")
        if connected
        else Text(f"!! not connected, {told}", look.ink.fault, end="")
    )


def plain(changes: Changes, names: Sequence[str]) -> str:
    """These settings as text, nothing cut; secrets are masked."""
    rows = [("setting", "on charger", "new value", "takes", "what it does")]
    for name in names:
        one, after = changes.settings[name], changes.after(name)
        takes = "read only" if one.readonly else safe(one.takes or "")
        new = shown(one, after) if after is not None else ""
        rows.append((safe(name), shown(one, one.value), new, takes, safe(one.label or "")))
    columns = [max(cell_len(row[place]) for row in rows) for place in range(4)]
    lines = [
        "  ".join([*(fit(row[place], columns[place]) for place in range(4)), row[4]]).rstrip() for row in rows
    ]
    lines += [f"The charger does not show: {_names(changes.unknown)}."] if changes.unknown else []
    lines += [f"No answer for: {_names(changes.silent)}."] if changes.silent else []
    return "\n".join(lines)


def told(changes: Changes, name: str) -> str:
    """One setting in a line of text."""
    one, after = changes.settings[name], changes.after(name)
    staged = f"  ->  {shown(one, after)} (staged, not sent)" if after is not None else ""
    return f"{safe(name)}  {shown(one, one.value)}{staged}"
