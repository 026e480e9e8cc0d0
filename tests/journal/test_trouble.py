"""The journal cannot be written: the visit goes on, says so, and is written as soon as that works."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from techtool.journal.counters import DRAWN_FLOOR
from techtool.journal.reading import Archive
from techtool.journal.schema import APPLICATION_ID, connect
from techtool.journal.store import Journal
from techtool.station.records import Kind
from tests.journal.making import note, record, records

TICK = threading.Event()


def until(true: Callable[[], object]) -> None:
    while not true():  # pytest-timeout ends a test that waits in vain
        TICK.wait(0.005)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def visit_in_trouble(journal: Journal, words: str) -> int:
    visit = journal.begin_visit(version="1")
    assert visit >= DRAWN_FLOOR
    for r in records(100):
        journal.write(r)
    until(lambda: journal.trouble)
    assert journal.trouble is not None
    assert words in journal.trouble
    assert not journal.flush(0)
    return visit


def is_written_now(journal: Journal, visit: int) -> None:
    assert journal.flush(20)
    assert journal.trouble is None
    assert journal.waiting == 0
    with Archive(journal.path) as archive:
        assert list(archive.records(visit)) == records(100)
        assert archive.visit(visit).title == ""


def test_a_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with Journal.open(path) as journal:
        visit = visit_in_trouble(journal, "is a folder")
        path.rmdir()
        is_written_now(journal, visit)
        assert journal.begin_visit(version="1") == 1


def test_a_file_in_the_place_of_the_folder(path: Path) -> None:
    path.write_bytes(b"")
    with Journal.open(path / "journal.sqlite3") as journal:
        visit = visit_in_trouble(journal, "Check the disk")
        path.unlink()
        is_written_now(journal, visit)


def test_a_damaged_file(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1_000)
    with Journal.open(path) as journal:
        visit = visit_in_trouble(journal, "damaged")
        path.rename(path.with_suffix(".damaged"))
        is_written_now(journal, visit)


def test_another_programs_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with Journal.open(path) as journal:
        visit_in_trouble(journal, "another program's database")
        assert journal.close(0) == 100
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_newer_journal(path: Path) -> None:
    connect(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with Journal.open(path) as journal:
        visit_in_trouble(journal, "Update techtool")
        journal.close(0)


def test_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite gives the same error for a page limit as for a disk without room."""
    connections = []

    def limited(place: Path) -> sqlite3.Connection:
        connections.append(connect(place))
        (pages,) = connections[0].execute("PRAGMA page_count").fetchone()
        connections[0].execute(f"PRAGMA max_page_count = {pages + 20}").fetchone()
        return connections[0]

    monkeypatch.setattr("techtool.journal.schema.connect", limited)
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        for number in range(1, 101):
            journal.write(record(number, b"x" * 4_000))
        until(lambda: journal.trouble)
        assert "The disk is full" in (journal.trouble or "")
        assert "100 records wait" in (journal.trouble or "")
        assert not journal.flush(0.05)
        journal.order(lambda connection: connection.execute("PRAGMA max_page_count = 100000").fetchone())
        assert journal.flush(20)
        assert journal.trouble is None
    with Archive(path) as archive:
        assert archive.visit(visit).records == 100


def test_a_lock_that_is_held_for_long(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for r in records(100):
                journal.write(r)
            until(lambda: journal.trouble)
            assert "locked" in (journal.trouble or "")
            other.execute("ROLLBACK")
        is_written_now(journal, visit)


def test_memory_is_bounded_and_what_is_lost_is_counted(path: Path) -> None:
    path.mkdir()
    with Journal(path, max_records=60) as journal:
        visit = journal.begin_visit(version="1")
        for r in records(100):
            journal.write(r)
        until(lambda: journal.trouble)
        assert journal.dropped == 40
        assert "60 records wait in memory, which is full: 40 were lost" in (journal.trouble or "")
        path.rmdir()
        assert journal.flush(20)
        journal.end_visit()
        assert journal.flush(20)
        with Archive(path) as archive:
            assert list(archive.records(visit)) == records(60)
            assert archive.visit(visit).dropped == 40


def test_bytes_are_bounded_too(path: Path) -> None:
    path.mkdir()
    with Journal(path, max_bytes=100_000) as journal:
        journal.begin_visit(version="1")
        journal.write(record(1, b"x" * 200_000))
        journal.write(record(2, b"x"))
        assert (journal.waiting, journal.dropped) == (1, 1)
        assert journal.close(0) == 2


def test_the_file_is_taken_away_in_a_visit(path: Path) -> None:
    """What comes later is in the new file, with its visit, whose id nobody else gets."""
    with Journal.open(path) as journal:
        for _ in range(3):
            visit = journal.begin_visit(version="1", title="kept")
        journal.write(record(1))
        assert journal.flush()
        try:
            path.unlink()
        except PermissionError:
            pytest.skip("this system keeps open files")
        journal.write(note(2, Kind.OPENED, b"{}"))
        assert journal.flush()
        with Journal.open(path) as other:
            assert other.begin_visit(version="1") == visit + 1
    with Archive(path) as archive:
        assert [r.number for r in archive.records(visit)] == [2]
        assert archive.visit(visit).title == "kept"


def test_application_id_is_set(path: Path) -> None:
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_lock_for_a_moment_is_no_trouble(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that make the journal at once: SQLite does not wait before it changes to WAL."""
    tries = []

    def locked_at_first(place: Path) -> sqlite3.Connection:
        tries.append(place)
        if len(tries) < 4:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return connect(place)

    monkeypatch.setattr("techtool.journal.schema.connect", locked_at_first)
    with Journal.open(path) as journal:
        assert journal.begin_visit(version="1") == 1
        assert journal.trouble is None
    assert len(tries) == 4
