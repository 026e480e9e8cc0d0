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
from techtool.station.measure import ENERGY, register_wh
from techtool.station.model import Evse, Station

FOLLOWED = frozenset({StatusSaid, TransactionBegan, TransactionEnded, Metered})
"""The changes that anything can follow from."""
BACKWARDS_WH = 1.0
"""Registers are rounded: smaller falls mean nothing."""


def consequences(before: Station, change: Change, after: Station) -> list[Change]:
    """What else is true now that ``change`` has made ``after`` out of ``before``."""
    match change:
        case StatusSaid(evse, _, "Available"):
            return _vanished(after.evses[evse])
        case TransactionBegan(transaction):
            return _displaced(before.evses.get(transaction.evse), after.evses.get(transaction.evse))
        case TransactionEnded(id):
            return _late(before, id)
        case Metered():
            return _backwards(before, after, change)
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
    if old is None or new is None or new >= old - BACKWARDS_WH:
        return []
    text = f"The energy register of EVSE {evse.id} fell from {old:,.0f} Wh to {new:,.0f} Wh."
    return [Found(Code.METER_BACKWARDS, text, f"EVSE {evse.id}")]
