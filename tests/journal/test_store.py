from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.journal.store import Journal
from techtool.station.findings import Code, Finding, Severity
from techtool.station.records import Kind, Record
from tests.journal.making import note, record, records

WHEN = datetime(2026, 11, 22, 5, 2, 38, 789863, tzinfo=UTC)


def finding(count: int, text: str = "not JSON") -> Finding:
    return Finding(Code.NOT_JSON, "text", Severity.WARNING, text, WHEN, WHEN, count, (1, count))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "journal.sqlite3"


def test_what_is_written_is_read(path: Path) -> None:
    everything = [record(n, bytes([n]) * n, kind) for n, kind in enumerate(Kind, 1)]
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1.2", title="Depot")
        for one in everything:
            journal.write(one)
        assert journal.flush()
        with Archive(path) as archive:
            assert list(archive.records(visit)) == everything
            assert archive.visit(visit).ended is None
    with Archive(path) as archive:
        row = archive.latest()
    assert (row.id, row.title, row.version, row.records, row.dropped) == (visit, "Depot", "1.2", len(Kind), 0)
    assert row.ended is not None
    assert row.began <= row.ended


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_the_user_may_read_it(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_visits_follow_each_other(path: Path) -> None:
    with Journal.open(path) as journal:
        first = journal.begin_visit(version="1", title="first")
        journal.write(record(1))
        second = journal.begin_visit(version="1", title="second")
        journal.write(record(1, b"other"))
    with Archive(path) as archive:
        assert [row.title for row in archive.visits()] == ["second", "first"]
        assert archive.visit(first).ended is not None
        assert [r.data for r in archive.records(second)] == [b"other"]


def test_connections_are_read_from_the_records(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        journal.write(note(1, Kind.OPENED, b'{"wire":"tcp","peer":"10.0.0.9:4711","local":"10.0.0.1:9000"}'))
        journal.write(note(2, Kind.LINKED, b'{"identity":"CP1","protocol":"ocpp1.6"}'))
        journal.write(note(3, Kind.OPENED, b'{"peer":"10.0.0.9:4712"}', connection=2))
        assert journal.flush()
        journal.write(note(4, Kind.CLOSED, b'{"code":1006}'))
        journal.write(note(5, Kind.LINKED, b"not JSON", connection=3))
        journal.write(note(6, Kind.LINKED, b'{"identity":17,"protocol":["x"]}', connection=4))
    with Archive(path) as archive:
        one, two, three, four = archive.connections(visit)
        row = archive.visit(visit)
    assert one == (1, record(1).at, record(4).at, "CP1", "ocpp1.6", "10.0.0.9:4711")
    assert two == (2, record(3).at, None, None, None, "10.0.0.9:4712")
    assert three.identity is None
    assert (four.identity, four.protocol) == ("17", '["x"]')
    assert row.identities == ("CP1", "17")


def test_a_finding_is_kept_in_its_newest_state(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        for count in range(1, 2_000):
            journal.find("CP1", finding(count))
        journal.find("CP2", finding(1, "lone \ud800 surrogate"))
        journal.write(record(1))
    with Archive(path) as archive:
        (_, one), (_, two) = archive.findings(visit)
        assert archive.visit(visit).findings == 2
    assert one == finding(1_999)
    assert two.text == "lone \\ud800 surrogate"


def test_writing_without_a_visit_is_counted(path: Path) -> None:
    with Journal.open(path) as journal:
        journal.write(record(1))
        journal.find("CP1", finding(1))
        assert journal.dropped == 1


def test_many_records_from_several_threads(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")

        def write(part: list[Record]) -> None:
            for r in part:
                journal.write(r)

        parts = [records(20_000)[start::4] for start in range(4)]
        threads = [threading.Thread(target=write, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert journal.flush(30)
        assert journal.waiting == 0
    with Archive(path) as archive:
        assert list(archive.records(visit)) == records(20_000)


def test_two_journals_at_once(path: Path) -> None:
    with Journal.open(path) as one, Journal.open(path) as two:
        visits = [one.begin_visit(version="1"), two.begin_visit(version="1")]
        for r in records(5_000):
            one.write(r)
            two.write(r)
        assert one.flush(30)
        assert two.flush(30)
        assert one.trouble is None
        assert two.trouble is None
    assert len(set(visits)) == 2
    with Archive(path) as archive:
        for visit in visits:
            assert list(archive.records(visit)) == records(5_000)


def test_the_same_record_twice_is_one(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        journal.write(record(1))
        assert journal.flush()
        journal.write(record(1, b"other"))
    with Archive(path) as archive:
        assert list(archive.records(visit)) == [record(1)]


def test_a_value_that_sqlite_refuses_costs_only_itself(path: Path) -> None:
    with Journal.open(path) as journal:
        visit = journal.begin_visit(version="1")
        journal.write(record(1))
        journal.write(record(2)._replace(mono=2**70))
        journal.write(record(3))
        assert journal.flush()
        assert journal.dropped == 1
        assert journal.trouble is None
    with Archive(path) as archive:
        assert [r.number for r in archive.records(visit)] == [1, 3]


def test_the_log_is_moved_into_the_file(path: Path) -> None:
    from techtool.journal.checkpoint import checkpoint

    with Journal.open(path) as journal:
        journal.begin_visit(version="1")
        for r in records(1_000):
            journal.write(r)
        assert journal.flush()
        before = path.stat().st_size
        assert checkpoint(path, "PASSIVE")
        assert path.stat().st_size > before
        assert checkpoint(path, "TRUNCATE")
        assert Path(f"{path}-wal").stat().st_size == 0
    assert not checkpoint(path.parent, "PASSIVE")


def test_close_twice_and_use_after_close(path: Path) -> None:
    journal = Journal.open(path)
    journal.begin_visit(version="1")
    assert journal.close() == 0
    assert journal.close() == 0
    assert journal.ask(lambda connection: 1) is None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
