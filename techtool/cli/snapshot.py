"""A station in words, as ``techtool status`` and ``trace replay --status`` print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from techtool.cli import documents, output

if TYPE_CHECKING:
    from techtool.knowledge import Explanation
    from techtool.station.model import Connector, Evse, Reading, Station

NO_CONNECTOR = "no connector told its status"


def show(station: Station) -> None:
    """The snapshot, a line for each thing that is known."""
    from techtool.text import safe

    for name, words in _rows(station):
        output.say(f"{name:<10}{safe(words)}".rstrip())


def _rows(station: Station) -> Iterator[tuple[str, str]]:
    make, link, boot = station.make, station.link, station.boot
    yield "charger", _words(station.identity, make.vendor, make.model)
    yield "firmware", _words(make.firmware or "--", f"serial {make.serial}" if make.serial else None)
    yield "link", _words(link.state.value, link.protocol, link.address)
    if boot is not None and not link.answers_boots:
        yield "boot", f"told {documents.time(boot.at)}"
    elif boot is not None:
        yield "boot", _words(boot.status or "not answered", f"reason: {boot.reason or 'none sent'}")
    else:
        yield "boot", "none on this link"
    yield "clock", f"{station.clock.offset_s:+.1f} s" if station.clock else "--"
    for name, progress in (("update", station.firmware), ("log", station.logs)):
        if progress is not None:
            yield name, _words(progress.status, f"told {documents.time(progress.at)}")
    told: set[Explanation] = set()
    for number, evse in sorted(station.evses.items()):
        name = f"EVSE {number}" if number else "station"
        for place, words in enumerate(_evse(station, evse, told)):
            yield "" if place else name, words
    for finding in sorted(station.findings.values(), key=lambda one: one.first):
        often = f"({finding.count}x)" if finding.count > 1 else None
        yield "finding", _words(f"{finding.severity.value}: {finding.text}", often)


def _evse(station: Station, evse: Evse, told: set[Explanation]) -> Iterator[str]:
    """``told`` are the explanations above: each is said once."""
    from techtool.knowledge.faults import explained

    for _, connector in sorted(evse.connectors.items()):
        yield _connector(connector)
        if (found := explained(station, connector)) is not None and found not in told:
            told.add(found)
            yield from _explanation(found)
    if evse.id and not evse.connectors:
        yield NO_CONNECTOR
    yield from _meter(evse)
    if (transaction := evse.transaction) is not None:
        charged = _kwh(transaction.energy_wh)
        if charged is None and transaction.register_wh is not None:
            charged = "energy unknown"
        token = f"token {transaction.id_token or '--'}"
        yield _words(f"transaction {transaction.id}", transaction.state, token, charged)


def _connector(connector: Connector) -> str:
    error = connector.error if connector.error not in (None, "NoError") else None
    return _words(f"connector {connector.id}", connector.status, error, connector.vendor_error, connector.info)


def _explanation(found: Explanation) -> Iterator[str]:
    """What a fault means, and what to do about it."""
    yield f"  {found.meaning}." + (f" Likely: {found.causes}." if found.causes else "")
    if found.check:
        yield f"  Check first: {found.check}"


def _meter(evse: Evse) -> Iterator[str]:
    from techtool.station import measure

    readings = evse.readings
    for phase in ("L1", "L2", "L3", None):
        amps = measure.at_phase(readings, measure.CURRENT, phase)
        volts = measure.at_phase(readings, measure.VOLTAGE, phase)
        if told := _words(_value(amps, "A", 1), _value(volts, "V", 0)):
            yield _words(phase, told, _old(evse, measure.CURRENT, measure.VOLTAGE, phase=phase))
    if (power := measure.total(readings, measure.POWER)) is not None:
        yield _words(f"{measure.figure(power / 1000, 2)} kW", _old(evse, measure.POWER))
    if (energy := measure.register_wh(readings)) is not None:
        yield _words(f"{_kwh(energy)} on the meter", _old(evse, measure.ENERGY))
    if (charge := measure.at_phase(readings, measure.SOC, None)) is not None and charge.value is not None:
        yield _words(f"{measure.figure(charge.value, 0)} % in the car", _old(evse, measure.SOC))


def _value(reading: Reading | None, unit: str, digits: int) -> str | None:
    from techtool.station import measure

    value = measure.base(reading) if reading is not None else None
    return f"{measure.figure(value, digits)} {unit}" if value is not None else None


def _kwh(wh: float | None) -> str | None:
    from techtool.station import measure

    return f"{measure.figure(wh / 1000, 3)} kWh" if wh is not None else None


def _old(evse: Evse, *measurands: str, phase: str | None = None) -> str | None:
    from techtool.station import measure

    if not measure.lags(evse, *measurands, phase=phase):
        return None
    return f"({measure.lag_s(evse, *measurands, phase=phase):.0f} s older than its other values)"


def _words(*parts: str | None) -> str:
    return "  ".join(part for part in parts if part)
