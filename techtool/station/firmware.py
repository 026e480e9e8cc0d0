"""The ability to give a charger a new firmware over the wire that it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from techtool.station.outcomes import Outcome


class Image(NamedTuple):
    """What is to run there."""

    name: str
    """Without folders."""
    data: bytes


class Way(NamedTuple):
    """What the technician knows better of how it is sent; None for what is known of the charger."""

    start: str | None = None
    """A line that is typed before."""
    by: str | None = None
    """``ymodem``, ``xmodem-1k`` or ``xmodem``."""


class Step(NamedTuple):
    """How far it is."""

    sent: int
    """Bytes that the charger has acknowledged."""
    total: int
    left_s: float | None
    """At the speed so far."""


class Firmware(Protocol):
    """Over one link."""

    async def push(self, image: Image, way: Way, told: Callable[[Step], None]) -> Outcome:
        """Send it, and look what the charger makes of it. ``told`` hears how far it is, some times a second.

        Raises :class:`techtool.station.outcomes.CallRefusedError` for what may not go out, and what the link
        raises where it is lost before. A charger that has not got everything is told to give up when this is
        cancelled.
        """
