"""The one thread that writes: batches of records and rows, each batch in one transaction.

Every value waits in memory until its transaction is committed; an error leaves the batch as it is.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from techtool.journal import links, schema, trouble
from techtool.journal.backlog import Backlog, Batch, Errand
from techtool.journal.statements import insert_records, upsert

T = TypeVar("T")

WINDOW_S = 0.02
"""A batch is written this long after its first record came: 100 ms at most, with room for slow disks."""
CHUNK = 2_000
"""Records a transaction: a full disk then takes as much of a long backlog as there is room for."""
FIRST_RETRY_S = 0.02
LAST_RETRY_S = 2.0
PATIENCE_S = 1.0
"""Another process's lock is no trouble before this."""

_UNWRITABLE = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    UnicodeError,
)
"""The value is at fault, not the file: another try would fail alike."""


class Writer:
    """Empties a backlog into the file, and keeps trying while that fails."""

    def __init__(self, path: Path, backlog: Backlog, connected: Callable[[sqlite3.Connection], None]) -> None:
        self.trouble: str | None = None
        """What is wrong now, without the numbers."""
        self._path = path
        self._backlog = backlog
        self._connected = connected
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._batch = Batch()
        self._links: dict[tuple[int, int], links.Connection] = {}
        self._hurry = threading.Event()
        self._deadline: float | None = None
        self._written = 0
        self._progress = threading.Condition()
        self._failing_since: float | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def ask(self, errand: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Do something in a transaction of its own, soon. The future fails with sqlite3.Error or OSError."""
        future: Future[T] = Future()
        if self._deadline is not None:
            future.set_exception(sqlite3.ProgrammingError("the journal is closed"))
            return future
        self._backlog.ask((errand, future))
        self._hurry.set()
        return future

    def flush(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds until what was put before is written; False where it is not."""
        ticket = self._backlog.ticket
        self._hurry.set()
        with self._progress:
            return self._progress.wait_for(lambda: self._written >= ticket, timeout)

    def stop(self, timeout: float) -> int:
        """Write what is left, for at most ``timeout`` seconds; gives how many records could not be written."""
        self._deadline = time.monotonic() + timeout
        self._backlog.arrived.set()
        self._hurry.set()
        self._thread.join()
        return len(self._batch.records)

    def _run(self) -> None:
        retry = FIRST_RETRY_S
        while True:
            if self._failing_since is not None:
                self._hurry.wait(retry if self._deadline is None else FIRST_RETRY_S)
                retry = min(retry * 2, LAST_RETRY_S)
            elif self._deadline is None:
                self._backlog.arrived.wait()
                self._hurry.wait(WINDOW_S)
            stopping = self._deadline is not None
            if not stopping:
                self._hurry.clear()
            errands = self._take()
            if self._attempt(errands):
                retry = FIRST_RETRY_S
                with self._progress:
                    self._written = self._batch.ticket
                    self._progress.notify_all()
                if stopping and self._backlog.ticket == self._written:
                    break
            elif self._deadline is not None:
                if time.monotonic() >= self._deadline:
                    break
                self._hurry.clear()
        self._take_nothing_more()
        self._disconnect()

    def _take(self) -> list[Errand]:
        records, errands = self._backlog.take(self._batch)
        for visit, record in records:
            if record.kind in links.TELLING:
                at = visit, record.connection
                link = self._links[at] = links.seen(self._links.get(at), record)
                self._batch.rows["connections", *at] = (visit, *link)
                if link.closed is not None:
                    del self._links[at]
        return errands

    def _take_nothing_more(self) -> None:
        for _, future in self._take():
            if future.set_running_or_notify_cancel():
                future.set_exception(sqlite3.ProgrammingError("the journal is closed"))

    def _attempt(self, errands: list[Errand]) -> bool:
        """Write everything that is there; False where some is left."""
        try:
            connection = self._connect()
            while errands:
                self._run_errand(connection, *errands[0])
                del errands[0]
            while self._batch.rows or self._batch.records:
                self._write_chunk(connection)
        except (sqlite3.Error, OSError) as error:
            self._failed(error, errands)
            return False
        self._failing_since = None
        self.trouble = None
        return True

    def _connect(self) -> sqlite3.Connection:
        """The connection, or a new one where the file is another than before."""
        if self._connection is not None:
            if self._file == _identity(self._path):
                return self._connection
            self._disconnect()
        connection = schema.connect(self._path)
        try:
            self._transact(connection, lambda: self._connected(connection))
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        self._file = _identity(self._path)
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _failed(self, error: sqlite3.Error | OSError, errands: list[Errand]) -> None:
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since = now
        if not trouble.is_busy(error) or now - self._failing_since >= PATIENCE_S or self.trouble:
            self.trouble = trouble.sentence(error, self._path)
        if not trouble.keeps_connection(error):
            self._disconnect()
        if self.trouble is None and self._deadline is None:
            for errand in errands:
                self._backlog.ask(errand)
            return
        for _, future in errands:
            if not future.done() and (future.running() or future.set_running_or_notify_cancel()):
                future.set_exception(error)

    def _run_errand(
        self, connection: sqlite3.Connection, errand: Callable[[sqlite3.Connection], Any], future: Future[Any]
    ) -> None:
        # One that another process's lock stopped is running already.
        if future.running() or future.set_running_or_notify_cancel():
            future.set_result(self._transact(connection, lambda: errand(connection)))

    def _write_chunk(self, connection: sqlite3.Connection) -> None:
        rows, records = self._batch.rows, self._batch.records[:CHUNK]
        lost = 0

        def write() -> None:
            for (table, *_), row in rows.items():
                upsert(connection, table, row)
            insert_records(connection, records)

        def write_each() -> int:
            failed = 0
            for (table, *_), row in rows.items():
                failed += not _writable(lambda t=table, r=row: upsert(connection, t, r))  # type: ignore[misc]
            for record in records:
                failed += not _writable(lambda r=record: insert_records(connection, [r]))  # type: ignore[misc]
            return failed

        try:
            self._transact(connection, write)
        except _UNWRITABLE:
            lost = self._transact(connection, write_each)
        self._batch.rows = {}
        del self._batch.records[: len(records)]
        self._backlog.done(records)
        if lost:
            self._backlog.lost(lost)

    @staticmethod
    def _transact(connection: sqlite3.Connection, work: Callable[[], T]) -> T:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work()
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return result


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file lies at the path. SQLite would go on writing to one that was deleted."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _writable(write: Callable[[], None]) -> bool:
    try:
        write()
    except _UNWRITABLE:
        return False
    return True
