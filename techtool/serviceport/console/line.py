"""One serial port with a console at it, opened again whenever it comes back. An edge.

What is typed is decided by the driver; every byte is recorded as it came.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from techtool.serviceport.console import raw, settings
from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.dialogue import Came, Send, Sort
from techtool.serviceport.console.driver import Driver, Linked, TimedOut
from techtool.serviceport.house import House
from techtool.serviceport.link import CANNOT, keep_open
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind

if TYPE_CHECKING:
    from techtool.serviceport.chosen import Chosen

AGAIN_S = 1.0
"""A port that is gone, or that another program has, is looked for so often."""
KINDS = {
    Sort.ANSWER: Kind.LINE,
    Sort.PROMPT: Kind.PROMPT,
    Sort.ECHO: Kind.ECHO,
    Sort.CHATTER: Kind.CHATTER,
    Sort.NOISE: Kind.NOISE,
}
"""How what comes is kept."""


class ConsoleLine:
    """The service port of one device with a console: a :class:`techtool.serviceport.link.ServiceLine`."""

    protocol = "console"

    def __init__(self, house: House, port_settings: Settings, chosen: Chosen, identity: str | None = None) -> None:
        assert isinstance(chosen.entry.profile, ConsoleProfile), "boxes with registers have a line of their own"
        self.identity = identity or PurePath(port_settings.device).name
        self.number = 0
        self.problem: str | None = None
        self.answers = False
        self._profile = chosen.entry.profile
        self._text = chosen.entry.text
        self._house = house
        self._settings = port_settings
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
        common = {ability: why for ability, why in CANNOT.items() if ability != "type"}
        return {**common, **{ability.value: why for ability, why in self._profile.cannot.items()}}

    @property
    def surveyed(self) -> bool:
        """What the device tells of itself has been asked for, all of it."""
        return self._driver is not None and self._driver.surveyed

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        line = f"{self._settings.baud} baud {self._settings.format}"
        heard = self._driver.heard if self._driver is not None else set()
        if Sort.NOISE in heard:
            return f"Bytes came, but no text: is the line {line}?"
        if heard & {Sort.ANSWER, Sort.CHATTER}:
            text = "It says something (see what passes), but not as"
            return f"{text} {self._profile.name} does: is it another device? --profile generic-console shows all."
        if Sort.ECHO in heard:
            return "Only what was sent came back: are RX and TX joined, or does the device wait for a login?"
        return f"Nothing came: are RX and TX crossed, is ground joined, is the line {line}, is it awake?"

    async def run(self) -> None:
        """Keep the port open, until this is cancelled."""
        await keep_open(self._settings, self._serve, self._tell, AGAIN_S)

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Type a line as the technician wrote it; with a payload read or write a setting.

        Raises CallRefusedError, and LinkLost without a port.
        """
        wish = settings.wish(action, payload, self._profile, force=force)
        first = self._house.tape.last
        match wish:
            case None:
                asked = raw.prepare(action, self._profile, force=force)
                ended = await self.call(asked.command, within)
                records = self._evidence(first, asked.command.lines)
                return raw.judge(ended, self._profile.habits, question=asked.question, records=records)
            case settings.Get():
                ended = await self.call(wish.command, within)
                records = self._evidence(first, wish.command.lines)
                return settings.judge_get(wish, ended, self._profile, records)
        ended = await self.call(wish.command, within)
        back: Ended | None = None
        if wish.back is not None and ended.sent and ended.ending is not Ending.LINK_LOST:
            back = await self._read_back(wish.back, within)
        shown = wish.back.lines if wish.back is not None else ()
        return settings.judge_set(
            wish, ended, back, self._profile, self._evidence(first, (*wish.command.lines, *shown))
        )

    async def call(self, command: Command, within: float | None = None) -> Ended:
        """Have something typed, and wait for its answer. Cancelled, its dialogue is left.

        Raises LinkLost without a port.
        """
        if self._driver is None or self._port is None:
            raise LinkLost(self.problem or f"{self._settings.device} is not open")
        driver, port = self._driver, self._port
        number = driver.call(command, self._loop.time(), within)
        future: asyncio.Future[Ended] = self._loop.create_future()
        self._waiting[number] = future
        port.wake()
        try:
            return await future
        finally:
            del self._waiting[number]
            if not future.done() or future.cancelled():
                driver.cancel(number, self._loop.time())
                port.wake()

    async def _read_back(self, command: Command, within: float | None) -> Ended | None:
        try:
            return await self.call(command, within)
        except LinkLost:
            return None  # it was typed all the same

    def _evidence(self, first: int, lines: tuple[bytes, ...]) -> tuple[int, ...]:
        ours = (one for one in self._house.tape.since(first) if one.connection == self.number)
        return raw.evidence(ours, lines)

    def _tell(self, problem: str | None) -> None:
        self.problem = problem

    async def _serve(self, port: Port) -> None:
        # the profile's text goes along, so that a replay reads it with the profile of today
        note = {"profile": self._profile.id, "text": self._text}
        self.number = self._house.enter(self._settings.device, "", self.protocol, **note)
        self._port, self._driver = port, Driver(self._profile, self._loop.time())
        ending = {"code": None, "reason": "techtool stops", "by": "laptop"}
        try:
            while True:
                self._act()
                self._house.settle()
                await self._listen(port, self._driver)
        except LinkLost as lost:
            ending = {"code": None, "reason": str(lost), "by": "port"}
        finally:
            self._driver.closed(self._loop.time(), leave=ending["by"] == "laptop")
            self._act()
            self._port = self._driver = None
            self.answers = False
            self._record(Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
            self._house.settle()

    async def _listen(self, port: Port, driver: Driver) -> None:
        """Until bytes came, something is to be typed, or it is time to."""
        try:
            async with asyncio.timeout_at(driver.deadline if driver.deadline != float("inf") else None):
                data = await port.read()
        except TimeoutError:
            driver.tick(self._loop.time())
        else:
            if data:
                driver.hear(data, self._loop.time())

    def _act(self) -> None:
        """Do what the driver wants, in its order."""
        assert self._driver is not None and self._port is not None
        for effect in self._driver.take():
            match effect:
                case Send(data):
                    self._record(Direction.LAPTOP, Kind.LINE, data)
                    self._port.write(data)
                case Linked():  # noted before what it says, which belongs to it already
                    self.answers = True
                    note = {"identity": self.identity, "protocol": self.protocol, "path": self._settings.device}
                    self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())
                case Came(sort, data):
                    self._record(Direction.CHARGER, KINDS[sort], data)
                case TimedOut(note_data):
                    self._record(Direction.NOTE, Kind.TIMEOUT, note_data)
                case Ended():
                    future = self._waiting.get(effect.number)
                    if future is not None and not future.done():
                        future.set_result(effect)

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self.number, direction, kind, data)
