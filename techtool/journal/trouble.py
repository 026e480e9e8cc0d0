"""Why the journal cannot be written, in a sentence for the screen that says what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from techtool.journal.schema import ForeignFile, NewerJournal

ELSEWHERE = "or start techtool with --journal PATH to keep it elsewhere"


def is_busy(error: sqlite3.Error | OSError) -> bool:
    """Another process holds the file; it will let go."""
    return primary_code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def keeps_connection(error: sqlite3.Error | OSError) -> bool:
    """The connection itself is sound: the next try may use it again."""
    return is_busy(error) or primary_code(error) == sqlite3.SQLITE_FULL


def primary_code(error: sqlite3.Error | OSError) -> int:
    """SQLite's primary result code; 0 where it gave none."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def sentence(error: sqlite3.Error | OSError, path: Path) -> str:
    """What is wrong and what helps."""
    if isinstance(error, NewerJournal):
        return f"The journal {path} was {error}. Update techtool, {ELSEWHERE}."
    if isinstance(error, ForeignFile):
        return f"{path} is {error}, no journal. Start techtool with another --journal PATH."
    match primary_code(error):
        case sqlite3.SQLITE_FULL:
            return f"The disk is full: the journal {path} cannot grow. Free some space, {ELSEWHERE}."
        case sqlite3.SQLITE_READONLY:
            return f"The journal {path} is write-protected. Allow writing to it, {ELSEWHERE}."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"Another program keeps the journal {path} locked. Close it, {ELSEWHERE}."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"The journal {path} is damaged or no journal. Move that file away, {ELSEWHERE}."
        case sqlite3.SQLITE_CANTOPEN if path.is_dir():
            return f"The journal {path} is a folder, and it must be a file. Move it away, {ELSEWHERE}."
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return f"The journal {path} cannot be opened. Check the rights of its folder, {ELSEWHERE}."
    reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    return f"The journal {path} cannot be written ({reason}). Check the disk, {ELSEWHERE}."
