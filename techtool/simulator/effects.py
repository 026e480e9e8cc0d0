"""What a simulated charger wants done: it decides, the runner does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handshake:
    """How the charger knocks at the back office."""

    url: str
    """Address with the identity, as it goes into the request line."""
    subprotocols: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    origin: str | None
    answers_pings: bool
    compress: bool
    """Offer permessage-deflate."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Open a new socket."""

    handshake: Handshake


@dataclass(frozen=True, slots=True)
class Transmit:
    """Send one WebSocket message, byte for byte."""

    data: bytes
    text: bool = True
    """As a text message; False for a binary one."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Send a WebSocket ping."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the link with a close frame."""

    code: int = 1000
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Abort:
    """Drop the TCP connection without a close frame."""


@dataclass(frozen=True, slots=True)
class Abandon:
    """Forget the socket, but leave it open: the other side cannot tell."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Get a file, and tell ``Charger.moved`` what came of it."""

    errand: int
    url: str
    ascii: bool = False
    """Over FTP without ``TYPE I``: the server may translate the ends of lines."""
    any_answer: bool = False
    """Over HTTP also the page of an error is the file."""


@dataclass(frozen=True, slots=True)
class Deliver:
    """Bring a file to a server, and tell ``Charger.moved`` what came of it."""

    errand: int
    url: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """Something to tell the person who runs the simulator."""

    kind: str
    """``link``, ``sent``, ``received``, ``state``, ``note``, ``problem`` or ``help``."""
    text: str


@dataclass(frozen=True, slots=True)
class Quit:
    """End the simulation."""


Effect = Connect | Transmit | Ping | Close | Abort | Abandon | Fetch | Deliver | Report | Quit
