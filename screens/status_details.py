"""What Enter on the Status page opens: one thing in full, with the records that show it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from techtool.knowledge.faults import explained
from techtool.station.findings import Finding
from techtool.station.measure import figure
from techtool.station.model import Boot, Evse, Link, Station
from techtool.station.silence import silent_s
from techtool.text import safe
from techtool.trace import Form, Row, Trace

from .widgets.lines import fit, since, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line
from .widgets.station_lines import advice, alike, connector_lines, fault_text, lost, name_of, names_of, stands

if TYPE_CHECKING:
    from .main_screen import MainScreen


class RecordAt(NamedTuple):
    """The cursor is on a record: Enter goes to it in the trace."""

    record: int


def events(trace: Trace, identity: str, count: int) -> list[int]:
    """The newest events of a charger, newest first."""
    found: list[int] = []
    for number in reversed(trace.events):
        if number < trace.first or len(found) == count:
            break
        if trace.identity(trace.records[number].connection) == identity:
            found.append(number)
    return found


def answer_words(trace: Trace, row: Row) -> str:
    """What the laptop answered to a request, where that tells something."""
    if row.partner is None or row.partner < row.number or row.partner < trace.first:
        return ""
    answer = trace.row(row.partner)
    return answer.what if answer.form is Form.ANSWER else ""


def about(station: Station, key: Hashable, main: MainScreen) -> tuple[str, list[Line]]:
    """Title and lines of what the cursor is on; no lines where there is nothing to tell."""
    from .status import At, EventAt, FaultAt, FindingAt

    look, trace, width = main.look, main.desk.trace, min(110, main.size.width - 8)
    match key:
        case At("link"):
            return "Link", _link(station, look, width)
        case At("boot") | At("make"):
            return "Boot and firmware", _make(station, look)
        case At("evse", place) if place in station.evses:
            evse = station.evses[place]
            return name_of(evse), _evse(station, evse, look, width, trace)
        case FaultAt(place, _) if place in station.evses:
            return f"Fault on {name_of(station.evses[place])}", _fault(station, key, look, width, trace)
        case FindingAt(code, subject) if (code, subject) in station.findings:
            return "Finding", _finding(station.findings[code, subject], look, width, trace)
        case EventAt(record) if record >= trace.first:
            return "Event", _record(trace, record, look, width)
    return "", []


def _pairs(*pairs: tuple[str, str | None]) -> list[Line]:
    return [line(f" {label:<16} {value}") for label, value in pairs if value]


def _link(station: Station, look: Look, width: int) -> list[Line]:
    link = station.link
    lines = _pairs(
        ("identity", safe(station.identity, 80)),
        ("state", f"{link.state.value}{', but silent' if silent_s(link, look.now) is not None else ''}"),
        ("since", f"{look.clock(link.since)}, {since(link.since, look.now)}"),
        *(_port(link) if link.at_a_port else _upgrade(link)),
        ("last heard", f"{since(link.heard, look.now)} ago"),
        *([] if link.at_a_port else _keeping(link, look)),
    )
    if link.loss is not None:
        lines += [line(""), *(line(f" {one}") for one in wrap(lost(station, look), width))]
        if link.loss.silent_s is not None:
            lines.append(line(f" It had been silent for {link.loss.silent_s:.0f} s."))
    return lines


def _port(link: Link) -> list[tuple[str, str | None]]:
    """Of a service port: it has no handshake."""
    return [
        ("port", safe(link.address or "--", 60)),
        ("protocol", safe(link.protocol or "--", 30)),
        ("links so far", str(link.connections)),
    ]


def _upgrade(link: Link) -> list[tuple[str, str | None]]:
    """What the handshake told."""
    return [
        ("address", safe(link.address or "--", 60)),
        ("path", safe(link.path or "--", 200)),
        ("protocol", safe(link.protocol or "--", 30)),
        ("offered", ", ".join(safe(one, 30) for one in link.offered) or "nothing (out of spec)"),
        ("user name", safe(link.user, 80) if link.user else "none sent"),
    ]


def _keeping(link: Link, look: Look) -> list[tuple[str, str | None]]:
    """How a WebSocket is kept."""
    answered = f"{link.ping_ms:.0f} ms, {since(link.ponged, look.now)} ago" if link.ping_ms is not None else None
    return [
        ("ping", answered or "not answered, so none are sent"),
        ("links so far", f"{link.connections}, {link.takeovers} while an older one stood"),
    ]


def _make(station: Station, look: Look) -> list[Line]:
    make, boot = station.make, station.boot
    lines = _pairs(
        *(
            (label, safe(value, 60) if value else "--")
            for label, value in (
                ("vendor", make.vendor),
                ("model", make.model),
                ("serial", make.serial),
                ("box serial", make.box_serial),
                ("firmware", make.firmware),
                ("iccid", make.iccid),
                ("imsi", make.imsi),
                ("meter type", make.meter_type),
                ("meter serial", make.meter_serial),
            )
            if value or not station.link.at_a_port
        )
    )
    if boot is not None:
        answered = () if station.link.at_a_port else _answered(boot)
        lines += [
            line(""),
            *_pairs(("last boot", look.clock(boot.at)), *answered, ("boots so far", str(boot.count))),
        ]
    if station.clock is not None:
        told = f"{station.clock.offset_s:+.1f} s against this laptop, at {look.clock(station.clock.at)}"
        lines += _pairs(("clock", told))
    return lines


def _answered(boot: Boot) -> tuple[tuple[str, str], ...]:
    """How a BootNotification was answered."""
    return (
        ("answered", boot.status or "not yet"),
        ("reason", safe(boot.reason, 40) if boot.reason else "none sent"),
        ("asked for", "yes, by techtool" if boot.triggered else "no"),
    )


def _evse(station: Station, evse: Evse, look: Look, width: int, trace: Trace) -> list[Line]:
    powers = trace.powers(station.link.connection, str(evse.id), 40)
    standing = stands(station, look)
    lines = [line(one) for one in connector_lines(evse, look, powers, width, standing=standing)]
    for found, members in alike(station, [(evse, one) for one in evse.connectors.values() if one.faulted]):
        if found is not None:
            about = names_of(members) if len(members) > 1 else ""
            lines += [line(""), *(line(f" {one}") for one in advice(found, width, about))]
    for connector in evse.connectors.values():
        if connector.info:
            lines += [line(f" {one}") for one in wrap(f"info     {safe(connector.info)}", width - 1)]
    if evse.readings:
        lines += [line(""), line(Text(" All readings, with the charger's time", look.ink.head, end=""))]
    for key, reading in evse.readings.items():
        where = " ".join(part for part in (key.phase, key.location) if part)
        told = f"{safe(reading.text, 20)} {safe(reading.unit or '', 10)}"
        sampled = look.clock(reading.sampled) if reading.sampled else ""
        lines.append(
            line(f" {fit(safe(key.measurand, 40), 31)} {fit(safe(where, 20), 11)} {fit(told, 18)} {sampled}")
        )
    past = [one for one in station.past if one.evse == evse.id]
    if past:
        lines += [line(""), line(Text(" Ended transactions", look.ink.head, end=""))]
    for one in reversed(past[-10:]):
        energy = f"{figure(one.energy_wh / 1000, 3)} kWh" if one.energy_wh is not None else "energy unknown"
        told = f"tx {safe(one.id, 36)}  {safe(one.id_token or '', 20)}  {energy}  {safe(one.reason or '', 20)}"
        lines.append(line(f" {look.clock(one.ended)}  {told}"))
    return lines


def _fault(station: Station, key: Hashable, look: Look, width: int, trace: Trace) -> list[Line]:
    from .status import FaultAt

    assert isinstance(key, FaultAt)
    evse = station.evses[key.evse]
    connector = evse.connectors.get(key.connector)
    if connector is None:
        return []
    lines = [line(f" {one}") for one in wrap(fault_text(evse, connector, look), width)]
    found = explained(station, connector)
    if found is None:
        lines += [line(""), line(" This code is not in techtool's list: the maker's manual has it.")]
    else:
        lines += [line(""), *(line(f" {one}") for one in advice(found, width))]
    if found is not None and found.source:
        lines += [
            line(""),
            *(line(Text(f" {one}", look.ink.muted, end="")) for one in wrap(f"Source: {found.source}", width)),
        ]
    shown = [one for one in station.findings.values() if one.code.value == "charger-fault"]
    numbers = sorted({number for one in shown for number in one.records if one.subject.startswith(f"{evse.id}/")})
    return lines + _records(trace, numbers, look, width)


def _finding(finding: Finding, look: Look, width: int, trace: Trace) -> list[Line]:
    return [
        *(line(f" {one}") for one in wrap(safe(finding.text), width)),
        line(""),
        *_pairs(
            ("kind", finding.code.value),
            ("severity", finding.severity.value),
            ("seen", f"{finding.count:,} times" if finding.count > 1 else "once"),
            ("first", look.clock(finding.first)),
            ("last", look.clock(finding.last)),
        ),
        *_records(trace, finding.records, look, width),
    ]


def _records(trace: Trace, numbers: list[int] | tuple[int, ...], look: Look, width: int) -> list[Line]:
    kept = [number for number in numbers if trace.first <= number <= trace.last]
    if not kept:
        return []
    lines = [line(""), line(Text(" Records that show it: Enter goes to one", look.ink.head, end=""))]
    return lines + [one for number in kept for one in _record(trace, number, look, width)]


def _record(trace: Trace, number: int, look: Look, width: int) -> list[Line]:
    row = trace.row(number)
    text = f"   {look.clock(row.at, ms=True)}  {row.direction.value}  {fit(row.label, 22)}  {row.what}"
    return [line(fit(text, width), RecordAt(number), start=2, end=width)]
