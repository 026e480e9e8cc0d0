"""The trace of a visit: its records as rows, made when they are looked at, however many there are."""

from __future__ import annotations

import time
from collections import deque
from typing import Protocol

from techtool.station.records import Kind, Record
from techtool.trace import rows
from techtool.trace.pairs import Head, Pairs
from techtool.trace.rows import Row

ROWS_KEPT = 8_192
EVENTS_KEPT = 400
METERS_KEPT = 120
_SILENT = frozenset({"Heartbeat", "MeterValues", "NotifyReport", ""})
_TOLD = (Kind.TIMEOUT, Kind.REMARK)
_SLICE = 200


class Records(Protocol):
    """Numbered records without gaps, as :class:`techtool.tape.Tape` keeps them."""

    @property
    def first(self) -> int:
        """The number of the oldest."""

    @property
    def last(self) -> int:
        """The number of the newest; 0 if there is none."""

    def __getitem__(self, number: int) -> Record: ...


class Trace:
    """Rows over records. Opening it costs nothing; :meth:`catch_up` pairs what has come since."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.marks: set[int] = set()
        """Records that the technician marked."""
        self.events: deque[int] = deque(maxlen=EVENTS_KEPT)
        """Records that tell something happened at a charger, oldest first."""
        self._meters: dict[int, deque[int]] = {}
        self._identities: dict[int, str] = {}
        self._protocols: dict[int, str] = {}
        self._pairs = Pairs()
        self._rows: dict[int, Row] = {}
        self._taken = 0
        self.bytes = 0
        """Bytes of all records taken in so far."""

    # --- keeping up --------------------------------------------------------------------------------------

    def catch_up(self, seconds: float | None = None) -> bool:
        """Take in what was recorded since, for at most so long; whether nothing is left."""
        end = None if seconds is None else time.perf_counter() + seconds
        records = self.records
        if self._taken < records.first - 1:
            self._taken = records.first - 1
        if not self._taken % 10_000:
            self._pairs.forget(records.first)
        while self._taken < records.last:
            for number in range(self._taken + 1, min(records.last, self._taken + _SLICE) + 1):
                self._take(records[number])
            if end is not None and time.perf_counter() > end:
                break
        return self._taken >= records.last

    def _take(self, record: Record) -> None:
        self._taken = record.number
        self.bytes += len(record.data)
        head, asked = self._pairs.take(record)
        if asked:
            self._rows.pop(asked, None)
        if head is not None:
            self._heard(record, head)
        elif record.kind is Kind.LINKED:
            told = record.note
            self._identities[record.connection] = str(told.get("identity", "?"))
            self._protocols[record.connection] = str(told.get("protocol", "ocpp1.6"))
            self.events.append(record.number)
        elif record.kind in _TOLD or (record.kind is Kind.CLOSED and record.connection in self._identities):
            self.events.append(record.number)

    def _heard(self, record: Record, head: Head) -> None:
        if head.kind not in (2, 6):
            return
        if head.action in ("MeterValues", "TransactionEvent"):
            kept = self._meters.setdefault(record.connection, deque(maxlen=METERS_KEPT))
            kept.append(record.number)
            if head.action == "TransactionEvent" and b'"Updated"' in record.data[:600]:
                return
        if head.action == "NotifyEvent" and _is_periodic(record.data):
            return
        if head.action not in _SILENT and not head.action.startswith("$G"):
            self.events.append(record.number)

    # --- looking -----------------------------------------------------------------------------------------

    @property
    def first(self) -> int:
        """The number of the oldest row."""
        return self.records.first

    @property
    def last(self) -> int:
        """The number of the newest row; 0 if there is none."""
        return self.records.last

    def __len__(self) -> int:
        return max(0, self.last - self.first + 1)

    def row(self, number: int) -> Row:
        """One row. Raises KeyError if its record is not kept any more."""
        row = self._rows.get(number)
        if row is None:
            record = self.records[number]
            row = rows.make(record, self._partner(number))
            if number <= self._taken:
                if len(self._rows) >= ROWS_KEPT:
                    self._rows.clear()
                self._rows[number] = row
        return row

    def _partner(self, number: int) -> Record | None:
        partner = self._pairs.partner(number)
        if partner is None or partner < self.records.first:
            return None
        return self.records[partner]

    def identity(self, connection: int) -> str | None:
        """Which charger spoke on a connection."""
        return self._identities.get(connection)

    def protocol(self, connection: int) -> str | None:
        """The OCPP version of a connection."""
        return self._protocols.get(connection)

    def powers(self, connection: int, connector: str, count: int) -> list[float]:
        """The last powers in watts that were told for a connector, oldest first."""
        told: list[float] = []
        for number in reversed(self._meters.get(connection, ())):
            if number < self.first or len(told) == count:
                break
            row = self.row(number)
            if row.watts is not None and row.connector.split("/")[0] in (connector, ""):
                told.append(row.watts)
        return told[::-1]


def _is_periodic(data: bytes) -> bool:
    """Nothing but values that were due: with a NotifyEvent nothing else need have happened."""
    return b'"Periodic"' in data and b'"Alerting"' not in data and b'"Delta"' not in data
