"""What a serial line needs of the session that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from techtool.station.records import Direction, Kind, Record


class Tape(Protocol):
    """The records so far."""

    @property
    def last(self) -> int:
        """The number of the newest; 0 if there is none."""

    def since(self, number: int) -> Iterator[Record]:
        """The records after this number, oldest first."""


class House(Protocol):
    """Who has the lines: told what happens."""

    @property
    def tape(self) -> Tape:
        """What was recorded."""

    def enter(self, peer: str, local: str, wire: str, **more: str) -> int:
        """A port was opened; its connection number. ``more`` stands in the note on it."""

    def record(self, connection: int, direction: Direction, kind: Kind, data: bytes) -> None:
        """Keep what passed."""

    def settle(self) -> None:
        """Everything recorded so far may now be looked at."""
