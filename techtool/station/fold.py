"""``apply(station, change, stamp)``: the one place where the picture of a charger changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from techtool.station import changes as c
from techtool.station.changes import Change, Stamp
from techtool.station.findings import EVIDENCE, Finding
from techtool.station.measure import register_wh
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
    Transaction,
)

PAST_KEPT = 50
READINGS_KEPT = 500
LATE_S = 60.0
INSTALLING = frozenset({"Installing", "InstallRebooting"})
"""Firmware statuses after which the link goes away for a while."""
SUBJECTS_KEPT = 100
"""Findings of one code; what is found beyond them is counted together."""

K = TypeVar("K")
V = TypeVar("V")


def apply(station: Station, change: Change, stamp: Stamp) -> Station:
    """The station after ``change``. Pure: the same arguments always give the same station."""
    return _STEPS[type(change)](station, change, stamp)


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _evse(station: Station, number: int) -> Evse:
    return station.evses.get(number) or Evse(number)


def _put(station: Station, evse: Evse) -> Station:
    return station._replace(evses=_with(station.evses, evse.id, evse))


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
    return station._replace(link=station.link._replace(ping_ms=change.ms))


def _booted(station: Station, change: c.Booted, stamp: Stamp) -> Station:
    count = station.boot.count if station.boot else 0
    boot = Boot(stamp.at, None, change.reason, change.triggered, count + (not change.triggered))
    old, new = station.make, change.make
    make = Make(**{name: getattr(new, name) or getattr(old, name) for name in Make._fields})
    station = station._replace(make=make, boot=boot)
    if change.triggered:
        return station
    for evse in station.evses.values():
        if evse.transaction is not None and not evse.transaction.unsure:
            station = _put(station, evse._replace(transaction=evse.transaction._replace(unsure=True)))
    return station


def _boot_answered(station: Station, change: c.BootAnswered, stamp: Stamp) -> Station:
    boot = replace(station.boot, status=change.status) if station.boot else None
    link = station.link._replace(heartbeat_interval=change.interval)
    return station._replace(boot=boot, link=link)


def _heartbeat(station: Station, change: c.Heartbeat, stamp: Stamp) -> Station:
    return station._replace(link=station.link._replace(heartbeat=stamp.at))


def _clock_read(station: Station, change: c.ClockRead, stamp: Stamp) -> Station:
    return station._replace(clock=Clock(change.offset_s, stamp.at))


def _status_said(station: Station, change: c.StatusSaid, stamp: Stamp) -> Station:
    evse = _evse(station, change.evse)
    old = evse.connectors.get(change.connector) or Connector(change.connector)
    new = Connector(
        change.connector,
        change.status if change.status is not None else old.status,
        stamp.at,
        change.error if change.error is not None else old.error,
        change.info,
        change.vendor_id,
        change.vendor_error,
    )
    same = old._replace(since=stamp.at, repeats=0) == new
    if same:
        new = old._replace(repeats=old.repeats + 1)
    elif old.status == new.status:
        new = new._replace(since=old.since)
    return _put(station, evse._replace(connectors=_with(evse.connectors, new.id, new)))


def _metered(station: Station, change: c.Metered, stamp: Stamp) -> Station:
    evse = _metered_evse(station, change)
    told = _not_late(evse, change.readings)
    if change.readings and not told:
        return station
    readings: Mapping[ReadingKey, Reading] = {**evse.readings, **told}
    if len(readings) > READINGS_KEPT:
        readings = told
    interval = (stamp.at - evse.metered).total_seconds() if evse.metered else None
    transaction = evse.transaction
    if transaction is None and change.transaction is not None:
        station, transaction = _take_displaced(station, change.transaction)  # it runs on after all
    if transaction is None and change.transaction is not None and _is_new(station, change.transaction):
        transaction = Transaction(change.transaction, evse.id, seen=stamp.at)  # it began before we listened
    if transaction is not None and change.transaction in (None, transaction.id):
        transaction = _charged(transaction, told)
        if change.transaction is not None:
            transaction = transaction._replace(unsure=False)
    return _put(
        station,
        evse._replace(
            readings=readings,
            metered=stamp.at,
            sample_interval_s=interval if interval else evse.sample_interval_s,
            transaction=transaction,
        ),
    )


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
        return _evse(station, change.evse)
    return _holder(station, change.transaction) or _evse(station, 0)


def _charged(transaction: Transaction, readings: Mapping[ReadingKey, Reading]) -> Transaction:
    register = register_wh(readings)
    if register is None or transaction.meter_start_wh is None:
        return transaction
    return transaction._replace(energy_wh=register - transaction.meter_start_wh)


def _authorized(station: Station, change: c.Authorized, stamp: Stamp) -> Station:
    return station  # an event for the fronts; the picture of the charger is the same


def _transaction_began(station: Station, change: c.TransactionBegan, stamp: Stamp) -> Station:
    new = change.transaction
    if _is_past(station, new.id):
        return station  # a replay of a start whose end is known already
    holder = _holder(station, new.id)
    station, old = _take_displaced(station, new.id)
    if holder is not None:
        old = holder.transaction
        station = _put(station, holder._replace(transaction=None))
    return _place(station, new if old is None else _told_again(old, new))


def _told_again(old: Transaction, new: Transaction) -> Transaction:
    """A start that comes again says nothing of how far the transaction is by now."""
    known = {name: value for name in Transaction._fields if (value := getattr(new, name)) is not None}
    for name in ("seen", "carried", "unsure", "offline"):
        known[name] = getattr(old, name)
    for name in ("energy_wh", "seq_no", "state"):
        if getattr(old, name) is not None:
            known[name] = getattr(old, name)
    return Transaction(**known)


def _aged(past: tuple[Transaction, ...], transaction: Transaction) -> tuple[Transaction, ...]:
    return (*past, transaction)[-PAST_KEPT:]


def _is_past(station: Station, id: str) -> bool:
    return any(done.id == id and done.ended is not None for done in station.past)


def _is_new(station: Station, id: str) -> bool:
    return _holder(station, id) is None and all(done.id != id for done in station.past)


def _take_displaced(station: Station, id: str) -> tuple[Station, Transaction | None]:
    """A transaction that another one pushed off its EVSE while it ran, and the station without it."""
    found = next((one for one in station.past if one.id == id and one.ended is None), None)
    if found is None:
        return station, None
    return station._replace(past=tuple(one for one in station.past if one is not found)), found


def _place(station: Station, transaction: Transaction) -> Station:
    """The station with this transaction on its EVSE; one that is there gives way, and is not forgotten."""
    evse = _evse(station, transaction.evse)
    there = evse.transaction
    if there is not None and there.id != transaction.id:
        if transaction.began is not None and there.began is not None and transaction.began < there.began:
            return station._replace(past=_aged(station.past, transaction))  # told late; its end will come, too
        station = station._replace(past=_aged(station.past, there))
    return _put(station, evse._replace(transaction=transaction))


def _holder(station: Station, id: str | None) -> Evse | None:
    for evse in station.evses.values():
        if evse.transaction is not None and evse.transaction.id == id:
            return evse
    return None


def _transaction_updated(station: Station, change: c.TransactionUpdated, stamp: Stamp) -> Station:
    holder = _holder(station, change.id)
    old = holder.transaction if holder is not None else None
    if old is None:
        station, old = _take_displaced(station, change.id)
    if old is None:
        if _is_past(station, change.id) or change.seq_no is None:
            return station  # an answer to a message of a transaction that is unknown says nothing of it
        old = Transaction(change.id, change.evse or 0, seen=stamp.at)  # it began before we listened
    new = old._replace(
        evse=change.evse if change.evse is not None else old.evse,
        state=change.state or old.state,
        seq_no=change.seq_no if change.seq_no is not None else old.seq_no,
        id_token=change.id_token or old.id_token,
        id_token_type=change.id_token_type or old.id_token_type,
        authorization=change.authorization or old.authorization,
        offline=change.offline or old.offline,
        unsure=False,
    )
    if holder is not None and holder.id != new.evse:
        station = _put(station, holder._replace(transaction=None))  # 2.x may name the EVSE after the start
    return _place(station, new)


def _transaction_ended(station: Station, change: c.TransactionEnded, stamp: Stamp) -> Station:
    if _is_past(station, change.id):
        return station  # a replay
    holder = _holder(station, change.id)
    old = holder.transaction if holder is not None else None
    if holder is not None:
        station = _put(station, holder._replace(transaction=None))
    else:
        station, old = _take_displaced(station, change.id)
    if old is None:
        old = Transaction(change.id, change.evse if change.evse is not None else 0, seen=stamp.at)
    energy = old.energy_wh
    if change.meter_stop_wh is not None and old.meter_start_wh is not None:
        energy = change.meter_stop_wh - old.meter_start_wh
    ended = old._replace(
        ended=change.ended or stamp.at,
        reason=change.reason,
        energy_wh=energy,
        seq_no=change.seq_no if change.seq_no is not None else old.seq_no,
        offline=change.offline or old.offline,
    )
    return station._replace(past=_aged(station.past, ended))


def _transaction_vanished(station: Station, change: c.TransactionVanished, stamp: Stamp) -> Station:
    holder = _holder(station, change.id)
    if holder is not None and holder.transaction is not None:
        gone = holder.transaction
        station = _put(station, holder._replace(transaction=None))
    elif change.earlier is not None and _is_new(station, change.id):
        gone = change.earlier
    else:
        return station
    return station._replace(past=_aged(station.past, gone._replace(reason="not seen to end")))


def _firmware_said(station: Station, change: c.FirmwareSaid, stamp: Stamp) -> Station:
    return station._replace(firmware=Progress(change.status, stamp.at, change.request_id))


def _log_said(station: Station, change: c.LogSaid, stamp: Stamp) -> Station:
    return station._replace(logs=Progress(change.status, stamp.at, change.request_id))


def finding_key(station: Station, change: c.Found) -> tuple[str, str]:
    """Where a finding is kept in ``station.findings``."""
    key = (change.code.value, change.subject)
    known = station.findings
    if key in known or len(known) < SUBJECTS_KEPT:
        return key
    many = sum(code == key[0] for code, _ in known) >= SUBJECTS_KEPT
    return (key[0], "and others") if many else key


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
    return station._replace(findings=_with(station.findings, key, new))


_STEPS: Mapping[type[Any], Callable[[Station, Any, Stamp], Station]] = {
    c.Linked: _linked,
    c.Unlinked: _unlinked,
    c.Heard: _heard,
    c.Ponged: _ponged,
    c.Booted: _booted,
    c.BootAnswered: _boot_answered,
    c.Heartbeat: _heartbeat,
    c.ClockRead: _clock_read,
    c.StatusSaid: _status_said,
    c.Metered: _metered,
    c.Authorized: _authorized,
    c.TransactionBegan: _transaction_began,
    c.TransactionUpdated: _transaction_updated,
    c.TransactionEnded: _transaction_ended,
    c.TransactionVanished: _transaction_vanished,
    c.FirmwareSaid: _firmware_said,
    c.LogSaid: _log_said,
    c.Found: _found,
}
