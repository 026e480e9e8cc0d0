from __future__ import annotations

import pytest

from techtool import tape
from techtool.station.records import Direction, Kind, Record
from techtool.tape import Tape


def record(number: int, data: bytes = b"") -> Record:
    return Record(number, 1, number, number, Direction.CHARGER, Kind.TEXT, data)


def test_numbers_lead_to_records() -> None:
    kept = Tape(record(number) for number in range(5, 10))
    assert (kept.first, kept.last, len(kept)) == (5, 9, 5)
    assert kept[7].number == 7
    assert [one.number for one in kept.since(7)] == [8, 9]
    for missing in (4, 10):
        with pytest.raises(KeyError):
            kept[missing]


def test_an_empty_one_has_no_last() -> None:
    assert (Tape().first, Tape().last) == (1, 0)
    assert list(Tape().since(0)) == []


def test_the_oldest_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "KEPT", 100)
    kept = Tape()
    for number in range(1, 1001):
        kept.append(record(number))
        assert len(kept) <= 110
        assert kept[kept.first].number == kept.first and kept[number].number == number
    assert kept.last == 1000 and len(kept) >= 90


def test_the_oldest_go_when_they_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "KEPT_BYTES", 10_000)
    kept = Tape()
    for number in range(1, 101):
        kept.append(record(number, b"x" * 1_000))
        assert sum(len(one.data) for one in kept.since(0)) <= 10_000
    for number in range(101, 140):
        kept.append(record(number, b"x" * 50_000))
        assert kept.last == number, "the newest stays, however large"
    assert len(kept) < 20
