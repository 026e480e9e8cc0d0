"""What the technician decides about the chargers that call: values only, changeable while one is connected."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

EMPTY: Mapping[str, str] = MappingProxyType({})
HEARTBEAT_INTERVAL = 300
"""Seconds. Never 0: some chargers then send Heartbeats as fast as they are answered."""


class Policy(NamedTuple):
    """Who may come in, and what they are told."""

    protocols: tuple[str, ...] = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")
    """The versions that are allowed."""
    fallback: str | None = "ocpp1.6"
    """The version of a charger that offers none; None lets no such charger in."""
    identity: str | None = None
    """Only this charger; None lets every charger in."""
    password: bytes | None = None
    """Wanted for HTTP Basic; None takes whatever comes."""
    boot_status: str = "Accepted"
    heartbeat_interval: int = HEARTBEAT_INTERVAL
    tokens: Mapping[str, str] = EMPTY
    """Authorization status by token in lower case."""
    other_tokens: str = "Accepted"
    """The status of every other token."""

    def authorize(self, token: str | None) -> str:
        """The authorization status for a token; tokens compare without regard to case."""
        return self.tokens.get((token or "").lower(), self.other_tokens)
