"""What a visit adds to what is known of chargers, for later visits: transactions and findings.

The records alone would tell it, too; but nobody can read all earlier visits before a charger is answered.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from techtool.csms import habits, timestamps
from techtool.csms.version import StartKey
from techtool.journal.habits import found_of, habits_of
from techtool.journal.makes import KnownMakes
from techtool.journal.statements import cleaned
from techtool.journal.store import Journal
from techtool.journal.transactions import Course, KnownTransaction, KnownTransactions, TransactionIds
from techtool.picture import Taken
from techtool.station.changes import (
    Booted,
    Described,
    Found,
    TransactionBegan,
    TransactionEnded,
    TransactionVanished,
)
from techtool.station.findings import Code, Severity
from techtool.station.fold import finding_key
from techtool.station.model import Station, Transaction
from techtool.station.records import Record

FINDINGS_S = 1.0
"""So often findings are written: a flood may bring one with every message."""


class Ledger:
    """Keeps the books of one visit in its journal."""

    def __init__(self, journal: Journal, visit: int, stations: Mapping[str, Station]) -> None:
        """``stations`` is the picture of the visit, which changes while this looks at it."""
        self._journal = journal
        self._visit = visit
        self._stations = stations
        self._transactions = KnownTransactions(journal)
        self._ids = TransactionIds(journal)
        self._makes = KnownMakes(journal)
        self._rebooters = found_of(journal, Code.REBOOTS_WHEN_ASKED)
        self._habits = habits_of(journal, habits.WORDS)
        self._found: dict[tuple[str, str, str], None] = {}
        self._written = 0.0
        self._ended_here: dict[str, set[str]] = {}
        """The transactions that ended on the link that stands, by charger."""

    def keep(self, taken: Taken) -> None:
        """Note what later visits need of this record."""
        identity = taken.identity
        if identity is None:
            return
        for change in taken.changes:
            if isinstance(change, Found) and identity in self._stations:
                self._found[(identity, *finding_key(self._stations[identity], change))] = None
                if change.code is Code.REBOOTS_WHEN_ASKED and change.severity is Severity.WARNING:
                    self._rebooters.add(cleaned(identity))
            elif isinstance(change, Booted | Described):
                self._makes.remember(identity, self._stations[identity].make)
            elif isinstance(change, TransactionBegan):
                self._began(identity, change.transaction, taken.record)
            elif isinstance(change, TransactionEnded):
                self._transactions.mark(identity, change.id, Course.ENDED)
                self._ended_here.setdefault(identity, set()).add(change.id)
            elif isinstance(change, TransactionVanished):
                self._transactions.mark(identity, change.id, Course.VANISHED)

    def _began(self, identity: str, begun: Transaction, record: Record) -> None:
        """What a charger numbers itself; 1.6's are known since they were given their id."""
        if self._transactions.get(identity, begun.id) is None:
            began = (begun.began or record.time).isoformat()
            where = (begun.evse, begun.connector, begun.id_token or "", began, begun.meter_start_wh)
            known = KnownTransaction(identity, begun.id, *where, Course.RUNNING, self._visit, record.number)
            self._transactions.remember(known)

    def write_findings(self, *, now: bool = False) -> None:
        """Write the findings of the last second, if it is over; ``now`` writes them in any case."""
        if not self._found or not (now or time.monotonic() - self._written > FINDINGS_S):
            return
        self._written = time.monotonic()
        found, self._found = self._found, {}
        for identity, code, subject in found:
            station = self._stations.get(identity)
            # of too many names the oldest are forgotten, and may have come again since
            finding = station.findings.get((code, subject)) if station is not None else None
            if finding is not None:
                self._journal.find(identity, finding)

    def transaction_id(self, identity: str, key: StartKey, record: int) -> int:
        """The id for a 1.6 transaction: the same for a start that is sent again, otherwise a new one.

        Offline sessions come twice on some chargers (FIELD.md, thread 27). But where the time stamp tells
        nothing, a start that looks the same after its own stop is another session.
        """
        known = self._transactions.find(
            identity, key.connector, key.id_tag, key.timestamp, key.meter_start, timestamps.same
        )
        if known is not None:
            is_over = known.id in self._ended_here.get(identity, ())
            if timestamps.tells_time(key.timestamp) or not is_over:
                return int(known.id)
        id = self._ids.next()
        begun = KnownTransaction(
            identity,
            str(id),
            key.connector,
            1 if key.connector else 0,
            key.id_tag,
            key.timestamp,
            key.meter_start,
            Course.RUNNING,
            self._visit,
            record,
        )
        self._transactions.remember(begun)
        return id

    def linked(self, identity: str) -> None:
        """A charger is in: what it sends again may be a queue, also of what ended on its last link."""
        self._ended_here.pop(identity, None)

    def carried(self, identity: str) -> dict[str, Any]:
        """What earlier visits know of a charger, for the record; empty if there is nothing."""
        known: dict[str, Any] = {}
        if make := self._makes.of(identity):
            known["make"] = make
        if transactions := self._open_transactions(identity):
            known["transactions"] = transactions
        if over := self._transactions.over(identity, self._visit):
            known["ended"] = [one.id for one in over]
        if cleaned(identity) in self._rebooters:
            known["reboots_when_asked"] = True
        if found := self._habits.get(cleaned(identity)):
            pairs = {(code.value, habits.about(one)) for code, subjects in found.items() for one in subjects}
            known["habits"] = [{"code": code, "about": about} for code, about in sorted(pairs)]
        return known

    def _open_transactions(self, identity: str) -> list[dict[str, Any]]:
        """Those that began in earlier visits and whose stop nobody has seen."""
        return [
            {
                "id": one.id,
                "evse": one.evse,
                "connector": one.connector,
                "id_tag": one.id_tag,
                "began": one.began,
                "meter_start": one.meter_start,
                "vanished": one.state is Course.VANISHED,
            }
            for one in self._transactions.open(identity, self._visit)
        ]
