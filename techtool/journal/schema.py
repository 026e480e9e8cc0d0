"""The tables of the journal, and how a connection to it is made.

One file, WAL: readers never wait for the writer, and what is committed survives the death of the process.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

import platformdirs

APPLICATION_ID = 0x7465636A
VERSION = 3
"""1 kept the transactions of OCPP 1.6 alone; 2 did not know what a charger is that does not tell it."""
BUSY_S = 1.0
"""Seconds that SQLite waits for another process's transaction; they take milliseconds."""

TABLES = """
CREATE TABLE IF NOT EXISTS visits (
    id INTEGER PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER,
    version TEXT NOT NULL, title TEXT NOT NULL, dropped INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS connections (
    visit INTEGER NOT NULL, number INTEGER NOT NULL, opened INTEGER NOT NULL, closed INTEGER,
    identity TEXT, protocol TEXT, peer TEXT,
    PRIMARY KEY (visit, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    visit INTEGER NOT NULL, number INTEGER NOT NULL, connection INTEGER NOT NULL, at INTEGER NOT NULL,
    mono INTEGER NOT NULL, direction TEXT NOT NULL, kind TEXT NOT NULL, data BLOB NOT NULL,
    UNIQUE (visit, number)
);
CREATE TABLE IF NOT EXISTS findings (
    visit INTEGER NOT NULL, identity TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL,
    severity TEXT NOT NULL, text TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    count INTEGER NOT NULL, records TEXT NOT NULL,
    PRIMARY KEY (visit, identity, code, subject)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transactions (
    identity TEXT NOT NULL, id TEXT NOT NULL, evse INTEGER NOT NULL, connector INTEGER, id_tag TEXT NOT NULL,
    began TEXT NOT NULL, meter_start, state TEXT NOT NULL, visit INTEGER NOT NULL, record INTEGER NOT NULL,
    UNIQUE (identity, id)
);
CREATE TABLE IF NOT EXISTS chargers (identity TEXT PRIMARY KEY, make TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
"""


_BEFORE_2 = "ALTER TABLE transactions RENAME TO transactions_1;"
_AFTER_2 = """
INSERT INTO transactions SELECT identity, id, connector, connector > 0, id_tag, began, meter_start,
    CASE WHEN ended THEN 'ended' ELSE 'running' END, visit, record FROM transactions_1 ORDER BY rowid;
DROP TABLE transactions_1;
"""


class NewerJournal(sqlite3.DatabaseError):
    """The file was made by a newer techtool, whose tables this one does not know."""


class ForeignFile(sqlite3.DatabaseError):
    """The file is a database, but no journal."""


def default_path() -> Path:
    """Where the journal lies unless ``--journal`` says otherwise."""
    return platformdirs.user_data_path("techtool", appauthor=False) / "journal.sqlite3"


def connect(path: Path) -> sqlite3.Connection:
    """A connection that may write, with the tables made. Raises sqlite3.Error or OSError."""
    _make_place(path)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error, also where there is no file."""
    uri = path.absolute().as_uri() + "?mode=ro"
    try:
        return _opened(uri)
    except sqlite3.OperationalError:
        if not path.is_file() or Path(f"{path}-wal").exists():
            raise
        # On a write-protected medium SQLite cannot make the files that WAL shares between processes.
        return _opened(uri + "&immutable=1")


def _opened(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _check_version(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make_place(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        # SQLite would use the umask; the journal holds passwords and card numbers.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _check_version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise NewerJournal(f"made by a newer techtool (format {version}, this one knows {VERSION})")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise ForeignFile("another program's database")
    return int(version)


def _prepare(connection: sqlite3.Connection) -> None:
    version = _check_version(connection)
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = NORMAL")
    # Checkpoints wait for the disk, so another thread makes them (checkpoint.py).
    connection.execute("PRAGMA wal_autocheckpoint = 0").fetchone()
    if version == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # again, alone now: another techtool may have done it meanwhile
        before, after = (_BEFORE_2, _AFTER_2) if _check_version(connection) == 1 else ("", "")
        pragmas = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}"
        for statement in f"{before} {TABLES} {after} {pragmas}".split(";"):
            connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
