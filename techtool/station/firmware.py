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


class Known(NamedTuple):
    """What is known of how an image gets there, before it is sent."""

    words: str
    """The way, as the rest of a line: ``into slot 1, at 115200 baud``."""
    broken_off: str
    """What the charger has when it is broken off, in a sentence."""
    bytes_per_s: float | None = None
    """Of the image, as fast as this wire can be; None where that is not known."""
    takes_start: bool = False
    """There is a receiver that a line may have to start."""
    start: str | None = None
    """The line that is typed where the technician says no other."""
    by: tuple[str, ...] = ()
    """What :attr:`Way.by` may say, the one first that is taken where it says nothing."""


def sent_by(known: Known, way: Way) -> str:
    """How it goes there, in words."""
    return f"{(way.by or known.by[0]).upper()}, {known.words}" if known.by else known.words


class Examined(NamedTuple):
    """What a file is, as far as that shows before it is sent."""

    words: str | None = None
    doubt: str | None = None
    """Why it may be the wrong one."""


class Step(NamedTuple):
    """How far it is."""

    sent: int
    """Bytes that the charger has acknowledged."""
    total: int
    left_s: float | None
    """At the speed so far."""


class Firmware(Protocol):
    """Over one link."""

    @property
    def known(self) -> Known:
        """What is known of the way now."""

    def examine(self, image: Image, way: Way) -> Examined:
        """Look at a file without sending anything; it takes as long as hashing it.

        Raises :class:`techtool.station.outcomes.CallRefusedError` for what may not go out.
        """

    async def push(self, image: Image, way: Way, told: Callable[[Step], None]) -> Outcome:
        """Send it, and look what the charger makes of it. ``told`` hears how far it is, some times a second.

        Raises :class:`techtool.station.outcomes.CallRefusedError` for what may not go out, and what the link
        raises where it is lost before. A charger that has not got everything is told to give up when this is
        cancelled.
        """
