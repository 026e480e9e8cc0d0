"""One serial port with an OpenEVSE at it. An edge.

It knows what bytes these are and when they may be sent; what is said is decided by the driver.
"""

from __future__ import annotations

import asyncio
from types import MappingProxyType
from typing import Any

from techtool.serviceport.house import House
from techtool.serviceport.port import Settings
from techtool.serviceport.port_line import PortLine
from techtool.serviceport.rapi import commanding, raw
from techtool.serviceport.rapi.configuration import RapiSettings
from techtool.serviceport.rapi.dialogue import Ended
from techtool.serviceport.rapi.driver import Driver, Effect
from techtool.serviceport.rapi.framer import Framer, Piece, Sort
from techtool.serviceport.rapi.frames import Frame, is_told
from techtool.serviceport.rapi.impression import Impression
from techtool.serviceport.rapi.reboot import RapiReboot
from techtool.serviceport.rapi.release import Gate, RapiRelease
from techtool.serviceport.releasing import Sight
from techtool.station.outcomes import DangerousError, Outcome
from techtool.station.records import Direction, Kind

NO_LOADER = "An OpenEVSE takes firmware only through its ISP header, with a programmer."
ENDS_A_SESSION = frozenset({"FD", "FR", "FS"})
KINDS = {Sort.FRAME: Kind.RAPI, Sort.CHATTER: Kind.CHATTER, Sort.JUNK: Kind.NOISE}
"""How what comes is kept."""


class RapiLine(PortLine[Driver, Frame, Ended]):
    """The service port of one OpenEVSE: a :class:`techtool.serviceport.link.ServiceLine`."""

    sends = Kind.RAPI
    protocol = "openevse"
    talks = True
    quiet_s = 0.3
    name = "OpenEVSE"
    reasons = MappingProxyType({"firmware": NO_LOADER})
    surveyed = True
    """It is one connector, and that is told in every state."""

    def __init__(self, house: House, settings: Settings, identity: str | None = None) -> None:
        super().__init__(house, settings, identity)
        self.configuration = RapiSettings(self)
        self.release = RapiRelease(self)
        self.reboot = RapiReboot(self)
        self._framer = Framer()
        self._boot = asyncio.Event()

    @property
    def heard(self) -> bool:
        """It has answered; of one that only talks by itself :attr:`advice` tells."""
        return self._impression.answered

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        return self._impression.advice(f"{self.settings.baud} baud {self.settings.format}")

    @property
    def _impression(self) -> Impression:
        return self._open[1].impression if self._open is not None else Impression()

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Send a command as the technician wrote it. Raises CallRefusedError, and LinkLost without a port."""
        frame = raw.prepare(action, payload, force=force)
        if not force and frame.name in ENDS_A_SESSION:
            await self._check_idle(frame)
        mark = self.mark()
        ended, seen = await commanding.carry_out(self, frame, within, force=force)
        return raw.judge(ended, raw.evidence(self.since(mark), ended, seen), seen)

    async def booted(self, boots: int, seconds: float) -> bool:
        """Wait until it has booted more often than that; False where it does not in so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while self.boots <= boots:
                    await self._boot.wait()
        except TimeoutError:
            return False
        return True

    async def _check_idle(self, frame: Frame) -> None:
        """Raises DangerousError while a car charges."""
        seen = await Gate(self).look()
        if isinstance(seen, Sight) and seen.charging:
            danger = f"It is charging ({seen.words}): ${frame.name} would end somebody's session"
            raise DangerousError(f"{danger}. --force does it.", danger)

    def _begin(self) -> Driver:
        self._framer = Framer()
        return Driver(self._loop.time())

    def _hear(self, driver: Driver, data: bytes) -> None:
        self._take(driver, self._framer.feed(data))

    def _still(self, driver: Driver) -> None:
        self._take(driver, self._framer.flush())
        driver.tick(self._loop.time())

    def _leave(self, driver: Driver, *, lost: bool) -> None:
        self._take(driver, self._framer.flush())
        driver.closed(self._loop.time())

    def _take(self, driver: Driver, pieces: list[Piece]) -> None:
        for piece in pieces:
            if piece.frame is not None and is_told(piece.frame):
                self._linked()
            driver.impression.came(piece)
            self._record(Direction.CHARGER, KINDS[piece.sort], piece.data)
            if piece.frame is not None:
                driver.heard(piece.frame, self._loop.time())
                if piece.frame.name == "AB":
                    self.boots += 1
                    self._boot.set()
                    self._boot = asyncio.Event()

    def _heed(self, effect: Effect) -> None:
        if isinstance(effect, Ended):
            self._settle(effect)
        # a late answer is told by the reading of the records
