"""A charger of few words at the other end of a cable."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from techtool.serviceport.rapi.framer import Framer
from techtool.serviceport.rapi.frames import Frame, checksum
from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable

ANSWERS = {
    "GV": "8.2.3.EU 5.2.1",
    "GS": "03 600 03 0540",
    "GG": "15400 230000",
    "GC": "6 32 16 32",
    "GU": "36000 1200",
    "GP": "-2560 253 -2560",
    "GE": "16 0021",
}


def line(text: str) -> bytes:
    body = text.encode("latin-1")
    return body + b"^%02X\r" % checksum(body)


class Charger(Far):
    """Answers by a table; ``silent`` keeps it from it. A ``deaf`` one only talks: half-open wiring."""

    def __init__(self, wire: Cable) -> None:
        super().__init__(wire)
        self.answers = dict(ANSWERS)
        self.silent = self.deaf = False
        self.asked: list[Frame] = []
        self._framer = Framer()

    def say(self, text: str) -> None:
        self.wire.say(line(text))

    def received(self, data: bytes) -> bytes:
        if self.deaf:
            return line("$AT 01 01 16 0200")
        frames = [piece.frame for piece in self._framer.feed(data) if piece.frame is not None]
        self.asked += frames
        return b"" if self.silent else b"".join(map(self._answer, frames))

    def _answer(self, asked: Frame) -> bytes:
        told = self.answers.get(asked.name)
        return line(f"{'$NK' if told is None else f'$OK {told}'} :{asked.sequence}")


def charger(wire: Cable) -> AbstractAsyncContextManager[Charger]:
    """A charger at this end of the cable, until it is unplugged."""
    return Charger(wire).alive()
