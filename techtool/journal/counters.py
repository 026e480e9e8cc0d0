"""Numbers that no two processes get: counted in the journal, or from a place that is drawn where there is none.

Counted ones are below 2**30, the others from there to 2**31 - 1, so the two never meet.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from itertools import count

VISIT = "visit"
TRANSACTION = "transaction"

DRAWN_FLOOR = 2**30


class Exhausted(sqlite3.DataError):
    """All numbers below 2**30 were given out."""


def take(connection: sqlite3.Connection, name: str, count: int = 1, at_least: int = 1) -> int:
    """The first of ``count`` numbers that are now the caller's; call it within a transaction."""
    row = connection.execute("SELECT next FROM counters WHERE name = ?", (name,)).fetchone()
    first = max(row[0] if row else 1, at_least)
    if first + count > DRAWN_FLOOR:
        raise Exhausted(f"no numbers left for a {name}")
    connection.execute(
        "INSERT INTO counters (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = excluded.next",
        (name, first + count),
    )
    return first


def keep_above(connection: sqlite3.Connection, name: str, used: int) -> None:
    """Never give out ``used`` or less, where it is a counted number."""
    if used < DRAWN_FLOOR - 1:
        connection.execute(
            "INSERT INTO counters (name, next) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET next = max(next, excluded.next)",
            (name, used + 1),
        )


def without_a_journal() -> Iterator[int]:
    """Numbers one after the other, from a place that every process draws for itself.

    Two processes that give a thousand each meet with a chance of one in 500,000. Not from the clock: who empties
    an offline queue takes many at once, and would be ahead of it when techtool is started again.
    """
    first = secrets.randbelow(DRAWN_FLOOR)
    return (DRAWN_FLOOR + (first + place) % DRAWN_FLOOR for place in count())
