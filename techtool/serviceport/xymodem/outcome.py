"""How a transfer stands, and how it ended, in values and in words. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from techtool.text import decoded

WANTS_STREAM = "The receiver wants YMODEM-G, which has no acknowledgements: start it without -g."


class Progress(NamedTuple):
    """How far a transfer is."""

    acknowledged: int
    """Bytes of the files that the receiver has, without what fills the last block."""
    total: int
    seconds: float
    """Since the first block of data; 0 before it."""
    repeated: int
    """Blocks that were sent again, and ends of file, too."""
    junk: int
    """Bytes heard that were no answers."""
    file: str
    """Which one it is at."""

    @property
    def bytes_per_s(self) -> float | None:
        """Of the files, not of the wire; None before there is anything to measure."""
        return self.acknowledged / self.seconds if self.acknowledged and self.seconds > 0 else None

    @property
    def left_s(self) -> float | None:
        """Seconds until everything is acknowledged, at the speed so far."""
        rate = self.bytes_per_s
        return (self.total - self.acknowledged) / rate if rate else None


class Ending(StrEnum):
    """What came of a transfer. Only SENT means that the receiver has everything."""

    SENT = "sent"
    CANCELLED = "cancelled"  # by the technician
    CANCELLED_BY_RECEIVER = "cancelled by the receiver"
    REFUSED = "refused"  # one block was asked for again too often
    UNSUPPORTED = "unsupported"  # it wants a protocol that we do not send
    SILENT = "silent"
    NEVER_STARTED = "never started"
    PORT_LOST = "port lost"


class Ended(NamedTuple):
    """A transfer that is over."""

    ending: Ending
    text: str
    """For the technician: what happened, and how far it was."""
    progress: Progress
    rest: bytes = b""
    """What was heard after the end: the first words of what the receiver does next."""
    whole: bool = False
    """The receiver has acknowledged every file and its end; only the batch may not be closed."""


def how_far(progress: Progress, begun: bool, whole: bool) -> str:
    """The end of a sentence about a transfer that did not succeed; ``whole`` as in :class:`Ended`."""
    if not begun:
        return "Nothing of the image was sent."
    if whole:
        return (
            f"The image ({progress.total:,} bytes) and its end were acknowledged, "
            "only the goodbye after it was not answered: check what runs now."
        )
    if progress.acknowledged == progress.total:
        return f"Image complete ({progress.total:,} bytes), but its end was not acknowledged: check what runs now."
    return f"Image incomplete: {progress.acknowledged:,} of {progress.total:,} bytes acknowledged."


def instead(heard: bytes) -> str:
    """What came instead of an answer, for the end of a sentence."""
    if not heard:
        return "nothing was heard"
    high = sum(byte >= 0x80 for byte in heard)
    wrong = " (no text: wrong speed?)" if high * 4 > len(heard) else ""
    return f'heard instead{wrong}: "{decoded(heard, 200)}"'
