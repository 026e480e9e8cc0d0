"""Reading the journal: the visits, and what passed in them. Works while other processes write."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from techtool.journal import schema
from techtool.journal.links import Connection
from techtool.station.findings import Code, Finding, Severity
from techtool.station.records import Direction, Kind, Record, moment

PAGE = 2_000
"""Records read at a time: a reader that takes long must not keep the log from being moved into the file."""

_DIRECTIONS = {direction.value: direction for direction in Direction}
_KINDS = {kind.value: kind for kind in Kind}


class JournalError(Exception):
    """The journal cannot be read; the text says why and what to do."""


class NoSuchVisitError(JournalError, LookupError):
    """The journal has no such visit."""


class VisitRow(NamedTuple):
    """One visit in a list of visits."""

    id: int
    began: datetime
    ended: datetime | None
    """None while it runs, and for good where its process was killed."""
    title: str
    version: str
    """Of the techtool that made it."""
    identities: tuple[str, ...]
    protocols: tuple[str, ...]
    records: int
    findings: int
    dropped: int
    """Records that are missing because neither disk nor memory had room."""


class Archive:
    """The journal for reading. Close it, or use it as a context manager.

    All methods raise JournalError where the file cannot be read.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path if path is not None else schema.default_path()
        if not self.path.exists():
            raise JournalError(f"There is no journal at {self.path} yet. It is made by the first visit.")
        try:
            self._connection = schema.connect_to_read(self.path)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def visits(self) -> list[VisitRow]:
        """All visits, the newest first."""
        return self._visits("", ())

    def visit(self, id: int) -> VisitRow:
        """One visit. Raises NoSuchVisitError."""
        for row in self._visits("WHERE id = ?", (id,)) if 0 < id < 2**63 else ():
            return row
        raise NoSuchVisitError(f"The journal has no visit {id}. `techtool trace list` shows the visits.")

    def latest(self) -> VisitRow:
        """The visit that began last. Raises NoSuchVisitError where there is none."""
        for row in self._visits("ORDER BY began DESC LIMIT 1", ()):
            return row
        raise NoSuchVisitError(f"The journal {self.path} has no visits yet.")

    def records(self, visit: int, *, after: int = 0) -> Iterator[Record]:
        """The records of a visit with numbers above ``after``, in order. Raises NoSuchVisitError at once."""
        self.visit(visit)
        return self._records(visit, after)

    def connections(self, visit: int) -> list[Connection]:
        """The sockets of a visit, in order."""
        columns = ", ".join(Connection._fields)
        rows = self._rows(f"SELECT {columns} FROM connections WHERE visit = ? ORDER BY number", (visit,))
        return [Connection(*row) for row in rows]

    def findings(self, visit: int) -> list[tuple[str, Finding]]:
        """The findings of a visit with the identity of the charger, in the order they were made."""
        rows = self._rows(
            "SELECT identity, code, subject, severity, text, first, last, count, records"
            " FROM findings WHERE visit = ? ORDER BY first, identity, code, subject",
            (visit,),
        )
        return [
            (
                identity,
                Finding(
                    Code(code),
                    subject,
                    Severity(severity),
                    text,
                    datetime.fromisoformat(first),
                    datetime.fromisoformat(last),
                    count,
                    tuple(json.loads(records)),
                ),
            )
            for identity, code, subject, severity, text, first, last, count, records in rows
        ]

    def _visits(self, which: str, values: tuple[object, ...]) -> list[VisitRow]:
        rows = self._rows(
            "SELECT id, began, ended, title, version, dropped,"
            " (SELECT json_group_array(DISTINCT identity) FROM connections WHERE visit = id"
            "  AND identity IS NOT NULL),"
            " (SELECT json_group_array(DISTINCT protocol) FROM connections WHERE visit = id"
            "  AND protocol IS NOT NULL),"
            " (SELECT COUNT(*) FROM records WHERE visit = id),"
            " (SELECT COUNT(*) FROM findings WHERE visit = id)"
            f" FROM visits {which or 'ORDER BY began DESC'}",
            values,
        )
        return [
            VisitRow(
                id,
                moment(began),
                None if ended is None else moment(ended),
                title,
                version,
                tuple(json.loads(identities)),
                tuple(json.loads(protocols)),
                records,
                findings,
                dropped,
            )
            for id, began, ended, title, version, dropped, identities, protocols, records, findings in rows
        ]

    def _records(self, visit: int, after: int) -> Iterator[Record]:
        make, directions, kinds = Record._make, _DIRECTIONS, _KINDS
        while True:
            rows = self._rows(
                "SELECT number, connection, at, mono, direction, kind, data FROM records"
                " WHERE visit = ? AND number > ? ORDER BY number LIMIT ?",
                (visit, after, PAGE),
            )
            yield from [
                make((n, c, at, mono, directions[d], kinds[k], data)) for n, c, at, mono, d, k, data in rows
            ]
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: sqlite3.Error) -> JournalError:
        return JournalError(
            f"The journal {self.path} cannot be read ({error}). Check the path and its rights,"
            " or name another file with --journal PATH."
        )


def whole_visit(path: Path | None, number: int) -> list[Record]:
    """All records of a visit of the journal at ``path``. Raises JournalError and NoSuchVisitError."""
    with Archive(path) as archive:
        return list(archive.records(number))
