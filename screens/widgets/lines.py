"""Words and measures of the pages: fitting text into cells, ages, sizes, sparklines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

BLOCKS = "▁▂▃▄▅▆▇█"
PLAIN = "_.-=^"
"""Levels where no block characters may be used."""


def fit(text: str, width: int) -> str:
    """Exactly so many cells: padded, or cut with ``~`` in the last one."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - 1)) + "~"[: max(0, width)]


def cut(text: str, width: int) -> str:
    """At most so many cells."""
    return text if cell_len(text) <= width else fit(text, width)


def cut_inked(text: Text, width: int) -> Text:
    """At most so many cells, with its colours."""
    return text if text.cell_len <= width else join(text[: max(0, width - 1)], "~"[: max(0, width)])


def join(*parts: tuple[str, Style | None] | str | Text) -> Text:
    """One line of pieces; a piece of text is taken as it is, never as markup."""
    line = Text(end="", no_wrap=True)
    for part in parts:
        if isinstance(part, tuple):
            line.append(part[0], part[1])
        elif isinstance(part, Text):
            line.append_text(part)
        else:
            line.append(part)
    return line


def segments(text: Text, base: Style, console: Console) -> list[Segment]:
    """A line ready to be drawn. Rich leaves the style of a text as a whole to the console: here it counts."""
    style = base + console.get_style(text.style)
    parts = [part for part in text.render(console) if part.text and part.text != "\n"]
    return list(Segment.apply_style(parts, style))


def beside(blocks: Sequence[Text | None], width: int) -> Text:
    """Pieces side by side, each in so many cells."""
    line = Text(end="", no_wrap=True)
    for place, block in enumerate(blocks):
        block = block if block is not None else Text()
        if block.cell_len > width - 1 and place < len(blocks) - 1:
            block = block.copy()
            block.truncate(width - 1)
        line.append_text(block)
        if place < len(blocks) - 1:
            line.append(" " * (width * (place + 1) - line.cell_len))
    return line


def same(one: Text, other: Text) -> bool:
    """Rich takes texts for equal that differ in the style of the whole: after a change of theme they do."""
    return one == other and one.style == other.style


def wrap(text: str, width: int) -> list[str]:
    """Words in lines of at most so many cells; of one at least."""
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and cell_len(line) + 1 + cell_len(word) > width:
                lines.append(line)
                line = ""
            line = f"{line} {word}" if line else word
            while cell_len(line) > width:
                part = set_cell_size(line, width)
                lines.append(part)
                line = line[len(part.rstrip(" ")) or width :]
        lines.append(line)
    return lines


def wrap_inked(text: Text, width: int) -> list[Text]:
    """A text in lines, with its colours."""
    if text.cell_len <= width:
        return [text]
    lines, start = [], 0
    for part in wrap(text.plain, width):
        start = text.plain.index(part.strip(), start) if part.strip() else start
        lines.append(text[start : start + len(part)])
        start += len(part.strip())
    return lines


def span(seconds: float) -> str:
    """``00:02:14``, ``3 d 02:14:00``."""
    whole = max(0, int(seconds))
    days, whole = divmod(whole, 86_400)
    clock = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{days} d {clock}" if days else clock


def since(then: datetime | None, now: datetime) -> str:
    """How long ago, as :func:`span`; ``--`` where it is not known."""
    return "--" if then is None else span((now - then).total_seconds())


def minutes(seconds: float) -> str:
    """``0:21``, ``12:05``, ``1:02:03``."""
    whole = max(0, round(seconds))
    hours, whole = divmod(whole, 3600)
    return f"{hours}:{whole // 60:02}:{whole % 60:02}" if hours else f"{whole // 60}:{whole % 60:02}"


def ago(seconds: float) -> str:
    """``12 s``, ``5 min``, ``3 h``."""
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h"


def size(count: float) -> str:
    """``512 B``, ``1.2 MB``."""
    if count < 1_000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1_000
        if count < 1_000:
            return f"{count:.1f} {unit}"
    return f"{count / 1_000:.1f} TB"


def sparkline(values: Sequence[float], width: int, levels: str = BLOCKS) -> str:
    """The last values as heights, newest at the right; the highest of them is full."""
    shown = [max(0.0, value) for value in values[-width:]]
    top = max(shown, default=0.0)
    if top <= 0:
        return levels[0] * len(shown)
    steps = len(levels) - 1
    return "".join(levels[min(steps, round(value / top * steps))] for value in shown)
