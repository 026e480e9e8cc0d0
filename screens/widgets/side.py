"""The column beside the pages on a wide screen: the charger now, and the last rows of the trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from techtool.station.model import Link
from techtool.station.silence import silent_s
from techtool.trace import BAD

from .bars import Bar, Rule
from .lines import fit, join, since
from .look import Look
from .sheet import Line, Sheet, line
from .station_lines import live_lines
from .trace_view import label_of

if TYPE_CHECKING:
    from ..main_screen import MainScreen

WIDTH = 60
TIMED, LABEL = 16, 19
"""Columns for time and direction, and for what it is: of StatusNotification every letter."""


def _heard(link: Link, look: Look) -> Text:
    """When something came last, and whether that is too long ago."""
    if link.heard is None:
        return Text(end="")
    told = f"heard {since(link.heard, look.now)} ago "
    late = silent_s(link, look.now) is not None
    return Text(f"! {told}", look.ink.warn, end="") if late else Text(told, look.ink.muted, end="")


class Side(Vertical):
    """Live status on top, the trace's end below."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Bar(id="live-head")
        yield Sheet(id="live")
        yield Rule()
        yield Bar(id="tail-head")
        yield Sheet(id="tail")

    def on_mount(self) -> None:
        """It is looked at, never stepped into."""
        for sheet in self.query(Sheet):
            sheet.can_focus = False

    def on_resize(self) -> None:
        """As many rows as there is room for now: until it is laid out, that is not known."""
        self.tick()

    @property
    def _main(self) -> MainScreen:
        return cast("MainScreen", self.screen)

    def tick(self) -> None:
        """Bring it up to date."""
        desk, look = self._main.desk, self._main.look
        station, trace = desk.station, desk.trace
        ink = look.ink
        if station is None:
            live = [line(" No charger yet.")]
            heard = Text(end="")
        else:
            powers = {
                evse: trace.powers(station.link.connection, str(evse), WIDTH) for evse in station.evses if evse
            }
            live = [line(one) for one in live_lines(station, look, powers, WIDTH - 1)]
            heard = _heard(station.link, look)
        self.query_one("#live-head", Bar).show(Text(" Live", ink.head, end=""), heard)
        self.query_one("#live", Sheet).show(live)
        self.query_one("#tail-head", Bar).show(join((" Trace", ink.head), f"   {len(trace):,}"))
        sheet = self.query_one("#tail", Sheet)
        sheet.show(self._tail(max(1, sheet.size.height)))

    def _tail(self, count: int) -> list[Line]:
        trace, look = self._main.desk.trace, self._main.look
        lines = []
        first = max(trace.first, trace.last - count + 1)
        for number in range(first, trace.last + 1):
            row = trace.row(number)
            took = f" {row.ms:.0f} ms" if row.ms is not None else ""
            style = look.ink.fault if row.flag == BAD else look.ink.warn if row.flag else look.ink.text
            said = WIDTH - 1 - TIMED - LABEL - 1 - len(took)
            text = join(
                (f" {look.clock(row.at, ms=True)} {row.direction.value} ", look.ink.muted),
                (fit(label_of(row, number - 1 if number > first else 0), LABEL), style),
                (f" {fit(row.what, said)}{took}", look.ink.text),
            )
            lines.append(line(text))
        return lines
