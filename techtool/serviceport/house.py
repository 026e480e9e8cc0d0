"""What a serial line needs of the session that it belongs to."""

from __future__ import annotations

from typing import Protocol

from techtool.station.records import Direction, Kind


class House(Protocol):
    """Who has the lines: told what happens."""

    def enter(self, peer: str, local: str, wire: str) -> int:
        """A port was opened; its connection number."""

    def record(self, connection: int, direction: Direction, kind: Kind, data: bytes) -> None:
        """Keep what passed."""

    def settle(self) -> None:
        """Everything recorded so far may now be looked at."""
