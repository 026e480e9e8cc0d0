"""Bytes of a serial line in; frames, chatter and junk out. Pure, and the same for every way the bytes are cut.

Every byte that goes in comes out once, in its order, whatever it is: the journal keeps all of it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame, FrameError, decode

MAX_PIECE = 256
"""Bytes without an end of line, after which it is no frame and no sentence."""
_ENDS = (0x0D, 0x0A)


class Sort(StrEnum):
    """What a piece is."""

    FRAME = "frame"
    CHATTER = "chatter"  # text between the frames: what a charger says while it boots
    JUNK = "junk"


class Piece(NamedTuple):
    """Some bytes that belong together, with the end of their line."""

    sort: Sort
    data: bytes
    frame: Frame | None = None
    reason: str = ""
    """Why it is junk."""


class Framer:
    """Cuts what comes from a charger into pieces."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""
        pieces: list[Piece] = []
        for byte in data:
            if byte == 0x24 and self._begun:  # a $ begins a frame, wherever it stands
                pieces.append(self._cut())
            self._held.append(byte)
            self._begun = self._begun or byte not in _ENDS  # the ends of an empty line go with the next one
            if (byte in _ENDS and self._begun) or len(self._held) >= MAX_PIECE:
                pieces.append(self._cut())
        return pieces

    def flush(self) -> list[Piece]:
        """What is left, when nothing more has come for a while or the port is gone."""
        return [self._cut()] if self._held else []

    def _cut(self) -> Piece:
        data = bytes(self._held)
        self._held.clear()
        self._begun = False
        line = data.strip(b"\r\n")
        if line[:1] != b"$":
            if all(0x20 <= byte < 0x7F or byte == 0x09 for byte in line):
                return Piece(Sort.CHATTER, data)
            return Piece(Sort.JUNK, data, reason="bytes that are no text")
        if data[-1] not in _ENDS:
            return Piece(Sort.JUNK, data, reason="a frame without its end")
        try:
            return Piece(Sort.FRAME, data, decode(line))
        except FrameError as error:
            return Piece(Sort.JUNK, data, reason=f"a broken frame: {error}")
