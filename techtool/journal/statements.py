"""The statements of the writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from techtool.station.records import Record

COLUMNS = {
    "visits": (("id",), ("began", "ended", "version", "title", "dropped")),
    "connections": (("visit", "number"), ("opened", "closed", "identity", "protocol", "peer")),
    "chargers": (("identity",), ("make",)),
    "findings": (
        ("visit", "identity", "code", "subject"),
        ("severity", "text", "first", "last", "count", "records"),
    ),
    "transactions": (
        ("identity", "id"),
        ("evse", "connector", "id_tag", "began", "meter_start", "state", "visit", "record"),
    ),
}
"""Primary key and other columns of the tables whose rows may change."""

_ROW = "(?,?,?,?,?,?,?,?)"
_SIZES = (1, 4, 16, 64, 256)
"""Rows of the prepared statements; a batch is cut into these, so that few statements are ever compiled."""


def upsert(connection: sqlite3.Connection, table: str, row: Sequence[Any]) -> None:
    """Put a whole row in the place of its older state."""
    connection.execute(_upsert(table), [cleaned(value) for value in row])


def insert_records(connection: sqlite3.Connection, records: Sequence[tuple[int, Record]]) -> None:
    """Add records; those that are there already stay as they are."""
    most = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // 8
    done = 0
    while done < len(records):
        size = max(size for size in _SIZES if size == 1 or size <= min(most, len(records) - done))
        part = records[done : done + size]
        values = chain.from_iterable((visit, *record) for visit, record in part)
        connection.execute(_insert(size), tuple(values))
        done += size


def cleaned(value: Any) -> Any:
    """A value that SQLite can hold: chargers send lone surrogates, and numbers of any size."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value


@cache
def _upsert(table: str) -> str:
    key, rest = COLUMNS[table]
    marks = ",".join("?" * (len(key) + len(rest)))
    changes = ", ".join(f"{name} = excluded.{name}" for name in rest)
    return (
        f"INSERT INTO {table} ({', '.join((*key, *rest))}) VALUES ({marks})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    )


@cache
def _insert(size: int) -> str:
    return (
        "INSERT OR IGNORE INTO records (visit, number, connection, at, mono, direction, kind, data) VALUES "
        + ",".join([_ROW] * size)
    )
