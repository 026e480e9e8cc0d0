"""Records for the tests of the journal."""

from __future__ import annotations

from techtool.station.records import Direction, Kind, Record

START = 1_790_000_000_123_456_789


def record(
    number: int,
    data: bytes = b"",
    kind: Kind = Kind.TEXT,
    *,
    connection: int = 1,
    direction: Direction = Direction.CHARGER,
) -> Record:
    """A record with plausible times."""
    shown = data or b'[2,"%d","Heartbeat",{}]' % number
    return Record(number, connection, START + number * 1_000_003, number * 1_000_003, direction, kind, shown)


def note(number: int, kind: Kind, data: bytes, connection: int = 1) -> Record:
    """A note of techtool's own."""
    return record(number, data, kind, connection=connection, direction=Direction.NOTE)


def records(count: int) -> list[Record]:
    """Numbered from 1."""
    return [record(number) for number in range(1, count + 1)]
