"""What waits to be written: filled by the event loop, emptied by the writer's thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from techtool.station.records import Record

MAX_RECORDS = 200_000
MAX_BYTES = 256 * 1024 * 1024
OVERHEAD = 250
"""Bytes that a waiting record takes beside its data."""

Key = tuple[Any, ...]
"""A table's name and the primary key of a row in it."""
Errand = tuple[Callable[[sqlite3.Connection], Any], "Future[Any]"]


@dataclass(slots=True)
class Batch:
    """What the writer holds in its hands. ``rows`` are whole rows; only their newest state matters."""

    rows: dict[Key, tuple[Any, ...]] = field(default_factory=dict)
    records: list[tuple[int, Record]] = field(default_factory=list)
    ticket: int = 0
    """Everything put up to this ticket is in this batch or written."""


class Backlog:
    """Bounded. All methods may be called from any thread and take microseconds."""

    def __init__(self, max_records: int = MAX_RECORDS, max_bytes: int = MAX_BYTES) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._rows: dict[Key, tuple[Any, ...]] = {}
        self._records: list[tuple[int, Record]] = []
        self._errands: list[Errand] = []
        self._ticket = 0
        self.waiting = 0
        """Records that are not written yet, those in the writer's hands included."""
        self.bytes = 0
        self.dropped = 0
        """Records that found no place."""
        self.arrived = threading.Event()

    @property
    def ticket(self) -> int:
        """Counts what was put so far."""
        return self._ticket

    def add(self, visit: int, record: Record) -> bool:
        """Queue a record; False where there is no place for it."""
        size = len(record.data) + OVERHEAD
        with self._lock:
            if self.waiting >= self._max_records or (self.bytes + size > self._max_bytes and self.waiting):
                self.dropped += 1
                return False
            self._records.append((visit, record))
            self._ticket += 1
            self.waiting += 1
            self.bytes += size
            if not self.arrived.is_set():
                self.arrived.set()
        return True

    def put(self, key: Key, row: tuple[Any, ...]) -> None:
        """Queue a row, in place of an older state of the same row. These are few, so always accepted."""
        with self._lock:
            self._rows[key] = row
            self._ticket += 1
            self.arrived.set()

    def ask(self, errand: Errand) -> None:
        """Queue something to do with the writer's connection, in a transaction of its own."""
        with self._lock:
            self._errands.append(errand)
            self.arrived.set()

    def take(self, batch: Batch) -> tuple[list[tuple[int, Record]], list[Errand]]:
        """Move everything into the writer's batch; also gives the new records and the errands."""
        with self._lock:
            records, self._records = self._records, []
            rows, self._rows = self._rows, {}
            errands, self._errands = self._errands, []
            batch.ticket = self._ticket
            self.arrived.clear()
        batch.records.extend(records)
        batch.rows.update(rows)
        return records, errands

    def done(self, records: list[tuple[int, Record]]) -> None:
        """These are written, or given up."""
        size = sum(len(record.data) for _, record in records) + OVERHEAD * len(records)
        with self._lock:
            self.waiting -= len(records)
            self.bytes -= size

    def lost(self, count: int) -> None:
        """Count records that could not be written for a reason of their own."""
        with self._lock:
            self.dropped += count
