"""What a simulated charger wants done: it decides, the runner does."""

from __future__ import annotations

from typing import NamedTuple


class Handshake(NamedTuple):
    """How the charger knocks at the back office."""

    url: str
    """Address with the identity, as it goes into the request line."""
    subprotocols: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    origin: str | None
    answers_pings: bool


class Connect(NamedTuple):
    """Open a new socket."""

    handshake: Handshake


class Transmit(NamedTuple):
    """Send one WebSocket message, byte for byte."""

    data: bytes
    text: bool = True
    """As a text message; False for a binary one."""


class Ping(NamedTuple):
    """Send a WebSocket ping."""


class Close(NamedTuple):
    """End the link with a close frame."""

    code: int = 1000
    reason: str = ""


class Abort(NamedTuple):
    """Drop the TCP connection without a close frame."""


class Abandon(NamedTuple):
    """Forget the socket, but leave it open: the other side cannot tell."""


class Report(NamedTuple):
    """Something to tell the person who runs the simulator."""

    kind: str
    """``link``, ``sent``, ``received``, ``state``, ``note``, ``problem`` or ``help``."""
    text: str


class Quit(NamedTuple):
    """End the simulation."""


Effect = Connect | Transmit | Ping | Close | Abort | Abandon | Report | Quit
