"""The line above every page: who, what, where; how the link is; what is recorded; what is wrong."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from rich.text import Text

from techtool import __version__
from techtool.station.model import LinkState, Station
from techtool.text import safe

from .widgets.lines import cut, join, since, size, span
from .widgets.look import Look

if TYPE_CHECKING:
    from .app import TechtoolApp

WIDE = 120
ROOMY = 100


def header(app: TechtoolApp, width: int) -> tuple[Text, Text]:
    """What stands at the left, and what at the right, where it is never cut."""
    look, station, session = app.look, app.station, app.session
    ink = look.ink
    left = join((f" techtool {__version__.removesuffix('.0')}", ink.head))
    right = Text(end="")
    if app.replay:
        left.append("   replay", ink.warn)
    if station is not None:
        _who(left, station, len(session.picture.stations) - 1, look, width)
    elif not app.replay:
        left.append("   no charger yet")
        right = _waiting(app, look)
    alarms = ["!! FAULT"] if app.unseen_faults() else []
    alarms += ["!! not recorded"] if session.trouble is not None else []
    if app.trace.last and not app.replay and session.trouble is None and (not alarms or width >= ROOMY):
        recorded = f"   rec {size(app.trace.bytes)}"
        if left.cell_len + len(recorded) + right.cell_len <= width:
            left.append(recorded)
    for alarm in alarms:
        right.append("  ")
        right.append(alarm, ink.alarm)
        right.append(" ")
    if width >= WIDE:
        right.append(f"   {app.theme}   {look.clock(look.now)} ")
    return left, right


def banner(app: TechtoolApp) -> Text | None:
    """What must be known on every page: the journal cannot be written."""
    trouble = app.session.trouble
    return Text(f" !! {safe(trouble)} ", app.look.ink.fault, end="") if trouble is not None else None


def _waiting(app: TechtoolApp, look: Look) -> Text:
    listening = app.session.listening
    if app.network.problem is not None:
        return Text("!! not listening ", look.ink.alarm, end="")
    if listening is None:
        return Text(end="")
    return Text(f"listening on {listening.port}, {span(app.network.listening_s or 0)} ", end="")


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
        case LinkState.LOST:
            left.append("!! hung up", ink.fault)
            left.append(f" {since(link.since, look.now)} ago")
        case LinkState.WAITING:
            left.append(".. not connected")


def fault_keys(station: Station) -> list[Hashable]:
    """What tells the faults of a charger from later ones."""
    return [
        (station.identity, evse.id, connector.id, connector.error, connector.vendor_error, connector.since)
        for evse, connector in station.faults
    ]
