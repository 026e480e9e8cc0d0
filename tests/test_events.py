"""What is told of what happened, and which findings are told again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from techtool.events import Event, News, events
from techtool.picture import Taken
from techtool.station.changes import Metered
from techtool.station.findings import Code, Severity
from techtool.station.model import Reading, ReadingKey
from techtool.station.records import Direction, Kind, Record

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(text: str, seconds: float = 0, *, subject: str = "", severity: str = "warning", who: str = "A") -> Event:
    data = {"code": Code.FLOOD.value, "severity": severity, "text": text, "subject": subject}
    return Event(START + timedelta(seconds=seconds), "finding", who, f"{severity}: {text}", data)


def test_what_differs_in_its_numbers_alone_is_told_once_a_minute() -> None:
    news = News()
    flood = [found(f"Heartbeat floods in, {200 + tenth} messages a second.", tenth / 10) for tenth in range(1500)]
    assert [one.at.second + 60 * one.at.minute for one in flood if news.is_new(one)] == [0, 60, 120]


def test_what_changes_in_substance_is_told_at_once_and_not_again_and_again() -> None:
    news = News()
    told = [
        news.is_new(one)
        for _ in range(2)
        for one in (
            found("The link is slow."),
            found("The link is slower."),
            found("The link is slow.", severity=Severity.INFO),
            found("The link is slow.", subject="B"),
            found("The link is slow.", who="B"),
        )
    ]
    assert told == [True] * 5 + [False] * 5


def test_everything_else_is_always_told() -> None:
    news = News()
    beat = Event(START, "status", "A", "EVSE 1 connector 1 Available", {})
    assert news.is_new(beat) and news.is_new(beat)


def test_ever_new_findings_do_not_fill_the_memory() -> None:
    news = News()
    for number in range(3000):
        assert news.is_new(found("x", subject=str(number)))
    assert news.is_new(found("x", subject="0")) and not news.is_new(found("x", subject="2999"))


def test_a_value_that_was_kept_while_the_charger_was_offline_is_told_with_its_age() -> None:
    reading = Reading(9999.0, "W", START, None, None, "9999", 7200.0)
    metered = Metered(1, {ReadingKey("Power.Active.Import", None, None): reading})
    record = Record(1, 1, int(START.timestamp()) * 1_000_000_000, 1, Direction.CHARGER, Kind.TEXT, b"")
    (told,) = events(Taken(record, "CP1", [metered], None))
    assert told.text.endswith("9999 W  (measured 2 h 0 min ago)")
    assert told.document()["values"][0]["at"] == "2026-11-22T08:00:00.000Z"
