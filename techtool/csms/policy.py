"""What the technician decides about the chargers that call: values only, changeable while one is connected."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from techtool.csms.knocks import Reason

EMPTY: Mapping[str, str] = MappingProxyType({})
PROTOCOLS = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")
HEARTBEAT_INTERVAL = 300
"""Seconds. Never 0: some chargers then send Heartbeats as fast as they are answered."""
MOST_INTERVAL_S = 86_400
BOOT_ANSWERS = ("Accepted", "Pending", "Rejected")


def interval(typed: str) -> int | None:
    """Seconds for a boot's answer, whole and from 1 to a day; None where it is something else."""
    text = typed.strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_INTERVAL_S)) else 0
    return number if 0 < number <= MOST_INTERVAL_S else None


class Policy(NamedTuple):
    """Who may come in, and what they are told."""

    protocols: tuple[str, ...] = PROTOCOLS
    """The versions that are allowed."""
    fallback: str | None = "ocpp1.6"
    """The version of a charger that offers none; None lets no such charger in."""
    identity: str | None = None
    """Only this charger; None lets every charger in."""
    password: bytes | None = None
    """Wanted for HTTP Basic; None takes whatever comes."""
    boot_status: str = "Accepted"
    """The answer to a BootNotification: Accepted, Pending or Rejected."""
    heartbeat_interval: int = HEARTBEAT_INTERVAL
    """Seconds; to who is not accepted: until it may try again."""
    strict: bool = False
    """What a 2.x charger sends before it is accepted is refused, as the standard wants it."""
    tokens: Mapping[str, str] = EMPTY
    """Authorization status by token in lower case."""
    other_tokens: str = "Accepted"
    """The status of every other token."""

    def welcoming(self, reason: Reason, detail: str) -> Policy | None:
        """The policy that would have let in who was turned away for this reason; None where none could.

        ``detail`` is the one of the knock: ``offered ocpp1.2, ocpp1.5``, ``offered none``.
        """
        match reason:
            case Reason.UNKNOWN_SUBPROTOCOL if self._could_speak(detail.removeprefix("offered ").split(", ")):
                return self._replace(protocols=PROTOCOLS, fallback=PROTOCOLS[0])
            case Reason.OTHER_IDENTITY if self.identity is not None:
                return self._replace(identity=None)
            case Reason.NO_PASSWORD | Reason.WRONG_PASSWORD if self.password is not None:
                return self._replace(password=None)
        return None

    def _could_speak(self, offered: list[str]) -> bool:
        """A version of these is known but not allowed now; without an offer, no version is taken for granted."""
        if offered == ["none"]:
            return self.fallback is None
        known = {one.lower() for one in offered} & set(PROTOCOLS)
        return bool(known) and known.isdisjoint(self.protocols)

    def authorize(self, token: str | None) -> str:
        """The authorization status for a token; tokens compare without regard to case."""
        return self.tokens.get((token or "").lower(), self.other_tokens)
