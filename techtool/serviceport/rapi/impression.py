"""What a line has brought so far, and what to look at while no charger answers there. Pure."""

from __future__ import annotations

import re

from techtool.serviceport.rapi.framer import Piece
from techtool.serviceport.rapi.frames import is_told
from techtool.serviceport.traits import garbled

LOOKED_AT = 1024
"""Bytes that are no frames, the newest: enough to tell text from a wrong speed."""
HALF_OPEN = (
    "It talks by itself, but answers no question: what is sent does not reach it (half-open wiring). "
    "Is this TX on its RX, and does nothing else send on that wire, like a WiFi module?"
)
_WORDS = re.compile(rb"[ -~\t]{2,}")


class Impression:
    """Of one opening of a port."""

    def __init__(self) -> None:
        self.answered = False
        """A question of ours was."""
        self.timed_out = False
        """A question was not."""
        self._talks = self._echoes = self._text = False
        self._strange = b""

    def came(self, piece: Piece) -> None:
        """This did."""
        if piece.frame is None:
            self._text = self._text or _is_text(piece)
            self._strange = (self._strange + piece.data)[-LOOKED_AT:]
        elif is_told(piece.frame):
            self._talks = True  # by itself, or to a WiFi module on the same line
        else:
            self._echoes = True

    def advice(self, line: str) -> str:
        """What to look at; ``line`` is how it was opened, ``115200 baud 8N1``."""
        if self.answered:
            return "It answers, but has not told yet what it is: it may need longer."
        if self._talks and self.timed_out:
            return HALF_OPEN
        if self._talks:
            return "It talks by itself, and has not answered a question yet."
        if self._strange and (garbled(self._strange) or not self._text):
            return f"Bytes came, but no whole frame: wrong speed? The line is open at {line}. Is ground joined?"
        if self._text:
            return (
                "It says something (see what passes), but no RAPI: is it another device? "
                "--protocol console shows all that it says."
            )
        if self._echoes:
            return "Only what was sent came back: are RX and TX joined, or does the device wait for a login?"
        return f"Nothing came: are RX and TX crossed, is ground joined, is the line {line}, is it awake?"


def _is_text(piece: Piece) -> bool:
    """Text with colours is junk to the framer; what begins with a ``$`` is a damaged frame."""
    return piece.data.strip(b"\r\n")[:1] != b"$" and _WORDS.search(piece.data) is not None
