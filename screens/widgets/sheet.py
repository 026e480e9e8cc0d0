"""A page of lines with a cursor: arrows go from one marked thing to the next, Enter chooses it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from .lines import join, same, segments, wrap

_REVERSE = Style(reverse=True)


class Target(NamedTuple):
    """A thing on a line, between two columns, that can be chosen."""

    start: int
    end: int
    key: Hashable
    """Says what it is, and lets the cursor find it again when the lines change."""


class Line(NamedTuple):
    """One line of a sheet."""

    text: Text
    targets: tuple[Target, ...] = ()


def line(text: Text | str, key: Hashable | None = None, *, start: int = 1, end: int = 10_000) -> Line:
    """A line that is one thing as a whole, or just text."""
    shown = text if isinstance(text, Text) else Text(text, no_wrap=True, end="")
    return Line(shown, () if key is None else (Target(start, end, key),))


def sentence(text: str, width: int, style: Style | None = None) -> list[Line]:
    """Words in as many lines as they need."""
    return [line(join((f" {one}", style))) for one in wrap(text, width - 2)]


def _same_look(one: Line, other: Line) -> bool:
    return same(one.text, other.text)


class Sheet(ScrollView, can_focus=True):
    """Lines that are replaced as a whole; only what changed is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, system=True),
        Binding("down,j", "move(1)", "Down", show=False, system=True),
        Binding("left,h", "aside(-1)", "Left", show=False, system=True),
        Binding("right,l", "aside(1)", "Right", show=False, system=True),
        Binding("pageup", "leaf(-1)", "Page up", show=False, system=True),
        Binding("pagedown", "leaf(1)", "Page down", show=False, system=True),
        Binding("home", "edge(-1)", "Top", show=False, system=True),
        Binding("end", "edge(1)", "End", show=False, system=True),
        Binding("enter", "choose", "Open the marked thing", id="open"),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a thing, or it was clicked."""

        sheet: Sheet
        key: Hashable

        @property
        def control(self) -> Sheet:
            """The sheet."""
            return self.sheet

    @dataclass
    class Moved(Message):
        """The cursor is on another thing."""

        sheet: Sheet

        @property
        def control(self) -> Sheet:
            """The sheet."""
            return self.sheet

    def __init__(self, *, id: str | None = None, classes: str | None = None, marks_always: bool = False) -> None:
        super().__init__(id=id, classes=classes)
        self._marks_always = marks_always
        self._lines: Sequence[Line] = ()
        self._key: Hashable | None = None
        self._spot: tuple[int, int] = (0, 0)

    # --- content -----------------------------------------------------------------------------------------

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines; the cursor stays on what it was on."""
        if lines == self._lines and all(map(_same_look, lines, self._lines)):
            return
        self._lines = lines
        width = max((one.text.cell_len for one in lines), default=0)
        self.virtual_size = Size(width if self.allow_horizontal_scroll else 0, len(lines))
        self._find_cursor()
        self.refresh()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines

    @property
    def room(self) -> int:
        """Columns that lines have."""
        return self.scrollable_content_region.width

    @property
    def key(self) -> Hashable | None:
        """The thing that the cursor is on."""
        return self._key

    @property
    def plain(self) -> str:
        """All lines as text."""
        return "\n".join(one.text.plain.rstrip() for one in self._lines)

    def go(self, key: Hashable) -> None:
        """Put the cursor on a thing, if it is there."""
        self._key = key
        self._find_cursor()
        self._reveal()
        self.refresh()

    def _spots(self) -> list[tuple[int, Target]]:
        return [(y, target) for y, one in enumerate(self._lines) for target in one.targets]

    def _find_cursor(self) -> None:
        spots = self._spots()
        if not spots:
            self._key = None
            return
        same = [(y, target) for y, target in spots if target.key == self._key]
        near = same or sorted(
            spots, key=lambda one: (abs(one[0] - self._spot[0]), abs(one[1].start - self._spot[1]))
        )
        self._place(*near[0])

    def _place(self, y: int, target: Target) -> None:
        if target.key != self._key:
            self._key = target.key
            self.post_message(self.Moved(self))
        self._spot = (y, target.start)

    def _reveal(self) -> None:
        spots = self._spots()
        if not spots:
            return
        y, height, top = self._spot[0], max(1, self.size.height), self.scroll_offset.y
        if y == spots[0][0] and y < height:
            top = 0
        elif y == spots[-1][0] and len(self._lines) - y <= height:
            top = max(0, len(self._lines) - height)
        elif y < top:
            top = y
        elif y >= top + height:
            top = y - height + 1
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    # --- keys --------------------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """To the next thing above or below; where there is none, the lines move."""
        here, column = self._spot
        beyond = [(y, target) for y, target in self._spots() if (y - here) * step > 0]
        if self._key is None or not beyond:
            self.scroll_relative(y=step, animate=False, immediate=True)
            return
        row = min(beyond, key=lambda one: abs(one[0] - here))[0]
        same_row = [one for one in beyond if one[0] == row]
        self._place(*min(same_row, key=lambda one: abs(one[1].start - column)))
        self._reveal()
        self.refresh()

    def action_aside(self, step: int) -> None:
        """To the next thing on the line."""
        here, column = self._spot
        beyond = [one for one in self._spots() if one[0] == here and (one[1].start - column) * step > 0]
        if beyond:
            self._place(*min(beyond, key=lambda one: abs(one[1].start - column)))
            self.refresh()

    def action_leaf(self, step: int) -> None:
        """A page up or down."""
        target = self._spot[0] + step * max(1, self.size.height - 1)
        spots = self._spots()
        if spots:
            self._place(*min(spots, key=lambda one: abs(one[0] - target)))
            self._reveal()
            self.refresh()
        else:
            self.scroll_relative(y=step * max(1, self.size.height - 1), animate=False, immediate=True)

    def action_edge(self, step: int) -> None:
        """To the first or the last thing."""
        if spots := self._spots():
            self._place(*spots[0 if step < 0 else -1])
        self.scroll_to(y=0 if step < 0 else len(self._lines), animate=False, immediate=True)
        self.refresh()

    def action_choose(self) -> None:
        """Open what the cursor is on."""
        if self._key is not None:
            self.post_message(self.Chosen(self, self._key))

    def on_click(self, event: events.Click) -> None:
        """The mouse does what the arrows and Enter do."""
        y = event.y + self.scroll_offset.y
        for target in self._lines[y].targets if y < len(self._lines) else ():
            if target.start - 2 <= event.x < target.end:
                self._place(y, target)
                self.refresh()
                self.action_choose()
                return

    # --- drawing -----------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        if self._key is not None and self.has_focus:
            self._reveal()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width, base = self.size.width, self.rich_style
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(width, base)
        one = self._lines[index]
        text = one.text
        if (self.has_focus or self._marks_always) and index == self._spot[0]:
            text = self._marked(one, width)
        return Strip(segments(text, base, self.app.console)).crop_extend(0, width, base)

    def _marked(self, one: Line, width: int) -> Text:
        """The line with the cursor on it."""
        text = one.text
        for target in one.targets:
            if target.key != self._key:
                continue
            text = text.copy()
            end = min(target.end, width)
            if text.cell_len < end:
                text.append(" " * (end - text.cell_len))
            if target.start >= 1 and text.plain[target.start - 1 : target.start] == " ":
                text = join(text[: target.start - 1], ">", text[target.start :])
            # One plain block in reverse: colours would take its contrast away.
            part = Text(text.plain[target.start : end], _REVERSE, end="")
            text = join(text[: target.start], part, text[end:])
        return text
