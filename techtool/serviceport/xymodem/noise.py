"""What is heard between the answers. Pure."""

from __future__ import annotations

from techtool.serviceport.xymodem.packets import CAN

KEPT = 240
"""Bytes that are kept for the technician: a charger that reboots says so."""


class Noise:
    """Counts it, keeps the last of it, and knows when it is a cancel."""

    def __init__(self) -> None:
        self.count = 0
        """Bytes so far."""
        self._last = bytearray()
        self._cancelling = False

    @property
    def last(self) -> bytes:
        """What was heard since the last answer, its end at least."""
        return bytes(self._last)

    def skip(self, byte: int) -> None:
        """It was no answer."""
        self.count += 1
        self._last.append(byte)
        del self._last[:-KEPT]

    def answered(self) -> None:
        """What came before an answer explains nothing any more."""
        self._last.clear()

    def cancels(self, byte: int) -> bool:
        """To be asked of every byte: two CAN in a row cancel, one alone is noise."""
        twice = self._cancelling and byte == CAN
        if self._cancelling and not twice:
            self.skip(CAN)
        self._cancelling = byte == CAN
        return twice
