"""What follows from a change, seen together with the picture before it: further changes. Pure.

A message alone does not tell that a session was never stopped or that a meter ran backwards.
"""

from __future__ import annotations

from datetime import datetime

from techtool.station.changes import (
    Change,
    Found,
    Heartbeat,
    Metered,
    StatusSaid,
    TransactionBegan,
    TransactionEnded,
    TransactionVanished,
)
from techtool.station.findings import Code, Severity
from techtool.station.measure import ENERGY, ROUNDED_WH, register_wh, thousandfold
from techtool.station.model import Evse, Station, Transaction
from techtool.station.transactions import holding, meant

_ABSURD_WH = 1e12
FREE_S = 120.0
"""A connector that has been free for so long, and told nothing else, has no session any more."""
FOLLOWED = frozenset({Heartbeat, StatusSaid, TransactionBegan, TransactionEnded, Metered})
"""The changes that anything can follow from."""
_PLUGGED = frozenset({"Preparing", "Occupied"})
"""What a connector that was free tells when the next car comes."""


def consequences(before: Station, change: Change, after: Station, at: datetime) -> list[Change]:
    """What else is true now, at ``at``, that ``change`` has made ``after`` out of ``before``."""
    match change:
        case StatusSaid(evse, _, "Available"):
            return _vanished(after.evses[evse])
        case StatusSaid(evse, _, status):
            known = before.evses.get(evse) if status in _PLUGGED else None
            return _replaced(known) if known is not None else []
        case Heartbeat():
            return [one for evse in after.evses.values() for one in _free_for_long(evse, at)]
        case TransactionBegan(transaction):
            return _displaced(before.evses.get(transaction.evse), after.evses.get(transaction.evse))
        case TransactionEnded():
            if change.nameless:
                return _nameless(before, change)
            return [*_late(before, change.id), *_known(before, change), *_counted(before, after, change.id)]
        case Metered():
            id = change.transaction or _running(after, change.evse)
            return [*_backwards(before, after, change), *_counted(before, after, id)]
    return []


def _vanished(evse: Evse) -> list[Change]:
    """A free connector shows that the session of before the boot, or of an earlier visit, is over."""
    transaction = evse.transaction
    if transaction is None or not transaction.unsure or not _is_free(evse):
        return []
    since = "since an earlier visit" if transaction.carried else "since before the charger booted"
    text = f"Transaction {transaction.id} ran {since}; now the connector is Available, and no stop has come."
    return _gone(evse, transaction.id, text)


def _replaced(evse: Evse) -> list[Change]:
    """The next car is plugged in where a session ran before the connector was free."""
    transaction = evse.transaction
    if transaction is None or _freed(evse, transaction) is None:
        return []
    text = (
        f"The connector was Available and is in use again, but no stop of transaction {transaction.id} has come."
    )
    return _gone(evse, transaction.id, text)


def _free_for_long(evse: Evse, at: datetime) -> list[Change]:
    """A session whose stop was lost: its connector has been free for minutes, and measures nothing for it."""
    transaction = evse.transaction
    freed = _freed(evse, transaction) if transaction is not None else None
    if transaction is None or freed is None or (at - freed).total_seconds() < FREE_S:
        return []
    if evse.metered is not None and evse.metered > freed:
        return []
    text = f"The connector is Available for minutes, but no stop of transaction {transaction.id} has come."
    return _gone(evse, transaction.id, text)


def _is_free(evse: Evse) -> bool:
    return all(one.status == "Available" for one in evse.connectors.values())


def _freed(evse: Evse, transaction: Transaction) -> datetime | None:
    """Since when its connectors are free, if that was told once the session was known."""
    told = [one.since for one in evse.connectors.values() if one.since is not None]
    if not told or not _is_free(evse) or transaction.seen is None or min(told) <= transaction.seen:
        return None
    return max(told)


def _gone(evse: Evse, id: str, text: str) -> list[Change]:
    return [TransactionVanished(id, evse.id), _missing_stop(id, text)]


