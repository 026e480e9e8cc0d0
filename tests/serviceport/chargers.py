"""A charger of few words at the other end of a cable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from techtool.serviceport.rapi.framer import Framer
from techtool.serviceport.rapi.frames import Frame, checksum
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


class Charger:
    """Answers by a table; ``silent`` keeps it from it."""

    def __init__(self, wire: Cable) -> None:
        self.wire = wire
        self.answers = dict(ANSWERS)
        self.silent = False
        self.asked: list[Frame] = []
        self.living: asyncio.Task[None] | None = None

    def say(self, text: str) -> None:
        self.wire.say(line(text))

    async def unplug(self) -> None:
        """Nobody may wait at an end that is closed: its number soon belongs to another one."""
        assert self.living is not None
        self.living.cancel()
        await asyncio.wait([self.living])
        self.wire.unplug()

    async def live(self) -> None:
        framer = Framer()
        while True:
            for piece in framer.feed(await self.wire.hear()):
                if piece.frame is None:
                    continue
                self.asked.append(piece.frame)
                told = self.answers.get(piece.frame.name)
                if not self.silent:
                    said = f"$OK {told}" if told is not None else "$NK"
                    self.say(f"{said} :{piece.frame.sequence}")


@asynccontextmanager
async def charger(wire: Cable) -> AsyncIterator[Charger]:
    """A charger at this end of the cable, until it is unplugged."""
    there = Charger(wire)
    async with asyncio.TaskGroup() as group:
        there.living = group.create_task(there.live())
        try:
            yield there
        finally:
            there.living.cancel()
