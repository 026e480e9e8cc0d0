"""Numbers that no two processes get: counted in the journal, or made of the time where it cannot be written.

Counted ones are below 2**30, the others from there to 2**31 - 1, so the two never meet.
"""

from __future__ import annotations

import secrets
import sqlite3

VISIT = "visit"
TRANSACTION = "transaction"

CLOCK_FLOOR = 2**30
LANES = 8
"""Of these a process draws one, so that two without a journal give different numbers."""
_LANE = secrets.randbelow(LANES)
_TICKS = CLOCK_FLOOR // LANES


class Exhausted(sqlite3.DataError):
    """All numbers below 2**30 were given out."""


def take(connection: sqlite3.Connection, name: str, count: int = 1, at_least: int = 1) -> int:
    """The first of ``count`` numbers that are now the caller's; call it within a transaction."""
    row = connection.execute("SELECT next FROM counters WHERE name = ?", (name,)).fetchone()
    first = max(row[0] if row else 1, at_least)
    if first + count > CLOCK_FLOOR:
        raise Exhausted(f"no numbers left for a {name}")
    connection.execute(
        "INSERT INTO counters (name, next) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next = excluded.next",
        (name, first + count),
    )
    return first


def keep_above(connection: sqlite3.Connection, name: str, used: int) -> None:
    """Never give out ``used`` or less, where it is a counted number."""
    if used < CLOCK_FLOOR - 1:
        connection.execute(
            "INSERT INTO counters (name, next) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET next = max(next, excluded.next)",
            (name, used + 1),
        )


def from_clock(ns: int) -> int:
    """A number made of a time (nanoseconds since 1970): one a second and process, again after four years.

    Two processes without a journal share a lane with a chance of one in eight, and then still differ unless
    they ask in the same second.
    """
    return CLOCK_FLOOR + (ns // 1_000_000_000 % _TICKS) * LANES + _LANE
