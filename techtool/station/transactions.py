"""The transactions of a charger as they begin, go on, end or vanish: steps of the fold. Pure.

Two kinds of disorder are normal. A queue of offline messages may come after what happened since, so a
transaction that is told late does not take the place of the one that runs. And a charger may never say
that a transaction ended: it gives way to the next one, is kept among the past ones without an end, and
comes back when the charger speaks of it again.
"""

from __future__ import annotations

from collections.abc import Mapping

from techtool.station.changes import (
    Stamp,
    TransactionBegan,
    TransactionEnded,
    TransactionUpdated,
    TransactionVanished,
)
from techtool.station.measure import charged_wh, register_wh, thousandfold
from techtool.station.model import Evse, Reading, ReadingKey, Station, Transaction

PAST_KEPT = 50


def began(station: Station, change: TransactionBegan, stamp: Stamp) -> Station:
    """A transaction runs; or it is told once more that it does."""
    new = change.transaction
    if _is_past(station, new.id):
        return station  # a replay of a start whose end is known already
    station, old = _take(station, new.id)
    transaction = new if old is None else _told_again(old, new)
    there = station.evse(transaction.evse).transaction
    if there is not None and _is_earlier(transaction, there):
        return _with_past(station, transaction)  # told late; its end will come, too
    return _place(station, transaction)


def updated(station: Station, change: TransactionUpdated, stamp: Stamp) -> Station:
    """More is told of a transaction; where its start was not heard it runs from now on."""
    station_without, old = _take(station, change.id)
    if old is None:
        if _is_past(station, change.id) or change.seq_no is None:
            return station  # an answer to a message of a transaction that is unknown says nothing of it
        old = Transaction(change.id, change.evse or 0, seen=stamp.at)  # it began before we listened
    new = old._replace(
        evse=change.evse if change.evse is not None else old.evse,  # 2.x may name it after the start
        state=change.state or old.state,
        seq_no=change.seq_no if change.seq_no is not None else old.seq_no,
        id_token=change.id_token or old.id_token,
        id_token_type=change.id_token_type or old.id_token_type,
        authorization=change.authorization or old.authorization,
        offline=change.offline or old.offline,
        unsure=False,
    )
    there = station_without.evse(new.evse).transaction
    if there is not None and change.offline:
        return _with_past(station_without, new)
    return _place(station_without, new)


def metered(
    station: Station, evse: int, id: str | None, told: Mapping[ReadingKey, Reading], stamp: Stamp
) -> Station:
    """An EVSE measured something, for the transaction ``id`` or without naming one."""
    running = station.evse(evse).transaction
    if id is not None and (running is None or running.id != id):
        displaced = _displaced(station, id)
        if displaced is not None:
            station = _place(_without(station, displaced), displaced)  # it runs on after all
        elif running is None and _is_new(station, id):
            station = _place(station, Transaction(id, evse, seen=stamp.at))  # it began before we listened
    running = station.evse(evse).transaction
    if running is None or id not in (None, running.id):
        return station
    running = _counted(running, register_wh(told))
    return _place(station, running if id is None else running._replace(unsure=False))


def ended(station: Station, change: TransactionEnded, stamp: Stamp) -> Station:
    """A transaction is over, also one whose start was not heard."""
    if _is_past(station, change.id):
        return station  # a replay
    if meant(station, change) is not None:
        return station  # it ends under its own id
    station, old = _take(station, change.id)
    if old is None:
        old = Transaction(change.id, change.evse if change.evse is not None else 0, seen=stamp.at)
    over = _counted(old, change.meter_stop_wh)._replace(
        ended=change.ended or stamp.at,
        reason=change.reason,
        seq_no=change.seq_no if change.seq_no is not None else old.seq_no,
        offline=change.offline or old.offline,
    )
    return _with_past(station, over)


