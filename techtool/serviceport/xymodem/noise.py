"""What is heard between the answers. Pure."""

from __future__ import annotations

import re

from techtool.serviceport.xymodem.packets import CAN

KEPT = 240
"""Bytes that are kept for the technician: a charger that reboots says so."""
PIECES = re.compile(rb"[\x06\x15\x18CG]|[^\x06\x15\x18CG]+")
"""What may be an answer, byte by byte; what lies between, as a whole: a flood must not take the UI's time."""
_CAN = bytes([CAN])


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

    def skip(self, said: bytes) -> None:
        """It was no answer."""
        self.count += len(said)
        self._last += said[-KEPT:]
        del self._last[:-KEPT]

    def answered(self) -> None:
        """What came before an answer explains nothing any more."""
        self._last.clear()

    def cancels(self, said: bytes) -> bool:
        """To be asked of everything, CAN by CAN: two in a row cancel, one alone is noise."""
        twice = self._cancelling and said == _CAN
        if self._cancelling and not twice:
            self.skip(_CAN)
        self._cancelling = said == _CAN
        return twice
