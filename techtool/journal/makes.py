"""What chargers have said that they are, for visits in which they do not: one that is charging is not asked."""

from __future__ import annotations

import json
import sqlite3

from techtool.journal.statements import cleaned
from techtool.journal.store import Journal
from techtool.station.model import Make


class KnownMakes:
    """By identity, as last told. Read once, here; where the journal cannot be read now there are none."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known = journal.ask(_load) or {}

    def of(self, identity: str) -> dict[str, str]:
        """Field by field; empty where nothing is known."""
        return self._known.get(cleaned(identity), {})

    def remember(self, identity: str, make: Make) -> None:
        """Keep it."""
        told = {name: value for name, value in make._asdict().items() if value is not None}
        if told and told != self.of(identity):
            self._known[cleaned(identity)] = told
            self._journal.put(("chargers", identity), (identity, json.dumps(told)))


def _load(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    return {
        identity: json.loads(make) for identity, make in connection.execute("SELECT identity, make FROM chargers")
    }
