"""What follows from a change, seen together with the picture before it: further changes. Pure.

A message alone does not tell that a session was never stopped or that a meter ran backwards.
"""

from __future__ import annotations

from techtool.station.changes import (
    Change,
    Found,
    Metered,
    StatusSaid,
    TransactionBegan,
    TransactionEnded,
    TransactionVanished,
)
from techtool.station.findings import Code, Severity
from techtool.station.measure import ENERGY, ROUNDED_WH, register_wh, thousandfold
from techtool.station.model import Evse, Station, Transaction
from techtool.station.transactions import holding

_ABSURD_WH = 1e12
FOLLOWED = frozenset({StatusSaid, TransactionBegan, TransactionEnded, Metered})
"""The changes that anything can follow from."""


def consequences(before: Station, change: Change, after: Station) -> list[Change]:
    """What else is true now that ``change`` has made ``after`` out of ``before``."""
    match change:
        case StatusSaid(evse, _, "Available"):
            return _vanished(after.evses[evse])
        case TransactionBegan(transaction):
            return _displaced(before.evses.get(transaction.evse), after.evses.get(transaction.evse))
        case TransactionEnded():
            return [*_late(before, change.id), *_known(before, change), *_counted(before, after, change.id)]
        case Metered():
            id = change.transaction or _running(after, change.evse)
            return [*_backwards(before, after, change), *_counted(before, after, id)]
    return []


def _vanished(evse: Evse) -> list[Change]:
    """A free connector shows that the session of before the boot, or of an earlier visit, is over."""
    transaction = evse.transaction
    free = all(one.status == "Available" for one in evse.connectors.values())
    if transaction is None or not transaction.unsure or not free:
        return []
    since = "since an earlier visit" if transaction.carried else "since before the charger booted"
    text = f"Transaction {transaction.id} ran {since}; now the connector is Available, and no stop has come."
    return [TransactionVanished(transaction.id, evse.id), _missing_stop(transaction.id, text)]


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
    text = f"The stop of transaction {id} came late: the connector had been free or in use again before."
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
