"""The live trace: only the rows in sight are made and drawn, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from techtool.station.records import Direction
from techtool.trace import BAD, Filter, Form, Row, Selection, Trace

from .lines import fit
from .look import Look

if TYPE_CHECKING:
    from ..main_screen import MainScreen

WIDE = 120
_REVERSE = Style(reverse=True)


@dataclass(frozen=True, slots=True)
class _Brush:
    """What all lines of one drawing share."""

    width: int
    top: int
    count: int
    base: Style
    look: Look
    cursor: int
    """The record under the cursor, if it shows."""


class TraceView(ScrollView, can_focus=True):
    """Rows of a selection, a cursor, and whether the newest row is followed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, system=True),
        Binding("down,j", "move(1)", "Down", show=False, system=True),
        Binding("pageup", "leaf(-1)", "Page up", show=False, system=True),
        Binding("pagedown", "leaf(1)", "Page down", show=False, system=True),
        Binding("home", "first", "To the oldest", id="trace.first"),
        Binding("end", "follow", "Follow the newest", id="trace.follow"),
        Binding("enter", "choose", "Open the whole message", id="trace.open"),
    ]

    @dataclass
    class Chosen(Message):
        """Enter was pressed on a row."""

        view: TraceView
        number: int

        @property
        def control(self) -> TraceView:
            """The view."""
            return self.view

    class Moved(Message):
        """What is in sight is another part, or whether the newest is followed."""

    def __init__(self, trace: Trace, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.trace = trace
        self.selection = Selection(trace)
        self.following = True
        self.frozen: int | None = None
        """While paused: the number of the last record that is shown."""
        self._cursor = 0
        """The number of the record that the cursor is on; 0 before there is one."""
        self._drawn: tuple[int, int, int, bool] | None = None
        self._choosing = False
        """A filter is at work: which rows are shown is not known yet."""
        self._brush: _Brush | None = None

    # --- what is shown -----------------------------------------------------------------------------------

    def flush(self) -> None:
        """Once a frame: take in what came, move if the newest is followed, draw once."""
        count = self.count
        state = (count, self.trace.last, self.trace.first, self.following)
        if state == self._drawn:
            return
        if self._drawn is None or count != self._drawn[0]:
            self.virtual_size = Size(self.size.width, count)
        self._drawn = state
        if self.following and count:
            self._cursor = self.selection[count - 1]
        if self.following:
            self.scroll_to(y=max(0, count - self.size.height), animate=False, force=True, immediate=True)
        elif self._choosing:
            self._reveal(self.place)
        self._choosing = self._choosing and self.selection.looked < len(self.trace)
        self.refresh()

    def choose(self, filter: Filter | None) -> None:
        """Show what matches; the cursor stays in sight."""
        self.selection.set(filter)
        self._choosing = True
        self.redraw()

    def redraw(self) -> None:
        """The selection or the looks are another."""
        self._drawn = None
        self.flush()

    @property
    def count(self) -> int:
        """Rows shown."""
        if self.frozen is None:
            return len(self.selection)
        return min(len(self.selection), self.selection.place(self.frozen + 1))

    @property
    def waiting(self) -> int:
        """Records that came since the pause."""
        return 0 if self.frozen is None else self.trace.last - self.frozen

    @property
    def below(self) -> int:
        """Rows after the last one in sight."""
        return max(0, self.count - self.scroll_offset.y - self.size.height)

    def pause(self, paused: bool) -> None:
        """Stop the rows, or let them go on where they are now."""
        self.frozen = self.trace.last if paused else None
        if not paused:
            self.following = True
        self.redraw()

    # --- the cursor --------------------------------------------------------------------------------------

    @property
    def number(self) -> int | None:
        """The record that the cursor is on; where a filter hides it, the nearest one that is shown."""
        if not self._cursor or not self.count:
            return None
        number = self.selection[self.place]
        return number if self.trace.first <= number <= self.trace.last else None

    @property
    def place(self) -> int:
        """The place of the cursor among the rows."""
        selection, last = self.selection, max(0, self.count - 1)
        after = min(selection.place(self._cursor), last)
        if not after or selection[after] <= self._cursor:
            return after
        return min(after - 1, after, key=lambda place: abs(selection[place] - self._cursor))

    def go(self, number: int) -> None:
        """Put the cursor on a record, in the middle of the view."""
        self.following = False
        self._cursor = number
        self._drawn = None
        self.flush()
        top = self.place - self.size.height // 2
        self.scroll_to(y=max(0, top), animate=False, force=True, immediate=True)
        self.refresh()

    def _to(self, place: int) -> None:
        count = self.count
        if not count:
            return
        place = min(max(0, place), count - 1)
        self._cursor = self.selection[place]
        self.following = place == count - 1 and self.frozen is None
        self._reveal(place)
        self._drawn = None
        self.flush()
        self.post_message(self.Moved())

    def _reveal(self, place: int) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if place < top:
            top = place
        elif place >= top + height:
            top = place - height + 1
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def action_move(self, step: int) -> None:
        """A row up or down."""
        self._to(self.place + step)

    def action_leaf(self, step: int) -> None:
        """A page up or down."""
        self._to(self.place + step * max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the oldest row."""
        self._to(0)

    def action_follow(self) -> None:
        """To the newest row, and on with it."""
        self._to(self.count - 1)

    def action_choose(self) -> None:
        """Open the row."""
        if (number := self.number) is not None:
            self.post_message(self.Chosen(self, number))

    def on_click(self, event: events.Click) -> None:
        """A click marks a row, a second one opens it."""
        place = event.y + self.scroll_offset.y
        if place >= self.count:
            return
        again = place == self.place
        self._to(place)
        if again:
            self.action_choose()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Who scrolls up with the wheel wants to read."""
        super().watch_scroll_y(old_value, new_value)
        # with more room there is less to scroll: the end is still the end, also of rows that are not drawn yet
        if new_value < old_value and new_value < self.max_scroll_y:
            self.following = False
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Other room, other rows."""
        self.redraw()

    # --- drawing -----------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is the same for all lines is looked up once: each of it costs as much as a line."""
        self._brush = _Brush(
            self.scrollable_content_region.width,
            self.scroll_offset.y,
            self.count,
            self.rich_style,
            cast("MainScreen", self.screen).look,
            self.number or 0 if self.has_focus else 0,
        )
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One row."""
        assert self._brush is not None
        brush = self._brush
        width, base, look = brush.width, brush.base, brush.look
        place = y + brush.top
        if place >= brush.count:
            return Strip.blank(width, base)
        number = self.selection[place]
        try:
            row = self.trace.row(number)
        except KeyError:  # let go of since
            return Strip.blank(width, base)
        before = self.selection[place - 1] if place else 0
        parts = row_parts(row, look, width, marked=number in self.trace.marks, after=before)
        if number == brush.cursor:
            # One plain block in reverse: colours would take its contrast away.
            style = base + _REVERSE
            return Strip([Segment(text, style) for text, _ in parts]).crop_extend(0, width, style)
        return Strip([Segment(text, base + ink) for text, ink in parts]).crop_extend(0, width, base)


def heads(width: int) -> str:
    """The heads of the columns."""
    action, conn, what = _widths(width)
    return f" {'time':<12}dir {fit('action', action)} {'con':<{conn}} {fit('what', what)}   ms"


def _widths(width: int) -> tuple[int, int, int]:
    """Of action, connector, what."""
    action, conn = (34, 5) if width >= WIDE else (20, 3)
    return action, conn, max(8, width - 14 - 3 - action - 1 - conn - 1 - 8)


def label_of(row: Row, after: int) -> str:
    """The action; an answer stands under its question, and right below that one it is said in short."""
    if row.form is not Form.ANSWER:
        return row.label
    return f"  {row.label.removeprefix(row.action) if row.partner == after else row.label}"


def row_parts(
    row: Row, look: Look, width: int, *, marked: bool = False, after: int = 0
) -> list[tuple[str, Style]]:
    """A row in pieces of text and style, so wide in all; ``after`` is the row above it."""
    ink = look.ink
    action, conn, what = _widths(width)
    state = ink.fault if row.flag == BAD else ink.warn if row.flag else ink.text
    sign = "" if row.direction is Direction.NOTE else row.direction.value
    label = label_of(row, after if width < WIDE else 0)
    took = f"{row.ms:.0f}" if row.ms is not None else ""
    said = ink.muted if row.form is Form.NOTE and not row.flag else ink.text
    return [
        ("*" if marked else " ", ink.accent),
        (f"{look.clock(row.at, ms=True)} ", ink.muted),
        (f" {sign:<2}", ink.info if row.direction is Direction.CHARGER else ink.accent),
        (f"{fit(label, action)} ", state if row.flag == BAD else said),
        (f"{fit(row.connector, conn)} ", ink.text),
        (fit(row.what, what), state if row.flag else said),
        (f"{took:>5} ", ink.muted),
        (f"{row.flag:<2}", state),
    ]
