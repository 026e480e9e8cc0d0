"""One serial port with an OpenEVSE at it, opened again whenever it comes back. An edge.

It knows what bytes these are and when they may be sent; what is said is decided by the driver.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from techtool.serviceport.house import House
from techtool.serviceport.link import CANNOT, keep_open
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.rapi import commanding, raw
from techtool.serviceport.rapi.dialogue import Ended
from techtool.serviceport.rapi.driver import Driver, Send, TimedOut
from techtool.serviceport.rapi.framer import Framer, Piece, Sort
from techtool.serviceport.rapi.frames import Frame, encode, is_told
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind

AGAIN_S = 1.0
"""A port that is gone, or that another program has, is looked for so often."""
QUIET_S = 0.3
"""Half a line is taken for what it is when nothing more came for so long."""
SILENT = "It is open, but nothing readable came: is it an OpenEVSE, is --baud right, are RX and TX crossed?"
KINDS = {Sort.FRAME: Kind.RAPI, Sort.CHATTER: Kind.CHATTER, Sort.JUNK: Kind.NOISE}
"""How what comes is kept."""


class SerialLine:
    """The service port of one OpenEVSE: a :class:`techtool.serviceport.link.ServiceLine`."""

    protocol = "openevse"
    name = "OpenEVSE"
    cannot: Mapping[str, str] = CANNOT
    surveyed = True
    """It is one connector, and that is told in every state."""
    advice = SILENT

    def __init__(self, house: House, settings: Settings, identity: str | None = None) -> None:
        self.identity = identity or PurePath(settings.device).name
        self.number = 0
        """Of the connection that stands; each opening of the port is one."""
        self.problem: str | None = None
        """Why the port is not open."""
        self._house = house
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._port: Port | None = None
        self._driver: Driver | None = None
        self._framer = Framer()
        self.answers = False
        """There is an OpenEVSE at this port."""
        self._waiting: dict[int, asyncio.Future[Ended]] = {}
        self.boots = 0
        """How often the charger has told that it booted."""
        self._boot = asyncio.Event()

    @property
    def settings(self) -> Settings:
        """Which port, and how fast."""
        return self._settings

    async def run(self) -> None:
        """Keep the port open, until this is cancelled."""
        await keep_open(self._settings, self._serve, self._tell, AGAIN_S)

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Send a command as the technician wrote it. Raises CallRefusedError, and LinkLost without a port."""
        frame = raw.prepare(action, payload, force=force)
        first = self._house.tape.last
        ended, seen = await commanding.carry_out(self, frame, within)
        records = [one for one in self._house.tape.since(first) if one.kind is Kind.RAPI]
        return raw.judge(ended, raw.evidence(records, ended, seen), seen)

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        """Have the charger do something, within the dialogue's own time-out if no seconds are given.

        Raises FrameError for what cannot be sent, and LinkLost without a port.
        """
        if self._driver is None or self._port is None:
            raise LinkLost(self.problem or f"{self._settings.device} is not open")
        number = self._driver.call(command, self._loop.time(), within)
        future: asyncio.Future[Ended] = self._loop.create_future()
        self._waiting[number] = future
        self._port.wake()
        try:
            return await future
        finally:
            del self._waiting[number]

    async def booted(self, boots: int, seconds: float) -> bool:
        """Wait until it has booted more often than that; False where it does not in so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while self.boots <= boots:
                    await self._boot.wait()
        except TimeoutError:
            return False
        return True

    def _tell(self, problem: str | None) -> None:
        self.problem = problem

    async def _serve(self, port: Port) -> None:
        self._port, self._driver, self._framer = port, Driver(self._loop.time()), Framer()
        self.answers = False
        self.number = self._house.enter(self._settings.device, "", self.protocol)
        ending = {"code": None, "reason": "techtool stops", "by": "laptop"}
        try:
            while True:
                self._act()
                self._house.settle()
                await self._listen(port, self._driver)
        except LinkLost as lost:
            ending = {"code": None, "reason": str(lost), "by": "port"}
        finally:
            self._take(self._framer.flush())
            self._driver.closed(self._loop.time())
            self._act()
            self._port = self._driver = None
            self.answers = False
            self._record(Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
            self._house.settle()

    async def _listen(self, port: Port, driver: Driver) -> None:
        """Until bytes came, something is to be said, or it is time to."""
        try:
            async with asyncio.timeout_at(min(driver.deadline, self._loop.time() + QUIET_S)):
                data = await port.read()
        except TimeoutError:
            self._take(self._framer.flush())
            driver.tick(self._loop.time())
        else:
            self._take(self._framer.feed(data))

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if not self.answers and piece.frame is not None and is_told(piece.frame):
                self.answers = True  # noted before what it says, which belongs to it already
                note = {"identity": self.identity, "protocol": self.protocol, "path": self._settings.device}
                self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())
            self._record(Direction.CHARGER, KINDS[piece.sort], piece.data)
            if piece.frame is not None and self._driver is not None:
                self._driver.heard(piece.frame, self._loop.time())
                if piece.frame.name == "AB":
                    self.boots += 1
                    self._boot.set()
                    self._boot = asyncio.Event()

    def _act(self) -> None:
        """Do what the driver wants, in its order."""
        assert self._driver is not None and self._port is not None
        for effect in self._driver.take():
            match effect:
                case Send(frame):
                    data = encode(frame)
                    self._record(Direction.LAPTOP, Kind.RAPI, data)
                    self._port.write(data)
                case TimedOut(note):
                    self._record(Direction.NOTE, Kind.TIMEOUT, note)
                case Ended():
                    future = self._waiting.get(effect.number)
                    if future is not None and not future.done():
                        future.set_result(effect)
                case _:
                    pass  # a late answer is told by the reading of the records

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self.number, direction, kind, data)
