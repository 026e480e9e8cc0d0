"""What a line needs of the session that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from techtool.csms.dialogue import Ended
from techtool.csms.frames import Parsed
from techtool.csms.policy import Policy
from techtool.csms.version import StartKey
from techtool.station.model import Station
from techtool.station.records import Direction, Kind

if TYPE_CHECKING:
    from techtool.csms.line import Line


class House(Protocol):
    """Who has the lines: asked what holds, and told what happens."""

    policy: Policy

    def enter(self, peer: str, local: str) -> int:
        """A socket was accepted; its connection number."""

    def record(
        self, connection: int, direction: Direction, kind: Kind, data: bytes, parsed: Parsed | None = None
    ) -> None:
        """Keep what passed."""

    def settle(self) -> None:
        """Everything recorded so far may now be looked at."""

    def linked(self, line: Line) -> None:
        """The handshake is done."""

    def ended(self, ended: Ended) -> None:
        """A call is over."""

    def left(self, line: Line) -> None:
        """The socket is gone."""

    def known(self, identity: str) -> Station | None:
        """What the records tell of this charger so far."""

    def transaction_id(self, identity: str, key: StartKey) -> int:
        """The id for a 1.6 transaction."""
