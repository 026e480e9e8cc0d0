"""The journal of this process: the visit's records, connections and findings, on their way into SQLite.

Everything here may be called from the event loop. Nothing raises because of the disk: while the file cannot
be written the visit waits in memory and ``trouble`` says why.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from techtool.journal import counters
from techtool.journal.backlog import MAX_BYTES, MAX_RECORDS, Backlog
from techtool.journal.checkpoint import Checkpointer
from techtool.journal.schema import default_path
from techtool.journal.statements import upsert
from techtool.journal.writer import Writer
from techtool.station.findings import Finding
from techtool.station.records import Record

T = TypeVar("T")

ASK_S = 1.0
"""Seconds that a visit's start waits for the file before it goes on without."""


class Journal:
    """One process's way into the journal. Close it, or use it as a context manager."""

    def __init__(self, path: Path, *, max_records: int = MAX_RECORDS, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self.visit: int | None = None
        """The visit that ``write`` belongs to."""
        self._backlog = Backlog(max_records, max_bytes)
        self._visit_row: tuple[int, int, int | None, str, str] | None = None
        self._lost_before = 0
        self._writer = Writer(path, self._backlog, self._connected)
        self._checkpointer = Checkpointer(path)

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """The journal at ``path``, or in the user's data folder. Never fails: see ``trouble``."""
        return cls(path if path is not None else default_path())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def trouble(self) -> str | None:
        """Why nothing can be written now and what helps, for the screen; None while all is well."""
        reason = self._writer.trouble
        if reason is None:
            return None
        waiting, dropped = self.waiting, self.dropped
        if dropped:
            return f"{reason} {waiting:,} records wait in memory, which is full: {dropped:,} were lost."
        return f"{reason} The visit goes on; {waiting:,} records wait in memory."

    @property
    def waiting(self) -> int:
        """Records that are not in the file yet."""
        return self._backlog.waiting

    @property
    def dropped(self) -> int:
        """Records that were lost because memory for the waiting ones was full."""
        return self._backlog.dropped

    def begin_visit(self, *, version: str, title: str = "") -> int:
        """Start a visit; later records belong to it. Gives its id, which no other process will get.

        ``version`` is techtool's. Ids count from 1; where the file cannot be written now the id is a large
        number made of the time, and the visit is written as soon as it can be.
        """
        if self.visit is not None:
            self.end_visit()
        began = time.time_ns()

        def first_write(connection: sqlite3.Connection) -> int:
            visit = counters.take(connection, counters.VISIT)
            upsert(connection, "visits", (visit, began, None, version, title, 0))
            return visit

        visit = self.ask(first_write)
        self.visit = next(counters.without_a_journal()) if visit is None else visit
        self._visit_row = (self.visit, began, None, version, title)
        self._lost_before = self.dropped
        self._put_visit()
        return self.visit

    def end_visit(self) -> None:
        """The visit ended as it should. A visit without an end is running, or its process was killed."""
        if self._visit_row is None:
            return
        visit, began, _, version, title = self._visit_row
        self._visit_row = (visit, began, time.time_ns(), version, title)
        self._put_visit()
        self._visit_row = None
        self.visit = None

    def write(self, record: Record) -> None:
        """Take a record of the visit that runs. Microseconds; written to the file within 50 ms.

        Where no visit runs the record is counted as dropped. Connections are read from the records.
        """
        if self.visit is None:
            self._backlog.lost(1)
        elif not self._backlog.add(self.visit, record) and self.dropped - self._lost_before == 1:
            self._put_visit()

    def find(self, identity: str, finding: Finding) -> None:
        """Take the newest state of a finding on the charger ``identity``."""
        if self.visit is None:
            return
        key = (self.visit, identity, finding.code.value, finding.subject)
        self.put(
            ("findings", *key),
            (
                *key,
                finding.severity.value,
                finding.text,
                finding.first.isoformat(),
                finding.last.isoformat(),
                finding.count,
                json.dumps(finding.records),
            ),
        )

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait up to ``timeout`` seconds until everything is in the file; False where it is not."""
        return self._writer.flush(timeout)

    def close(self, timeout: float = 3.0) -> int:
        """End the visit, write what is left and close. Gives the number of records that are lost.

        Waits up to ``timeout`` seconds while the file cannot be written.
        """
        self.end_visit()
        unwritten = self._writer.stop(timeout)
        self._checkpointer.stop()
        return unwritten + self.dropped

    def put(self, key: tuple[object, ...], row: tuple[object, ...]) -> None:
        """Queue a whole row of another table of this package; ``key`` is its table and primary key."""
        self._backlog.put(key, row)

    def ask(self, errand: Callable[[sqlite3.Connection], T], timeout: float = ASK_S) -> T | None:
        """Do something in a transaction of its own and wait for it; None where that fails or takes longer."""
        future = self.order(errand)
        try:
            return future.result(timeout)
        except (sqlite3.Error, OSError):
            return None
        except FutureTimeout:
            future.cancel()
            return None

    def order(self, errand: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """The same without waiting. The future may fail with sqlite3.Error or OSError."""
        return self._writer.ask(errand)

    def _put_visit(self) -> None:
        if self._visit_row is not None:
            row = (*self._visit_row, self.dropped - self._lost_before)
            self._backlog.put(("visits", row[0]), row)

    def _connected(self, connection: sqlite3.Connection) -> None:
        # The file may be another than before: a damaged one was moved away while the visit ran.
        row = self._visit_row
        if row is not None:
            counters.keep_above(connection, counters.VISIT, row[0])
            upsert(connection, "visits", (*row, self.dropped - self._lost_before))
