"""What can be chosen about a simulated charger."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from techtool.simulator.quirks import checked

VERSIONS = ("1.6", "2.0.1", "2.1")


@dataclass(frozen=True, slots=True)
class SimulatorOptions:
    """One charger.

    Raises:
        ValueError: a value is out of its range, or a quirk does not exist.
    """

    url: str
    """Where the back office listens, ``ws://`` or ``wss://``, without the identity."""
    identity: str = "SIM-001"
    version: str = "1.6"
    """``1.6``, ``2.0.1`` or ``2.1``."""
    connectors: int = 2
    """1 to 64. In 2.x each is an EVSE with one connector."""
    quirks: frozenset[str] = field(default_factory=frozenset)
    password: str | None = None
    """For Basic authentication, with the identity as the user.

    In 1.6, 32 to 40 hex digits go out as the bytes behind them."""
    heartbeat: float | None = None
    """Seconds, over the interval of the boot answer."""
    meter_interval: int = 10
    """Seconds between readings in a transaction, 0 for none; the back office may change it."""
    seed: int | None = None
    """For message ids, serial number and the wander of voltages; None for other ones each time."""
    variables: int = 0
    """So many vendor variables (2.x) or vendor keys (1.6) on top of the standard ones."""
    speed: float = 1.0
    """How many simulated seconds pass in a real one. Above 1 the timestamps run ahead of the world."""
    autoplay: bool = False
    """Live by itself: a car comes, charges and leaves, a connector has a fault."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise ValueError(f"{self.url!r} is no ws:// or wss:// address")
        if self.version not in VERSIONS:
            raise ValueError(f"no such OCPP version: {self.version}. There are: {', '.join(VERSIONS)}")
        if not 1 <= self.connectors <= 64:
            raise ValueError(f"{self.connectors} connectors: 1 to 64 are possible")
        if not self.identity:
            raise ValueError("the identity is empty")
        if self.speed <= 0:
            raise ValueError(f"speed {self.speed}: it must be above 0")
        if self.meter_interval < 0 or self.variables < 0:
            raise ValueError("meter_interval and variables cannot be negative")
        if self.heartbeat is not None and self.heartbeat <= 0:
            raise ValueError(f"heartbeat {self.heartbeat}: it must be above 0 seconds")
        checked(self.quirks)
        if "basic-hex" in self.quirks and self.password is not None:
            bytes.fromhex(self.password)
