"""Transaction ids of OCPP 1.6, and the transactions that are known from this and earlier visits."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from enum import StrEnum
from operator import eq
from typing import NamedTuple

from techtool.journal import counters
from techtool.journal.statements import cleaned
from techtool.journal.store import ASK_S, Journal

BLOCK = 50
LOW = 25
"""With fewer ids left the next block is fetched, so that nobody has to wait for it."""
PATIENCE_S = 0.02
"""How long a charger's start waits for the next block; the event loop stands still meanwhile."""
KNOWN = 1_000
"""Transactions remembered of each charger."""
OPEN = 20
"""Transactions without a stop that a charger is asked about again."""
OVER = 100
"""Transactions that have ended, and may be told again by a charger that missed the answer."""

_EPOCH_S = 1_735_689_600  # 2025-01-01
_STEP_S = 4


class TransactionIds:
    """Gives ids > 0 (int32) that were never given before, not by another techtool and not before a crash.

    Blocks of ids are reserved in the journal before the first one is used, so an id that a killed process did
    not use is skipped. The count never lags behind the time (one id every 4 s since 2025): a new journal in
    the place of a lost one does not start over.

    Where the journal cannot be written, ids come from 2**30 upwards, where counted ids never do, from a place that
    each process draws.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._next = self._end = 0
        self._drawn = counters.without_a_journal()
        self._coming: Future[int] | None = None
        self._fetch()

    def next(self) -> int:
        """A new id. Waits for the journal only when a block is used up faster than the next one comes."""
        with self._lock:
            if self._next == self._end:
                self._change_block()
            if self._next == self._end:
                return next(self._drawn)
            id = self._next
            self._next += 1
            if self._end - self._next < LOW and self._coming is None:
                self._fetch()
            return id

    def _fetch(self) -> None:
        def reserve(connection: sqlite3.Connection) -> int:
            by_time = (int(time.time()) - _EPOCH_S) // _STEP_S
            # A clock that is wrong by decades must not use up all ids.
            at_least = by_time if 0 < by_time < counters.DRAWN_FLOOR // 2 else 1
            return counters.take(connection, counters.TRANSACTION, BLOCK, at_least)

        self._coming = self._journal.order(reserve)

    def _change_block(self) -> None:
        if self._coming is None:
            self._fetch()
        coming = self._coming
        assert coming is not None
        # In trouble the writer's next try may be seconds away; the charger is waiting now.
        patience = ASK_S if self._end == 0 else PATIENCE_S  # the first comes while the file is still opened
        if self._journal.trouble:
            patience = 0.0
        try:
            self._next = coming.result(patience)
        except (sqlite3.Error, OSError):
            self._coming = None
            return
        except FutureTimeout:
            return
        self._coming = None
        self._end = self._next + BLOCK


class Course(StrEnum):
    """How far a transaction is, as far as anybody said."""

    RUNNING = "running"
    ENDED = "ended"
    VANISHED = "vanished"
    """It does not run any more, but no stop has come yet."""


class KnownTransaction(NamedTuple):
    """A transaction as it was begun."""

    identity: str
    id: str
    """1.6: the number that the laptop gave; 2.x: the charger's text."""
    evse: int
    connector: int | None
    id_tag: str
    began: str
    """The charger's time stamp, as sent."""
    meter_start: int | float | str | None
    state: Course
    visit: int
    record: int
    """The record that began it, in that visit."""


class KnownTransactions:
    """What began, by charger: replays get the same id, and an end is joined to a start from before a restart.

    Earlier visits' transactions are read once, here; where the journal cannot be read now there are none.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[str, dict[str, KnownTransaction]] = {}
        for transaction in journal.ask(_load) or ():
            self._known.setdefault(transaction.identity, {})[transaction.id] = transaction

    def of(self, identity: str) -> list[KnownTransaction]:
        """The latest transactions of a charger, oldest first."""
        return list(self._known.get(cleaned(identity), {}).values())

    def open(self, identity: str, now: int) -> list[KnownTransaction]:
        """What began in other visits than this one, and whose stop nobody has seen; oldest first."""
        return [one for one in self._before(identity, now) if one.state is not Course.ENDED][-OPEN:]

    def over(self, identity: str, now: int) -> list[KnownTransaction]:
        """The latest that began in other visits than this one and have ended; oldest first."""
        return [one for one in self._before(identity, now) if one.state is Course.ENDED][-OVER:]

    def _before(self, identity: str, now: int) -> list[KnownTransaction]:
        return [one for one in self.of(identity) if one.visit != now]

    def get(self, identity: str, id: str) -> KnownTransaction | None:
        """The transaction of this id."""
        return self._known.get(cleaned(identity), {}).get(cleaned(id))

    def find(
        self,
        identity: str,
        evse: int,
        id_tag: str,
        began: str,
        meter_start: int | float | str | None,
        same: Callable[[str, str], bool] = eq,
    ) -> KnownTransaction | None:
        """The transaction that began so: a start that is sent again. ``same`` compares the two time stamps."""
        wanted = tuple(map(cleaned, (evse, id_tag.casefold(), meter_start)))
        began = cleaned(began)
        for known in reversed(self._known.get(cleaned(identity), {}).values()):
            if (known.evse, known.id_tag.casefold(), known.meter_start) == wanted and same(known.began, began):
                return known
        return None

    def remember(self, transaction: KnownTransaction) -> None:
        """Keep a transaction; in the file together with the records that were written before."""
        row = tuple(map(cleaned, transaction))
        transaction = KnownTransaction(*row)._replace(state=transaction.state)
        mine = self._known.setdefault(transaction.identity, {})
        mine[transaction.id] = transaction
        if len(mine) > KNOWN:
            del mine[next(iter(mine))]
        self._journal.put(("transactions", transaction.identity, transaction.id), row)

    def mark(self, identity: str, id: str, state: Course) -> None:
        """Note how far a transaction is; nothing happens where it is not known, or has ended."""
        known = self.get(identity, id)
        if known is not None and known.state not in (state, Course.ENDED):
            self.remember(known._replace(state=state))


def _load(connection: sqlite3.Connection) -> list[KnownTransaction]:
    columns = ", ".join(KnownTransaction._fields)
    rows = connection.execute(
        f"SELECT {columns} FROM (SELECT *, rowid AS place, ROW_NUMBER() OVER"
        " (PARTITION BY identity ORDER BY rowid DESC) AS age FROM transactions)"
        " WHERE age <= ? ORDER BY place",
        (KNOWN,),
    )
    known = map(KnownTransaction._make, rows)
    return [one._replace(state=Course(one.state)) for one in known]
