"""How an upload stands, and how it ended, in values and in words. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Progress(NamedTuple):
    """How far an upload is."""

    taken: int
    """Bytes that the device says it has."""
    total: int
    seconds: float
    """Since the first packet; 0 before it."""
    repeated: int
    """Packets that were sent again."""

    @property
    def bytes_per_s(self) -> float | None:
        """Of the image, not of the wire; None before there is anything to measure."""
        return self.taken / self.seconds if self.taken and self.seconds > 0 else None

    @property
    def left_s(self) -> float | None:
        """Seconds until all of it is taken, at the speed so far."""
        rate = self.bytes_per_s
        return (self.total - self.taken) / rate if rate else None


class Ending(StrEnum):
    """What came of an upload. Only SENT means that the device has the image."""

    SENT = "sent"
    UNCHECKED = "unchecked"  # it took all of it, and does not show that it has it
    MISMATCHED = "mismatched"  # it took all of it, and has something else
    REFUSED = "refused"
    SILENT = "silent"
    PORT_LOST = "port lost"
    CANCELLED = "cancelled"


class Ended(NamedTuple):
    """An upload that is over."""

    ending: Ending
    text: str
    """For the technician: what happened, and how far it was."""
    progress: Progress


def how_far(progress: Progress, begun: bool) -> str:
    """The end of a sentence about an upload that did not succeed."""
    if not begun:
        return "Nothing of the image was sent."
    if not progress.taken:
        return "The device has nothing of it."
    text = f"Image incomplete: {progress.taken:,} of {progress.total:,} bytes"
    return f"{text}. The same file goes on there, unless the device was reset."
