"""The line above every page: who, what, where; how the link is; what is recorded; what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from techtool.station.model import LinkState, Station
from techtool.text import safe

from .opening import TITLE
from .widgets.lines import cut, join, since, size, span
from .widgets.look import Look
from .widgets.station_lines import awaited

if TYPE_CHECKING:
    from .desk import Desk

WIDE = 120
ROOMY = 100


def header(desk: Desk, look: Look, width: int, *, paused: bool = False) -> tuple[Text, Text]:
    """What stands at the left, and what at the right, where it is never cut."""
    station, session, ink = desk.station, desk.session, look.ink
    left = join((TITLE, ink.head))
    right = Text(end="")
    if desk.replay:
        left.append("   replay", ink.warn)
        if desk.reading is not None:
            left.append(f" {desk.reading} %", ink.warn)
    if station is not None:
        _who(left, station, len(session.picture.stations) - 1, look, width)
    elif not desk.replay:
        left.append("   no charger yet")
        right = _waiting(desk, look)
    alarms = ["!! FAULT"] if desk.unseen_faults() else []
    alarms += ["!! not recorded"] if session.trouble is not None else []
    if desk.trace.last and not desk.replay and session.trouble is None and (not alarms or width >= ROOMY):
        recorded = f"   rec {size(desk.trace.bytes)}"
        if left.cell_len + len(recorded) + right.cell_len <= width:
            left.append(recorded)
    for alarm in alarms:
        right.append("  ")
        right.append(alarm, ink.alarm)
        right.append(" ")
    if paused:
        right.append("  PAUSED: space to go on ", ink.warn)
    if width >= WIDE:
        right.append(f"   {look.theme}   {look.clock(look.now)} ")
    return left, right


def banner(desk: Desk, look: Look) -> Text | None:
    """What must be known on every page: the journal cannot be written."""
    trouble = desk.session.trouble
    return Text(f" !! {safe(trouble)} ", look.ink.fault, end="") if trouble is not None else None


def _waiting(desk: Desk, look: Look) -> Text:
    listening = desk.session.listening
    if desk.network.problem is not None:
        return Text("!! not listening ", look.ink.alarm, end="")
    if listening is None:
        return Text(end="")
    return Text(f"listening on {listening.port}, {span(desk.network.listening_s or 0)} ", end="")


def _who(left: Text, station: Station, others: int, look: Look, width: int) -> None:
    link, make, ink = station.link, station.make, look.ink
    wide = width >= WIDE
    left.append(f"   {cut(safe(station.identity), 24 if wide else 14)}", ink.head)
    if others:
        left.append(f" +{others}", ink.info)
    what = " ".join(safe(part) for part in (make.vendor, make.model) if part)
    if what:
        left.append(f"   {cut(what, 36 if wide else 18)}")
    if wide and link.address:
        left.append(f"   {safe(link.address.rsplit(':', 1)[0], 40)}")
    if width >= 80 and link.protocol:
        left.append(f"   {safe(link.protocol, 12)}")
    left.append("   ")
    match link.state:
        case LinkState.CONNECTED:
            left.append("OK", ink.ok)
            left.append(f" {since(link.since, look.now)}")
        case LinkState.LOST if awaited(station, look.now):
            seen = since(link.since, look.now)
            left.append(f".. rebooting, last seen {seen} ago" if width >= ROOMY else f".. rebooting {seen}")
        case LinkState.LOST:
            left.append("!! hung up", ink.fault)
            left.append(f" {since(link.since, look.now)} ago")
        case LinkState.WAITING:
            left.append(".. not connected")
