from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from techtool.journal import counters, schema
from techtool.journal.store import Journal
from techtool.journal.transactions import BLOCK, KNOWN, Course, KnownTransaction, KnownTransactions, TransactionIds
from tests.journal.making import record

INT32 = 2**31


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def known(id: int, identity: str = "CP1", **other: Any) -> KnownTransaction:
    began = "2026-11-22T05:02:38Z"
    made = KnownTransaction(identity, str(id), 1, 1, "CARD", began, id * 10, Course.RUNNING, 1, id)
    return made._replace(**other)


def test_ids_follow_each_other_over_many_blocks(path: Path) -> None:
    with Journal.open(path) as journal:
        ids = TransactionIds(journal)
        given = [ids.next() for _ in range(10 * BLOCK)]
    assert given == list(range(given[0], given[0] + 10 * BLOCK))
    assert 0 < given[0] < counters.DRAWN_FLOOR


def test_two_at_once_and_one_after_share_no_id(path: Path) -> None:
    given = []
    with Journal.open(path) as one, Journal.open(path) as two:
        sources = TransactionIds(one), TransactionIds(two)
        given += [source.next() for _ in range(200) for source in sources]
    with Journal.open(path) as again:
        ids = TransactionIds(again)
        given += [ids.next() for _ in range(200)]
    assert len(set(given)) == 600
    # a block that comes too slowly is bridged by ids made of the time; the counted ones go on from where they were
    first, then = ([id for id in part if id < counters.DRAWN_FLOOR] for part in (given[:400], given[400:]))
    assert first and then and max(first) < min(then)


def test_a_new_journal_does_not_start_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def next_at(time: float) -> int:
        monkeypatch.setattr("techtool.journal.transactions.time.time", lambda: time)
        with Journal.open(path) as journal:
            return TransactionIds(journal).next()

    first = next_at(1_790_000_000)
    path.unlink()
    assert next_at(1_790_001_000) > first
    assert next_at(0) > first, "a laptop without a clock goes on counting"


def test_without_a_journal_ids_are_none_that_were_counted(path: Path) -> None:
    path.mkdir()
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
        ids = TransactionIds(journal)
        given = [ids.next() for _ in range(300)]
        assert len(set(given)) == 300
        assert all(counters.DRAWN_FLOOR <= id < INT32 for id in given)
        path.rmdir()
        journal.write(record(1))
        assert journal.flush(20)
        assert ids.next() not in given
        assert ids.next() < counters.DRAWN_FLOOR


def test_many_at_once_without_a_journal_are_none_of_those_before_the_restart() -> None:
    processes = [set(islice(counters.without_a_journal(), 300)) for _ in range(5)]
    assert len(set[int]().union(*processes)) == 5 * 300


def test_ids_without_a_journal_stay_in_their_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.journal.counters.secrets.randbelow", lambda end: end - 2)
    given = list(islice(counters.without_a_journal(), 4))
    assert given == [INT32 - 2, INT32 - 1, counters.DRAWN_FLOOR, counters.DRAWN_FLOOR + 1]


