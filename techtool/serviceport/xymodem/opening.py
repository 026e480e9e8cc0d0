"""How a receiver says that it is ready, told from a console that talks. Pure; times are monotonic seconds.

A receiver sends ``C``, or NAK, alone and again every second or so. A ``C`` also stands in "CPU" and "U-Boot SPL
Console": it counts as the last thing that was said, not as part of a word.
"""

from __future__ import annotations

from techtool.serviceport.xymodem.noise import KEPT
from techtool.serviceport.xymodem.packets import CRC, NAK, STREAM

QUIET_S = 0.05
"""So long nothing may follow. USB adapters hold bytes back for 16 ms."""
SURE = 3
"""So many of one letter are no word, whatever follows."""
NEVER = float("inf")
_LETTERS = (CRC, NAK, STREAM)


class Opening:
    """Listens for the receiver's first letter."""

    def __init__(self) -> None:
        self._said = bytearray()
        self._letter: int | None = None
        self.deadline = NEVER
        """When :meth:`letter` has an answer though nothing more was heard."""

    @property
    def said(self) -> bytes:
        """The last that was heard, letters included."""
        return bytes(self._said)

    def heard(self, data: bytes, now: float) -> None:
        """Take in what came."""
        self._said += data
        del self._said[:-KEPT]
        self._letter, self.deadline = None, NEVER
        if not self._said or self._said[-1] not in _LETTERS:
            return
        letter = self._said[-1]
        before = self._said.rstrip(bytes([letter]))
        times = len(self._said) - len(before)
        if letter == STREAM and times < 2:
            return  # one bit of a C may have been flipped
        sure = times >= SURE
        if sure or not before or before[-1] in _LETTERS or not before[-1:].isalnum():
            self._letter = letter
            self.deadline = now if sure else now + QUIET_S

    def letter(self, now: float) -> int | None:
        """What the receiver asks for, as soon as that is certain."""
        return self._letter if now >= self.deadline else None
