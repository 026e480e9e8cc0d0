"""One serial port with a Modbus device at it, opened again whenever it comes back. An edge.

The port is techtool's own, as for every other wire: exclusive, opened again, with one LinkLost for all its faults,
and every byte recorded as it came. What is said is decided by the driver.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from techtool.serviceport.house import House
from techtool.serviceport.link import CANNOT, keep_open
from techtool.serviceport.modbus import raw
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Ended, Ending, Send
from techtool.serviceport.modbus.driver import Came, Driver, TimedOut
from techtool.serviceport.modbus.framing import Sort
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind

if TYPE_CHECKING:
    from techtool.serviceport.chosen import Chosen

AGAIN_S = 1.0
"""A port that is gone, or that another program has, is looked for so often."""
QUIET_S = 0.3
"""Bytes that are no answer are taken for what they are when nothing more came for so long."""
KINDS = {Sort.ANSWER: Kind.MODBUS, Sort.ECHO: Kind.ECHO, Sort.NOISE: Kind.NOISE}
"""How what comes is kept."""


class ModbusLine:
    """The service port of one device with registers: a :class:`techtool.serviceport.link.ServiceLine`."""

    protocol = "modbus"

    def __init__(self, house: House, settings: Settings, chosen: Chosen, identity: str | None = None) -> None:
        assert isinstance(chosen.entry.profile, ModbusProfile), "consoles have a line of their own"
        self.identity = identity or PurePath(settings.device).name
        self.number = 0
        self.problem: str | None = None
        self.answers = False
        self._profile = chosen.entry.profile
        self._text = chosen.entry.text
        self._unit = chosen.unit or self._profile.bus.unit
        self._house = house
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self._port: Port | None = None
        self._driver: Driver | None = None
        self._waiting: dict[int, asyncio.Future[Ended]] = {}

    @property
    def name(self) -> str:
        """What the profile calls it."""
        return self._profile.name

    @property
    def settings(self) -> Settings:
        """Which port, and how fast."""
        return self._settings

    @property
    def cannot(self) -> Mapping[str, str]:
        """What the profile says that it is not able to do, and why."""
        return {**CANNOT, **{ability.value: why for ability, why in self._profile.cannot.items()}}

    @property
    def surveyed(self) -> bool:
        """What the device tells of itself has been asked for, all of it."""
        return self._driver is not None and self._driver.surveyed

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        line = f"{self._settings.baud} baud {self._settings.format}"
        if self._driver is not None and self._driver.heard_noise:
            return f"Bytes came, but no whole answer: is the line {line}, is A on A, is this the only master?"
        if self._driver is not None and self._driver.heard_echo:
            return f"Only what was sent came back: is the box awake, is its unit {self._unit}, is A on A?"
        return f"Nothing came: is A on A and B on B, is its unit {self._unit}, is the line {line}, is it awake?"

    async def run(self) -> None:
        """Keep the port open, until this is cancelled."""
        await keep_open(self._settings, self._serve, self._tell, AGAIN_S)

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Read or write registers as the technician wrote it, and read back what was written.

        Raises CallRefusedError, and LinkLost without a port.
        """
        ask = raw.prepare(action, payload, self._profile.bus, force=force)
        first = self._house.tape.last
        ended = await self.call(ask, within)
        back: Ended | None = None
        if ask.writes and ended.ending is Ending.ANSWERED:
            with contextlib.suppress(LinkLost):  # it was accepted all the same
                back = await self.call(raw.read_back(ask), within)
        ours = (one for one in self._house.tape.since(first) if one.connection == self.number)
        return raw.judge(ended, back, raw.evidence(ours, ask))

    async def call(self, ask: Ask, within: float | None = None) -> Ended:
        """Ask the device, within the profile's time-out if no seconds are given.

        Raises ValueError for what Modbus cannot ask, and LinkLost without a port.
        """
        if self._driver is None or self._port is None:
            raise LinkLost(self.problem or f"{self._settings.device} is not open")
        number = self._driver.call(ask, self._loop.time(), within)
        future: asyncio.Future[Ended] = self._loop.create_future()
        self._waiting[number] = future
        self._port.wake()
        try:
            return await future
        finally:
            del self._waiting[number]

    def control(self, on: bool) -> None:
        """Take the device under control, or let it go: in between it gets its heartbeat, where it wants one."""
        if self._driver is not None and self._port is not None:
            self._driver.control(on, self._loop.time())
            self._port.wake()

    def _tell(self, problem: str | None) -> None:
        self.problem = problem

    async def _serve(self, port: Port) -> None:
        # the profile's text goes along, so that a replay reads it with the profile of today
        note = {"profile": self._profile.id, "unit": str(self._unit), "text": self._text}
        self.number = self._house.enter(self._settings.device, "", self.protocol, **note)
        self.answers = False
        self._port, self._driver = port, Driver(self._profile, self._unit, self._loop.time())
        ending = {"code": None, "reason": "techtool stops", "by": "laptop"}
        try:
            while True:
                self._act()
                self._house.settle()
                await self._listen(port, self._driver)
        except LinkLost as lost:
            ending = {"code": None, "reason": str(lost), "by": "port"}
        finally:
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
            driver.quiet(self._loop.time())
            driver.tick(self._loop.time())
        else:
            driver.heard(data, self._loop.time())

    def _act(self) -> None:
        """Do what the driver wants, in its order."""
        assert self._driver is not None and self._port is not None
        for effect in self._driver.take():
            match effect:
                case Send(data):
                    self._record(Direction.LAPTOP, Kind.MODBUS, data)
                    self._port.write(data)
                case Came(piece):
                    if not self.answers and piece.sort is Sort.ANSWER:
                        self.answers = True  # noted before what it says, which belongs to it already
                        note = {
                            "identity": self.identity,
                            "protocol": self.protocol,
                            "path": self._settings.device,
                        }
                        self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())
                    self._record(Direction.CHARGER, KINDS[piece.sort], piece.data)
                case TimedOut(note):
                    self._record(Direction.NOTE, Kind.TIMEOUT, note)
                case Ended():
                    future = self._waiting.get(effect.number)
                    if future is not None and not future.done():
                        future.set_result(effect)

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self.number, direction, kind, data)