def test_counted_ids_end_before_the_others(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.ask(lambda connection: counters.take(connection, counters.TRANSACTION, 1, 2**30 - 60))
        ids = TransactionIds(journal)
        given = [ids.next() for _ in range(200)]
    assert len(set(given)) == 200
    assert max(given[:50]) < counters.DRAWN_FLOOR <= min(given[100:])
    assert max(given) < INT32


def test_transactions_are_known_in_the_next_visit(path: Path) -> None:
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        for id in (3, 1, 2):
            transactions.remember(known(id))
        transactions.remember(known(7, "CP2", meter_start="1234.000"))
        transactions.mark("CP1", "1", Course.ENDED)
        transactions.mark("CP1", "1", Course.VANISHED)
        transactions.mark("CP1", "2", Course.VANISHED)
        transactions.mark("CP1", "99", Course.ENDED)
        assert [t.id for t in transactions.of("CP1")] == ["3", "1", "2"]
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        ended, vanished = known(1, state=Course.ENDED), known(2, state=Course.VANISHED)
        assert transactions.of("CP1") == [known(3), ended, vanished]
        assert transactions.open("CP1", now=2) == [known(3), vanished]
        assert transactions.open("CP1", now=1) == []
        assert transactions.of("CP2") == [known(7, "CP2", meter_start="1234.000")]
        assert transactions.of("CP3") == []
        assert transactions.get("CP1", "2") == vanished
        assert transactions.get("CP2", "2") is None


def test_a_start_that_is_sent_again_is_found(path: Path) -> None:
    odd = known(8, began="\ud800", id_tag="\udfff", meter_start=10**30)
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        transactions.remember(known(5))
        transactions.remember(odd)
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        assert transactions.find("CP1", 1, "CARD", "2026-11-22T05:02:38Z", 50) == known(5)
        assert transactions.find("CP1", 1, "CARD", "2026-11-22T05:02:38Z", 51) is None
        assert transactions.find("CP2", 1, "CARD", "2026-11-22T05:02:38Z", 50) is None
        again = transactions.find("CP1", 1, "\udfff", "\ud800", 10**30)
        assert again is not None
        assert again.id == "8"


def test_the_latest_of_each_charger_are_enough(path: Path) -> None:
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        for id in range(1, KNOWN + 11):
            transactions.remember(known(id))
        transactions.remember(known(1, "CP2"))
        assert len(transactions.of("CP1")) == KNOWN
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        assert [t.id for t in transactions.of("CP1")] == [str(id) for id in range(11, KNOWN + 11)]
        assert len(transactions.of("CP2")) == 1


def test_a_journal_that_cannot_be_read_knows_nothing(path: Path) -> None:
    path.mkdir()
    with Journal.open(path) as journal:
        transactions = KnownTransactions(journal)
        transactions.remember(known(1))
        assert transactions.of("CP1") == [known(1)]
        journal.close(0)


def of_the_first_version(path: Path) -> None:
    """A journal with two transactions, as techtool made it once."""
    with Journal.open(path) as journal:
        journal.flush()
    with closing(sqlite3.connect(path)) as older:
        older.executescript(
            "DROP TABLE transactions; PRAGMA user_version = 1;"
            "CREATE TABLE transactions (identity TEXT NOT NULL, id INTEGER NOT NULL, connector INTEGER NOT NULL,"
            " id_tag TEXT NOT NULL, began TEXT NOT NULL, meter_start, ended INTEGER NOT NULL,"
            " visit INTEGER NOT NULL, record INTEGER NOT NULL, UNIQUE (identity, id));"
            "INSERT INTO transactions VALUES"
            " ('CP1', 7, 1, 'CARD', '2026-11-22T05:02:38Z', 70, 0, 1, 7),"
            " ('CP1', 8, 1, 'CARD', '2026-11-22T05:02:38Z', 80, 1, 1, 8);"
        )


def test_a_journal_of_the_first_version_keeps_its_transactions(path: Path) -> None:
    of_the_first_version(path)
    with Journal.open(path) as journal:
        assert KnownTransactions(journal).of("CP1") == [known(7), known(8, state=Course.ENDED)]


def test_two_that_open_a_journal_of_the_first_version_at_once_both_can(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_first_version(path)
    seen, looked, check = threading.Barrier(2), threading.local(), schema._check_version

    def both_see_the_old_version(connection: sqlite3.Connection) -> int:
        version = check(connection)
        if not hasattr(looked, "once"):
            looked.once = True
            seen.wait(20)
        return version

    monkeypatch.setattr(schema, "_check_version", both_see_the_old_version)
    with ThreadPoolExecutor(2) as threads:
        for connection in threads.map(schema.connect, (path, path)):
            connection.close()
    monkeypatch.undo()
    with Journal.open(path) as journal:
        assert KnownTransactions(journal).of("CP1") == [known(7), known(8, state=Course.ENDED)]