def _nameless(before: Station, change: TransactionEnded) -> list[Change]:
    """A stop without the id of its transaction."""
    ended = meant(before, change)
    if ended is None:
        text = f"A StopTransaction with the id {change.id}: the answer to its start never reached the charger."
        return [Found(Code.UNKNOWN_TRANSACTION, text, change.id[:60])]
    text = (
        f"A StopTransaction with the id {change.id} ended transaction {ended.id}: no other one of that card ran."
    )
    found = Found(Code.UNKNOWN_TRANSACTION, text, change.id[:60])
    return [change._replace(id=ended.id, evse=ended.evse, nameless=False), found]


def _displaced(before: Evse | None, after: Evse | None) -> list[Change]:
    old = before.transaction if before is not None else None
    new = after.transaction if after is not None else None
    if old is None or new is None or old.id == new.id or after is None:
        return []
    text = f"Transaction {new.id} began where {old.id} still ran: that one was never stopped."
    return [TransactionVanished(old.id, after.id), _missing_stop(old.id, text)]


def _missing_stop(id: str, text: str) -> Found:
    return Found(Code.MISSING_STOP, text, id[:60])


def _late(before: Station, id: str) -> list[Change]:
    """The stop that was missed has come: the finding says so, and is no warning any more."""
    if (Code.MISSING_STOP.value, id[:60]) not in before.findings:
        return []
    if any(one.id == id and one.ended is not None for one in before.past):
        return []  # a replay
    text = f"The stop of transaction {id} came late: that the connector is free, or in use again, was told before."
    return [Found(Code.MISSING_STOP, text, id[:60], Severity.INFO)]


def _known(before: Station, change: TransactionEnded) -> list[Change]:
    """A stop whose start did not come."""
    id = change.id
    if change.nameless or change.seq_no is not None:
        return []  # 2.x counts its messages: what comes again has shown by its number
    if _transaction(before, id) is None:
        text = f"Transaction {id} was stopped, but techtool has not seen it start."
        return [Found(Code.UNKNOWN_TRANSACTION, text, id[:60])]
    return []


def _running(station: Station, evse: int | None) -> str | None:
    running = station.evse(evse).transaction if evse is not None else None
    return running.id if running is not None else None


def _transaction(station: Station, id: str) -> Transaction | None:
    holder = holding(station, id)
    return holder.transaction if holder is not None else next((one for one in station.past if one.id == id), None)


def _counted(before: Station, after: Station, id: str | None) -> list[Change]:
    """What a new register of the meter says of the session's energy."""
    now = _transaction(after, id) if id is not None else None
    if now is None or now.register_wh is None:
        return []
    was = _transaction(before, now.id)
    if was is not None and was.register_wh == now.register_wh:
        return []
    found: list[Change] = []
    start, register = now.meter_start_wh, now.register_wh
    if start is not None and now.energy_wh is None:
        unit = " (kWh labelled Wh?)" if thousandfold(start, register) else ""
        text = f"The meter stands at {_wh(register)}{unit}, below the {_wh(start)} at which it stood when "
        text += f"transaction {now.id} began: its energy is unknown."
        found.append(Found(Code.METER_BACKWARDS, text, f"tx {now.id}"[:60]))
    if was is not None and was.shrank and was.register_wh and thousandfold(register, was.register_wh):
        text = f"In transaction {now.id} the energy register jumps between {_wh(was.register_wh, 1)} and "
        text += f"{_wh(register)}, about a thousand times as much: kWh labelled Wh?"
        found.append(Found(Code.WRONG_UNIT, text, f"EVSE {now.evse}"))
    return found


def _wh(register: float, digits: int = 0) -> str:
    """A register in a sentence; of one that no meter can have only the size."""
    return f"{register:,.{digits}f} Wh" if abs(register) < _ABSURD_WH else f"{register:.1e} Wh"


def _backwards(before: Station, after: Station, change: Metered) -> list[Change]:
    told = [key for key in change.readings if key.measurand == ENERGY]
    evse = (
        next((one for id, one in after.evses.items() if one is not before.evses.get(id)), None) if told else None
    )
    if evse is None or evse.id not in before.evses:
        return []
    known = before.evses[evse.id].readings
    old = register_wh({key: known[key] for key in told if key in known})
    new = register_wh({key: evse.readings[key] for key in told if key in evse.readings})
    if old is None or new is None or new >= old - ROUNDED_WH:
        return []
    text = f"The energy register of EVSE {evse.id} fell from {_wh(old)} to {_wh(new)}."
    return [Found(Code.METER_BACKWARDS, text, f"EVSE {evse.id}")]
