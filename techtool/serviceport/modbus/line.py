"""One serial port with a Modbus device at it. An edge.

The port is techtool's own, as for every other wire: exclusive, opened again, with one LinkLost for all its faults,
and every byte recorded as it came. What is said is decided by the driver.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from techtool.serviceport.house import House
from techtool.serviceport.modbus import raw
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.configuration import Registers
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.driver import Came, Driver, Effect
from techtool.serviceport.modbus.framing import Sort
from techtool.serviceport.modbus.reboot import RegisterReboot
from techtool.serviceport.modbus.release import RegisterRelease
from techtool.serviceport.port import LinkLost, Settings
from techtool.serviceport.port_line import PortLine
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind

if TYPE_CHECKING:
    from techtool.serviceport.chosen import Chosen

KINDS = {Sort.ANSWER: Kind.MODBUS, Sort.ECHO: Kind.ECHO, Sort.NOISE: Kind.NOISE}
"""How what comes is kept."""


class ModbusLine(PortLine[Driver, Ask, Ended]):
    """The service port of one device with registers: a :class:`techtool.serviceport.link.ServiceLine`."""

    sends = Kind.MODBUS
    protocol = "modbus"
    quiet_s = 0.3

    def __init__(self, house: House, settings: Settings, chosen: Chosen, identity: str | None = None) -> None:
        assert isinstance(chosen.entry.profile, ModbusProfile), "consoles have a line of their own"
        super().__init__(house, settings, identity)
        self._profile = chosen.entry.profile
        self.reasons = {ability.value: why for ability, why in self._profile.cannot.items()}
        self._text = chosen.entry.text
        self._unit = chosen.unit or self._profile.bus.unit
        self.configuration = Registers(self, self._profile) if self._profile.settings else None
        self.release = RegisterRelease(self, self._profile) if self._profile.releases else None
        if self._profile.reboot is not None:
            self.reboot = RegisterReboot(self, self._profile, self._profile.reboot)

    @property
    def name(self) -> str:
        """What the profile calls it."""
        return self._profile.name

    @property
    def surveyed(self) -> bool:
        """What the device tells of itself has been asked for, all of it."""
        return self._open is not None and self._open[1].surveyed

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        line = f"{self.settings.baud} baud {self.settings.format}"
        _, driver = self._open or (None, None)
        if driver is not None and driver.heard_unit is not None:
            other = f"What came is of unit {driver.heard_unit}, asked was unit {self._unit}"
            return f"{other}: is that the one, or does another master ask on this line?"
        if driver is not None and driver.heard_noise:
            return f"Bytes came, but no whole answer: is the line {line}, is A on A, is this the only master?"
        if driver is not None and driver.heard_echo:
            return f"Only what was sent came back: is the box awake, is its unit {self._unit}, is A on A?"
        return f"Nothing came: is A on A and B on B, is its unit {self._unit}, is the line {line}, is it awake?"

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Read or write registers as the technician wrote it, and read back what was written.

        Raises CallRefusedError, and LinkLost without a port.
        """
        ask = raw.prepare(action, payload, self._profile.bus, force=force)
        mark = self.mark()
        ended = await self.call(ask, within)
        back: Ended | None = None
        if ask.writes and ended.ending is Ending.ANSWERED:
            with contextlib.suppress(LinkLost):  # it was accepted all the same
                back = await self.call(raw.read_back(ask), within)
        return raw.judge(ended, back, raw.evidence(self.since(mark), ask, raw.read_back(ask)))

    def control(self, on: bool) -> None:
        """Take the device under control, or let it go: in between it gets its heartbeat, where it wants one."""
        if self._open is not None:
            port, driver = self._open
            driver.control(on, self._loop.time())
            port.wake()

    def _begin(self) -> Driver:
        return Driver(self._profile, self._unit, self._loop.time())

    def _remarks(self) -> Mapping[str, str]:
        # the profile's text goes along, so that a replay reads it with the profile of today
        return {"profile": self._profile.id, "unit": str(self._unit), "text": self._text}

    def _hear(self, driver: Driver, data: bytes) -> None:
        driver.heard(data, self._loop.time())

    def _still(self, driver: Driver) -> None:
        driver.quiet(self._loop.time())
        driver.tick(self._loop.time())

    def _leave(self, driver: Driver, *, lost: bool) -> None:
        driver.closed(self._loop.time())

    def _heed(self, effect: Effect) -> None:
        match effect:
            case Came(piece):
                if piece.sort is Sort.ANSWER:
                    self._linked()
                self._record(Direction.CHARGER, KINDS[piece.sort], piece.data)
            case Ended():
                self._settle(effect)
