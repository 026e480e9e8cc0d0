"""One serial port with a console at it. An edge.

What is typed is decided by the driver; every byte is recorded as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from techtool.serviceport.console import raw, settings
from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.configuration import ConsoleSettings
from techtool.serviceport.console.dialogue import Came, Sort
from techtool.serviceport.console.driver import Driver, Effect, asks_nothing
from techtool.serviceport.console.firmware import ConsoleFirmware
from techtool.serviceport.console.reboot import ConsoleReboot
from techtool.serviceport.house import House
from techtool.serviceport.port import LinkLost, Settings
from techtool.serviceport.port_line import PortLine
from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind

if TYPE_CHECKING:
    from techtool.serviceport.chosen import Chosen

KINDS = {
    Sort.ANSWER: Kind.LINE,
    Sort.PROMPT: Kind.PROMPT,
    Sort.ECHO: Kind.ECHO,
    Sort.CHATTER: Kind.CHATTER,
    Sort.NOISE: Kind.NOISE,
}
"""How what comes is kept."""


class ConsoleLine(PortLine[Driver, Command, Ended]):
    """The service port of one device with a console: a :class:`techtool.serviceport.link.ServiceLine`."""

    sends = Kind.LINE
    protocol = "console"
    talks = True

    def __init__(self, house: House, port_settings: Settings, chosen: Chosen, identity: str | None = None) -> None:
        assert isinstance(chosen.entry.profile, ConsoleProfile), "boxes with registers have a line of their own"
        super().__init__(house, port_settings, identity)
        self._profile = chosen.entry.profile
        self.reasons = {ability.value: why for ability, why in self._profile.cannot.items()}
        self._text = chosen.entry.text
        if self._profile.dump is not None:
            self.configuration = ConsoleSettings(self, self._profile)
        if self._profile.firmware is not None:
            self.firmware = ConsoleFirmware(self, self._profile)
        if self._profile.reboot is not None:
            self.reboot = ConsoleReboot(self, self._profile, self._profile.reboot)

    @property
    def name(self) -> str:
        """What the profile calls it."""
        return self._profile.name

    @property
    def cannot(self) -> Mapping[str, str]:
        """What this link is not able to do, and why; lines can be typed."""
        return {name: why for name, why in super().cannot.items() if name != "type"}

    @property
    def surveyed(self) -> bool:
        """What the device tells of itself has been asked for, all of it."""
        return self._open is not None and self._open[1].surveyed

    @property
    def heard(self) -> bool:
        """It has said something; a console that is only typed at is linked before."""
        return self.answers and self._open is not None and bool(self._open[1].heard)

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        line = f"{self.settings.baud} baud {self.settings.format}"
        heard = self._open[1].heard if self._open is not None else set()
        if Sort.NOISE in heard:
            return f"Bytes came, but no text: is the line {line}?"
        if heard & {Sort.ANSWER, Sort.CHATTER}:
            text = "It says something (see what passes), but not as"
            return f"{text} {self._profile.name} does: is it another device? --profile generic-console shows all."
        if Sort.ECHO in heard:
            return "Only what was sent came back: are RX and TX joined, or does the device wait for a login?"
        typed = asks_nothing(self._profile)
        wakes = "a line may wake it (s on page 6, or `techtool call`); else " if typed else ""
        return f"Nothing came: {wakes}are RX and TX crossed, is ground joined, is the line {line}, is it awake?"

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Type a line as the technician wrote it; with a payload read or write a setting.

        Raises CallRefusedError, and LinkLost without a port.
        """
        wish = settings.wish(action, payload, self._profile, force=force)
        mark = self.mark()
        match wish:
            case None:
                asked = raw.prepare(action, self._profile, force=force)
                ended = await self.call(asked.command, within)
                records = raw.evidence(self.since(mark), asked.command.lines)
                return raw.judge(ended, self._profile.habits, question=asked.question, records=records)
            case settings.Get():
                ended = await self.get(wish, within)
                records = raw.evidence(self.since(mark), wish.command.lines)
                return settings.judge_get(wish, ended, self._profile, records)
        return await self.put(wish, within)

    async def get(self, wanted: settings.Get, within: float | None = None) -> Ended:
        """Have the settings shown. Raises LinkLost without a port."""
        return await self.call(wanted.command, within)

    async def put(self, wanted: settings.Set, within: float | None = None) -> Outcome:
        """Write one setting, and look at it. Raises LinkLost without a port."""
        mark = self.mark()
        ended, back = await self.call(wanted.command, within), None
        if wanted.back is not None and ended.sent and ended.ending is not Ending.LINK_LOST:
            back = await self._read_back(wanted.back, within)
        shown = wanted.back.lines if wanted.back is not None else ()
        records = raw.evidence(self.since(mark), (*wanted.command.lines, *shown))
        return settings.judge_set(wanted, ended, back, self._profile, records)

    async def _read_back(self, command: Command, within: float | None) -> Ended | None:
        try:
            return await self.call(command, within)
        except LinkLost:
            return None  # it was typed all the same

    def _begin(self) -> Driver:
        return Driver(self._profile, self._loop.time())

    def _remarks(self) -> Mapping[str, str]:
        # the profile's text goes along, so that a replay reads it with the profile of today
        return {"profile": self._profile.id, "text": self._text}

    def _hear(self, driver: Driver, data: bytes) -> None:
        if data:
            driver.hear(data, self._loop.time())

    def _leave(self, driver: Driver, *, lost: bool) -> None:
        driver.closed(self._loop.time(), leave=not lost)

    def _free(self, driver: Driver) -> bool:
        return driver.idle

    def _forsake(self, driver: Driver, number: int) -> None:
        driver.cancel(number, self._loop.time())

    def _heed(self, effect: Effect) -> None:
        match effect:
            case Came(sort, data):
                self._record(Direction.CHARGER, KINDS[sort], data)
            case Ended():
                self._settle(effect)
