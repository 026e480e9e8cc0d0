"""A serial port that is looked at once. An edge; what is asked and what it means is decided by the probe."""

from __future__ import annotations

import asyncio
import json

from techtool.serviceport.house import House
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.probing import Probe, Probed
from techtool.serviceport.rapi.framer import Framer, Piece
from techtool.serviceport.rapi.line import KINDS
from techtool.station.records import Direction, Kind
from techtool.timeouts import timeout_at


async def probe(house: House, settings: Settings) -> Probed:
    """Listen, then ask, for about two seconds. Raises OpenError, and LinkLost where the port goes meanwhile."""
    port = await Port.open(settings)
    number = house.enter(settings.device, "", "probe")
    framer, loop = Framer(), asyncio.get_running_loop()
    probe = Probe(loop.time())
    ending = {"code": None, "reason": "the probe is over", "by": "laptop"}
    try:
        while not probe.over:
            try:
                async with timeout_at(probe.deadline):
                    data = await port.read()
            except TimeoutError:
                if (question := probe.tick(loop.time())) is not None:
                    for piece in _pieces(question):
                        house.record(number, Direction.LAPTOP, KINDS[piece.sort], piece.data)
                    port.write(question)
            else:
                probe.heard(data)
                for piece in framer.feed(data):
                    house.record(number, Direction.CHARGER, KINDS[piece.sort], piece.data)
            house.settle()
    except LinkLost as lost:
        ending |= {"reason": str(lost), "by": "port"}
        raise
    finally:
        for piece in framer.flush():
            house.record(number, Direction.CHARGER, KINDS[piece.sort], piece.data)
        house.record(number, Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
        house.settle()
        await port.close()
    return probe.result


def _pieces(question: bytes) -> list[Piece]:
    framer = Framer()
    return [*framer.feed(question), *framer.flush()]