def vanished(station: Station, change: TransactionVanished, stamp: Stamp) -> Station:
    """A transaction does not run any more, though nobody said that it ended."""
    holder = holding(station, change.id)
    if holder is not None and holder.transaction is not None:
        gone = holder.transaction
        station = station.put(holder._replace(transaction=None))
    elif change.earlier is not None and _is_new(station, change.id):
        gone = change.earlier
    else:
        return station
    return _with_past(station, gone._replace(reason="not seen to end"))


def meant(station: Station, change: TransactionEnded) -> Transaction | None:
    """The transaction that a stop without its id ends: the only open one of that card that can have ended so.

    Chargers that have lost the answer to a start stop it as transaction -1 (FIELD.md, thread 27).
    """
    if not change.nameless or change.id_token is None:
        return None
    fitting = [one for one in station.open_transactions if _may_end(one, change)]
    return fitting[0] if len(fitting) == 1 else None


def _may_end(open: Transaction, change: TransactionEnded) -> bool:
    if (open.id_token or "").casefold() != (change.id_token or "").casefold():
        return False
    if open.began is not None and change.ended is not None and change.ended < open.began:
        return False
    start, stop = open.meter_start_wh, change.meter_stop_wh
    return start is None or stop is None or start <= stop


def holding(station: Station, id: str | None) -> Evse | None:
    """The EVSE on which this transaction runs."""
    for evse in station.evses.values():
        if evse.transaction is not None and evse.transaction.id == id:
            return evse
    return None


def _told_again(old: Transaction, new: Transaction) -> Transaction:
    """A start that comes again says nothing of how far the transaction is by now."""
    known = {name: value for name in Transaction._fields if (value := getattr(new, name)) is not None}
    for name in ("seen", "carried", "unsure", "offline"):
        known[name] = getattr(old, name)
    known["shrank"] = old.shrank
    for name in ("register_wh", "seq_no", "state"):
        if getattr(old, name) is not None:
            known[name] = getattr(old, name)
    if old.energy_wh is not None or old.register_wh is not None:
        known["energy_wh"] = old.energy_wh
    return Transaction(**known)


def _is_earlier(one: Transaction, other: Transaction) -> bool:
    return one.id != other.id and one.began is not None and other.began is not None and one.began < other.began


def _counted(transaction: Transaction, register: float | None) -> Transaction:
    """The transaction at this register of the meter."""
    if register is None:
        return transaction
    before, start = transaction.register_wh, transaction.meter_start_wh
    before = before if before is not None else start
    return transaction._replace(
        register_wh=register,
        shrank=transaction.shrank or (before is not None and thousandfold(before, register)),
        energy_wh=charged_wh(start, register) if start is not None else transaction.energy_wh,
    )


def _place(station: Station, transaction: Transaction) -> Station:
    """The station with this transaction on its EVSE; one that is there gives way, and is not forgotten."""
    evse = station.evse(transaction.evse)
    if evse.transaction is not None and evse.transaction.id != transaction.id:
        station = _with_past(station, evse.transaction)
    return station.put(evse._replace(transaction=transaction))


def _take(station: Station, id: str) -> tuple[Station, Transaction | None]:
    """A transaction that has not ended, and the station without it."""
    holder = holding(station, id)
    if holder is not None:
        return station.put(holder._replace(transaction=None)), holder.transaction
    displaced = _displaced(station, id)
    return (station, None) if displaced is None else (_without(station, displaced), displaced)


def _displaced(station: Station, id: str) -> Transaction | None:
    """A transaction that another one pushed off its EVSE while it ran, or that vanished."""
    return next((one for one in station.past if one.id == id and one.ended is None), None)


def _without(station: Station, past: Transaction) -> Station:
    return station._replace(past=tuple(one for one in station.past if one is not past))


def _with_past(station: Station, transaction: Transaction) -> Station:
    return station._replace(past=(*station.past, transaction)[-PAST_KEPT:])


def _is_past(station: Station, id: str) -> bool:
    return any(done.id == id and done.ended is not None for done in station.past)


def _is_new(station: Station, id: str) -> bool:
    return holding(station, id) is None and all(done.id != id for done in station.past)
