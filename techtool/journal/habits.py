"""What earlier visits found out about chargers, that later ones must know before they say a word."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from techtool.journal.store import Journal
from techtool.station.findings import Code, Severity
from techtool.station.fold import OTHERS


def habits_of(journal: Journal, codes: Iterable[Code]) -> dict[str, dict[Code, set[str]]]:
    """Of each charger the findings with these codes in any visit, with what they are about."""
    wanted = {code.value: code for code in codes}
    marks = ", ".join("?" * len(wanted))

    def look(connection: sqlite3.Connection) -> dict[str, dict[Code, set[str]]]:
        found: dict[str, dict[Code, set[str]]] = {}
        # of the subject only what a habit is about, or a hundred fields of one message were a hundred rows
        bare = "CASE WHEN subject LIKE 'answer to %' THEN substr(subject, 11) ELSE subject END"
        word = f"substr({bare}, 1, instr({bare} || ' ', ' ') - 1)"
        asked = f"SELECT DISTINCT identity, code, {word} FROM findings WHERE subject != ? AND code IN ({marks})"
        for identity, code, subject in connection.execute(asked, (OTHERS, *wanted)):
            found.setdefault(identity, {}).setdefault(wanted[code], set()).add(subject)
        return found

    return journal.ask(look) or {}


_WARNED = "SELECT DISTINCT identity FROM findings WHERE code = ? AND severity = ?"


def found_of(journal: Journal, code: Code) -> set[str]:
    """The chargers of which any visit has this finding as a warning; none where the journal cannot be read now."""

    def look(connection: sqlite3.Connection) -> set[str]:
        rows = connection.execute(_WARNED, (code.value, Severity.WARNING.value))
        return {identity for (identity,) in rows}

    return journal.ask(look) or set()
