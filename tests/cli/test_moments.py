from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from techtool.cli import moments
from techtool.station.records import Direction, Kind, Record

START = datetime(2026, 11, 22, 23, 59, 50, tzinfo=UTC)


def records() -> list[Record]:
    return [
        Record(n, 1, int((START + timedelta(seconds=n)).timestamp()) * 10**9, n, Direction.NOTE, Kind.OPENED, b"")
        for n in range(1, 31)
    ]


@pytest.mark.parametrize(
    ("at", "last"),
    [
        ("#7", 7),
        ("23:59:55", 5),
        ("23:59:55.500", 5),
        ("00:00:05", 15),
        ("2026-11-22T23:59:52Z", 2),
        ("2026-11-23T01:00:00+01:00", 10),
        ("2026-11-22T10:00:00Z", 0),
        ("#30", 30),
    ],
)
def test_records_up_to_a_moment(at: str, last: int) -> None:
    assert len(moments.until(records(), at, UTC)) == last


def test_a_clock_time_is_local() -> None:
    assert len(moments.until(records(), "00:59:55", timezone(timedelta(hours=1)))) == 5


def test_a_record_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match=r"There is no record #99: the last one is #30\."):
        moments.until(records(), "#99", UTC)


@pytest.mark.parametrize("at", ["teatime", "#x", "25:00:00", ""])
def test_what_is_no_moment_is_said(at: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        moments.until(records(), at, UTC)


def test_a_time_without_a_zone_is_local() -> None:
    assert len(moments.until(records(), "2026-11-23T01:00:00", timezone(timedelta(hours=1)))) == 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot be moved to another time zone")
def test_a_moment_that_the_local_time_zone_does_not_have_is_no_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    try:
        with pytest.raises(ValueError, match="is no moment"):
            moments.until(records(), "0001-01-01T00:00:00")
    finally:
        monkeypatch.undo()
        time.tzset()
