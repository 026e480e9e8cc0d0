"""The line above every page: who, what, where; how the link is; what is recorded; what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from techtool.station.model import LinkState, Station
from techtool.station.silence import silent_s
from techtool.text import safe

from .opening import TITLE
from .widgets.lines import cut, join, since, size, span, wrap
from .widgets.look import Look
from .widgets.station_lines import awaited

if TYPE_CHECKING:
    from .desk import Desk

WIDE = 120
ROOMY = 100


class _Room(NamedTuple):
    """What the line has room for."""

    make: bool = True
    identity: int = 14
    """Columns of the charger's name."""
    way_out: bool = True
    """How to end the pause."""
    protocol: bool = True
    faulty: int = 14
    """Columns of the name of another charger with a fault."""
    trouble: bool = True
    """That nothing is recorded; the banner says it, too."""


_ROOMS = (
    _Room(),
    *(_Room(make=False, identity=columns) for columns in (14, 10, 6)),
    _Room(make=False, identity=6, way_out=False),
    _Room(make=False, identity=6, way_out=False, protocol=False),
    _Room(make=False, identity=6, way_out=False, protocol=False, faulty=6),
    _Room(make=False, identity=6, way_out=False, protocol=False, faulty=6, trouble=False),
)
"""From the most to the least: how the link is must be seen in all of them."""


def header(desk: Desk, look: Look, width: int, *, paused: bool = False) -> tuple[Text, Text]:
    """What stands at the left, and what at the right, where it is never cut."""
    widest = _Room(identity=24) if width >= WIDE else _ROOMS[0]
    faulty = desk.unseen_faults()
    for room in (widest, *_ROOMS[1:]):
        left, right = _left(desk, look, width, room), _right(desk, look, width, room, faulty, paused=paused)
        if left.cell_len + right.cell_len <= width:
            break
    quiet = desk.session.trouble is None and not desk.replay and (not faulty or width >= ROOMY)
    if desk.trace.last and quiet:
        recorded = f"   rec {size(desk.trace.bytes)}"
        if left.cell_len + len(recorded) + right.cell_len <= width:
            left.append(recorded)
    return left, right


def _left(desk: Desk, look: Look, width: int, room: _Room) -> Text:
    station, ink = desk.station, look.ink
    left = join((TITLE, ink.head))
    if desk.replay:
        left.append("   replay", ink.warn)
        if desk.reading is not None:
            left.append(f" {desk.reading} %", ink.warn)
    if station is not None:
        _who(left, station, len(desk.session.picture.stations) - 1, look, width, room)
    elif not desk.replay:
        left.append("   no charger yet")
    return left


def _right(desk: Desk, look: Look, width: int, room: _Room, faulty: list[str], *, paused: bool) -> Text:
    right = Text(end="")
    if desk.station is None and not desk.replay:
        right = _waiting(desk, look)
    for state, words in desk.live.jobs.in_header:
        right.append_text(join("  ", look.word(state), f" {words} "))
    alarms = [_fault(faulty, desk.station, room)] if faulty else []
    alarms += ["!! not recorded"] if desk.session.trouble is not None and room.trouble else []
    for alarm in alarms:
        right.append("  ")
        right.append(alarm, look.ink.alarm)
        right.append(" ")
    if paused:
        right.append("  PAUSED: space to go on " if room.way_out else "  PAUSED ", look.ink.warn)
    if width >= WIDE:
        right.append(f"   {look.theme}   {look.clock(look.now)} ")
    return right


def _fault(faulty: list[str], shown: Station | None, room: _Room) -> str:
    """Of another charger than the one that is shown it says whose it is."""
    if shown is not None and shown.identity in faulty:
        return "!! FAULT"
    more = f" +{len(faulty) - 1}" if len(faulty) > 1 else ""
    return f"!! FAULT {cut(safe(faulty[0]), room.faulty)}{more}"


def banner(desk: Desk, look: Look, width: int) -> Text | None:
    """What must be known on every page: the journal cannot be written, or nobody new can come in."""
    trouble = desk.session.trouble or desk.session.crowded
    if trouble is None:
        return None
    lines = "\n    ".join(wrap(safe(trouble), max(20, width - 5)))
    return Text(f" !! {lines} ", look.ink.fault, end="")


def _waiting(desk: Desk, look: Look) -> Text:
    listening = desk.session.listening
    if desk.network.problem is not None:
        return Text("!! not listening ", look.ink.alarm, end="")
    if listening is None:
        return Text(end="")
    return Text(f"listening on {listening.port}, {span(desk.network.listening_s or 0)} ", end="")


def _who(left: Text, station: Station, others: int, look: Look, width: int, room: _Room) -> None:
    link, make, ink = station.link, station.make, look.ink
    wide = width >= WIDE
    left.append(f"   {cut(safe(station.identity), room.identity)}", ink.head)
    if others:
        left.append(f" +{others}", ink.info)
    what = " ".join(safe(part) for part in (make.vendor, make.model) if part)
    if what and room.make:
        left.append(f"   {cut(what, 36 if wide else 18)}")
    if wide and room.make and link.address:
        left.append(f"   {safe(link.address.rsplit(':', 1)[0], 40)}")
    if width >= 80 and room.protocol and link.protocol:
        left.append(f"   {safe(link.protocol, 12)}")
    left.append("   ")
    match link.state:
        case LinkState.CONNECTED if (silent := silent_s(link, look.now)) is not None:
            left.append(f"!  silent {span(silent)}", ink.warn)
        case LinkState.CONNECTED:
            left.append("OK", ink.ok)
            left.append(f" {since(link.since, look.now)}")
        case LinkState.LOST if awaited(station, look.now):
            seen = since(link.since, look.now)
            left.append(f".. rebooting, last seen {seen} ago" if width >= ROOMY else f".. rebooting {seen}")
        case LinkState.LOST:
            left.append("!! port lost" if link.loss and link.loss.by == "port" else "!! hung up", ink.fault)
            left.append(f" {since(link.since, look.now)} ago")
        case LinkState.WAITING:
            left.append(".. not connected")
