"""What every version module offers, and what it gets to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from techtool.csms.hearing import Hearing

Payload = dict[str, Any]


class StartKey(NamedTuple):
    """What tells a 1.6 StartTransaction from another one, so that a replay gets the same id."""

    connector: int
    id_tag: str
    timestamp: str
    meter_start: float


class Desk(Protocol):
    """The laptop's decisions, while it answers a charger."""

    @property
    def now(self) -> datetime:
        """The laptop's clock, aware UTC."""

    @property
    def boot_status(self) -> str:
        """Accepted, Pending or Rejected."""

    @property
    def heartbeat_interval(self) -> int:
        """Seconds, more than 0."""

    def authorize(self, token: str | None) -> str:
        """The authorization status of a token."""

    def transaction_id(self, key: StartKey) -> int:
        """A transaction id above 0: the same for the same start, otherwise never used before."""


class UnanswerableError(ValueError):
    """The request lacks what its answer must repeat; it gets a CALLERROR."""


class Version(NamedTuple):
    """One version of OCPP: pure tables by action."""

    protocol: str
    answers: Mapping[str, Callable[[Any, Desk], Payload]]
    """The answer to each message that a charger may send."""
    said: Mapping[str, Callable[[Payload, Hearing], None]]
    """What each message of the charger changes."""
    answered: Mapping[str, Callable[[Payload, Payload, Hearing], None]]
    """What the laptop's answer to a message of the charger changes: (request, answer, hearing)."""
    unreadable_code: str
    """The error code for a CALL that cannot be read."""
    unsolicited: Mapping[str, Callable[[Payload, Hearing], None]]
    """2.1's SEND messages."""


def nothing(request: Any, desk: Desk) -> Payload:
    """The empty answer."""
    return {}


def fixed(**answer: Any) -> Callable[[Any, Desk], Payload]:
    """Always the same answer."""
    return lambda request, desk: dict(answer)
