"""What earlier visits found out about chargers, that later ones must know before they say a word."""

from __future__ import annotations

import sqlite3

from techtool.journal.store import Journal
from techtool.station.findings import Code


def found_of(journal: Journal, code: Code) -> set[str]:
    """The chargers of which any visit has this finding; none where the journal cannot be read now."""

    def look(connection: sqlite3.Connection) -> set[str]:
        rows = connection.execute("SELECT DISTINCT identity FROM findings WHERE code = ?", (code.value,))
        return {identity for (identity,) in rows}

    return journal.ask(look) or set()
