from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from techtool.journal import schema
from techtool.journal.reading import PAGE, Archive, JournalError, NoSuchVisitError, whole_visit
from techtool.journal.store import Journal
from tests.journal.making import record, records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


def test_pages_fit_together(path: Path) -> None:
    everything = records(2 * PAGE + 10)
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        for r in everything:
            journal.write(r)
        assert journal.flush(30)
        with Archive(path) as archive:
            assert list(archive.records(visit)) == everything
            assert list(archive.records(visit, after=PAGE)) == everything[PAGE:]
            assert list(archive.records(visit, after=10)) == everything[10:], "whole pages"
            assert list(archive.records(visit, after=10**6)) == []


def test_a_whole_visit(path: Path) -> None:
    everything = records(PAGE + 1)
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
        journal.write(record(1, b"earlier"))
        visit = journal.begin_visit(version="1")
        for r in everything:
            journal.write(r)
    assert whole_visit(path, visit) == everything
    with pytest.raises(NoSuchVisitError, match="no visit 7"):
        whole_visit(path, 7)


def test_a_hundred_thousand_records(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        for number in range(1, 100_001):
            journal.write(record(number))
        assert journal.flush(60)
        assert journal.dropped == 0
    with Archive(path) as archive:
        assert sum(1 for _ in archive.records(visit)) == 100_000
        assert archive.visit(visit).records == 100_000


def test_read_while_it_is_written(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        journal.write(record(1))
        assert journal.flush()
        with Archive(path) as archive:
            first = archive.records(visit)
            assert next(first) == record(1)
            journal.write(record(2))
            assert journal.flush()
            assert list(first) == []
            assert list(archive.records(visit, after=1)) == [record(2)]


def test_what_does_not_exist(path: Path) -> None:
    with pytest.raises(JournalError, match="There is no journal at"):
        Archive(path)
    Journal.open(path).close()
    with Journal.open(path) as journal:
        assert journal.flush()
        journal.ask(lambda connection: None)
        with Archive(path) as archive:
            assert archive.visits() == []
            with pytest.raises(NoSuchVisitError, match="has no visits yet"):
                archive.latest()
            with pytest.raises(NoSuchVisitError, match="no visit 7"):
                archive.visit(7)
            with pytest.raises(NoSuchVisitError, match="no visit 7"):
                archive.records(7)


def test_what_cannot_be_read(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    with pytest.raises(JournalError, match="cannot be read"):
        Archive(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(JournalError, match="cannot be read"):
        Archive(path)
    path.rmdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(JournalError, match="another program"):
        Archive(path)


def test_a_table_that_is_damaged(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE visits")
    with Archive(path) as archive, pytest.raises(JournalError, match="no such table"):
        archive.visits()


def test_a_reader_changes_nothing(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
    before = path.read_bytes()
    with Archive(path) as archive:
        assert len(archive.visits()) == 1
    assert path.read_bytes() == before


def test_a_write_protected_medium(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite cannot make its helper files there, which a test that runs as root cannot arrange."""
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
    opened = schema._opened

    def protected(uri: str) -> sqlite3.Connection:
        if "immutable" not in uri:
            raise sqlite3.OperationalError("unable to open database file")
        return opened(uri)

    monkeypatch.setattr(schema, "_opened", protected)
    with Archive(path) as archive:
        assert len(archive.visits()) == 1
