"""``apply(station, change, stamp)``: the one place where the picture of a charger changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from techtool.station import changes as c
from techtool.station import transactions
from techtool.station.changes import Change, Stamp
from techtool.station.findings import EVIDENCE, Finding
from techtool.station.model import (
    Boot,
    Clock,
    Connector,
    Evse,
    Link,
    LinkState,
    Loss,
    Make,
    Progress,
    Reading,
    ReadingKey,
    Station,
)

READINGS_KEPT = 500
LATE_S = 60.0
"""For so long an older sample than the last one is one out of a queue; after that, a clock was set back."""
INSTALLING = frozenset({"Installing", "InstallRebooting"})
"""Firmware statuses after which the link goes away for a while."""
SUBJECTS_KEPT = 100
"""Findings of one code; what is found beyond them is counted together."""
OTHERS = "and others"
"""What those are about that are counted together."""


def apply(station: Station, change: Change, stamp: Stamp) -> Station:
    """The station after ``change``. Pure: the same arguments always give the same station."""
    return _STEPS[type(change)](station, change, stamp)


def _linked(station: Station, change: c.Linked, stamp: Stamp) -> Station:
    old = station.link
    link = Link(
        state=LinkState.CONNECTED,
        connection=change.connection,
        protocol=change.protocol,
        offered=change.offered,
        address=change.address,
        path=change.path,
        user=change.user,
        since=stamp.at,
        heard=stamp.at,
        heartbeat_interval=old.heartbeat_interval,
        connections=old.connections + 1,
        takeovers=old.takeovers + (old.state is LinkState.CONNECTED),
    )
    return station._replace(link=link)


def _unlinked(station: Station, change: c.Unlinked, stamp: Stamp) -> Station:
    link = station.link
    if link.connection != change.connection:
        return station  # an older socket ended after a newer one had taken over
    rebooting = change.rebooting or _installs(station)
    loss = Loss(stamp.at, change.code, change.reason, change.by, change.silent_s, rebooting)
    return station._replace(link=link._replace(state=LinkState.LOST, since=stamp.at, loss=loss))


def _installs(station: Station) -> bool:
    """It was installing firmware, and has not booted since."""
    boot, firmware = station.boot, station.firmware
    return firmware is not None and firmware.status in INSTALLING and (boot is None or boot.at <= firmware.at)


def _heard(station: Station, change: c.Heard, stamp: Stamp) -> Station:
    if station.link.connection != change.connection:
        return station
    return station._replace(link=station.link._replace(heard=stamp.at))


def _ponged(station: Station, change: c.Ponged, stamp: Stamp) -> Station:
    return station._replace(link=station.link._replace(ping_ms=change.ms, ponged=stamp.at))


def _booted(station: Station, change: c.Booted, stamp: Stamp) -> Station:
    count = station.boot.count if station.boot else 0
    boot = Boot(stamp.at, None, change.reason, change.triggered, count + (not change.triggered))
    station = _described(station, change, stamp)._replace(boot=boot)
    if change.triggered:
        return station
    for evse in station.evses.values():
        if evse.transaction is not None and not evse.transaction.unsure:
            station = station.put(evse._replace(transaction=evse.transaction._replace(unsure=True)))
    return station


def _described(station: Station, change: c.Booted | c.Described, stamp: Stamp) -> Station:
    old, new = station.make, change.make
    return station._replace(make=Make(**{name: getattr(new, name) or getattr(old, name) for name in Make._fields}))


def _boot_answered(station: Station, change: c.BootAnswered, stamp: Stamp) -> Station:
    boot = replace(station.boot, status=change.status) if station.boot else None
    link = station.link._replace(heartbeat_interval=change.interval)
    return station._replace(boot=boot, link=link)


def _heartbeat(station: Station, change: c.Heartbeat, stamp: Stamp) -> Station:
    return station._replace(link=station.link._replace(heartbeat=stamp.at))


def _clock_read(station: Station, change: c.ClockRead, stamp: Stamp) -> Station:
    return station._replace(clock=Clock(change.offset_s, stamp.at))


def _status_said(station: Station, change: c.StatusSaid, stamp: Stamp) -> Station:
    evse = station.evse(change.evse)
    whole = change.connector is None
    # An EVSE has a connector, and the first one is connector 1.
    ids = (change.connector,) if change.connector is not None else tuple(evse.connectors) or (1,)
    old = {id: evse.connectors.get(id) or Connector(id, whole=whole) for id in ids}
    said = {id: _said(one, change, stamp) for id, one in old.items() if not (whole and _knows_better(one, change))}
    return station.put(evse._replace(connectors={**evse.connectors, **said}))


def _knows_better(connector: Connector, change: c.StatusSaid) -> bool:
    """It told its status itself. Only what keeps every connector of the EVSE from working is true of it, too."""
    return change.status not in (None, "Faulted", "Unavailable") and not connector.whole


def _said(old: Connector, change: c.StatusSaid, stamp: Stamp) -> Connector:
    new = old._replace(since=change.since or stamp.at, repeats=0)
    if change.status is not None:
        # What it had told itself stays its own word if the EVSE as a whole says the same.
        own = change.connector is not None or (not old.whole and old.status == change.status)
        new = new._replace(status=change.status, whole=not own)
    if change.error is not None:
        new = new._replace(
            error=change.error, info=change.info, vendor_id=change.vendor_id, vendor_error=change.vendor_error
        )
    if old._replace(since=new.since, repeats=0) == new:
        return old._replace(repeats=old.repeats + 1)
    return new._replace(since=old.since) if old.status == new.status else new


def _metered(station: Station, change: c.Metered, stamp: Stamp) -> Station:
    evse = _metered_evse(station, change)
    told = _not_late(evse, change.readings)
    if change.readings and not told:
        return station
    readings: Mapping[ReadingKey, Reading] = {**evse.readings, **told}
    if len(readings) > READINGS_KEPT:
        readings = told
    metered = max((one.measured for one in told.values()), default=stamp.at)
    interval = (metered - evse.metered).total_seconds() if evse.metered else 0.0
    measured = evse._replace(
        readings=readings,
        metered=metered,
        sample_interval_s=interval if interval > 0 else evse.sample_interval_s,
    )
    return transactions.metered(station.put(measured), evse.id, change.transaction, told, stamp)


def _not_late(evse: Evse, readings: Mapping[ReadingKey, Reading]) -> Mapping[ReadingKey, Reading]:
    """Without what was measured before what is known, as when a queue is emptied.

    For a minute: a clock may have been set back.
    """
    if not evse.readings:
        return readings
    return {key: one for key, one in readings.items() if not _is_late(one, evse.readings.get(key))}


def _is_late(reading: Reading, known: Reading | None) -> bool:
    return (
        known is not None
        and known.sampled is not None
        and reading.sampled is not None
        and reading.sampled < known.sampled
        and (reading.at - known.at).total_seconds() < LATE_S
    )


def _metered_evse(station: Station, change: c.Metered) -> Evse:
    if change.evse is not None:
        return station.evse(change.evse)
    return transactions.holding(station, change.transaction) or station.evse(0)


def _authorized(station: Station, change: c.Authorized, stamp: Stamp) -> Station:
    return station  # an event for the fronts; the picture of the charger is the same


def _firmware_said(station: Station, change: c.FirmwareSaid, stamp: Stamp) -> Station:
    return station._replace(firmware=Progress(change.status, stamp.at, change.request_id))


def _log_said(station: Station, change: c.LogSaid, stamp: Stamp) -> Station:
    return station._replace(logs=Progress(change.status, stamp.at, change.request_id))


def _talked(station: Station, change: c.Said, stamp: Stamp) -> Station:
    """It stands in the records; nothing of the picture changes by it."""
    return station


def _answered_late(station: Station, change: c.AnsweredLate, stamp: Stamp) -> Station:
    return station._replace(slowest_answer_s=max(change.seconds, station.slowest_answer_s or 0.0))


def finding_key(station: Station, change: c.Found) -> tuple[str, str]:
    """Where a finding is kept in ``station.findings``."""
    key = (change.code.value, change.subject)
    known = station.findings
    if key in known or len(known) < SUBJECTS_KEPT:
        return key
    many = sum(code == key[0] for code, _ in known) >= SUBJECTS_KEPT
    return (key[0], OTHERS) if many else key


def _found(station: Station, change: c.Found, stamp: Stamp) -> Station:
    key = finding_key(station, change)
    old = station.findings.get(key)
    if old is None:
        new = Finding(change.code, key[1], change.severity, change.text, stamp.at, stamp.at, 1, (stamp.record,))
    else:
        kept = old.records if len(old.records) < EVIDENCE else old.records[:-1]
        new = replace(
            old,
            text=change.text,
            severity=change.severity,
            last=stamp.at,
            count=old.count + 1,
            records=(*kept, stamp.record),
        )
    return station._replace(findings={**station.findings, key: new})


_STEPS: Mapping[type[Any], Callable[[Station, Any, Stamp], Station]] = {
    c.Linked: _linked,
    c.Unlinked: _unlinked,
    c.Heard: _heard,
    c.Ponged: _ponged,
    c.Booted: _booted,
    c.Described: _described,
    c.BootAnswered: _boot_answered,
    c.Heartbeat: _heartbeat,
    c.ClockRead: _clock_read,
    c.StatusSaid: _status_said,
    c.Metered: _metered,
    c.Authorized: _authorized,
    c.TransactionBegan: transactions.began,
    c.TransactionUpdated: transactions.updated,
    c.TransactionEnded: transactions.ended,
    c.TransactionVanished: transactions.vanished,
    c.FirmwareSaid: _firmware_said,
    c.LogSaid: _log_said,
    c.AnsweredLate: _answered_late,
    c.Said: _talked,
    c.Found: _found,
}
