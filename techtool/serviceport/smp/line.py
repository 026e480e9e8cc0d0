"""One serial port with an SMP device at it. An edge.

The port is techtool's own, as for every other wire: smpclient has one, too, but a single time-out leaves it off by
one for ever, and it knows no lost cable. What is said is decided by the driver; every byte is recorded as it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from smp.image_management import ImageState

from techtool.serviceport.house import House
from techtool.serviceport.port import LinkLost, Settings
from techtool.serviceport.port_line import PortLine
from techtool.serviceport.smp import asks, judging, restarting, slots
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended, Ending
from techtool.serviceport.smp.driver import Came, Driver, Effect
from techtool.serviceport.smp.evidence import evidence
from techtool.serviceport.smp.firmware import SmpFirmware
from techtool.serviceport.smp.framing import Sort
from techtool.serviceport.smp.restarting import SmpReboot
from techtool.serviceport.smp.wishes import Mark, Order, Question, Restart, wish
from techtool.station.outcomes import CallRefusedError, Outcome
from techtool.station.records import Direction, Kind

NAME = "SMP (MCUmgr)"
KINDS = {Sort.FRAME: Kind.SMP, Sort.CHATTER: Kind.CHATTER, Sort.NOISE: Kind.NOISE}
"""How what comes is kept."""
UNABLE: Mapping[str, str] = MappingProxyType(
    {
        "status": "SMP tells what software runs, and nothing of connectors or charging.",
        "config": "SMP lists no settings: only their maker knows their names. `techtool call get` reads one.",
        "auth": "SMP has no command that releases charging.",
    }
)


class SmpLine(PortLine[Driver, Ask, Ended]):
    """The service port of one device with MCUmgr: a :class:`techtool.serviceport.link.ServiceLine`."""

    sends = Kind.SMP
    protocol = "smp"
    talks = True
    quiet_s = 0.3
    name = NAME
    reasons = UNABLE

    def __init__(self, house: House, settings: Settings, identity: str | None = None) -> None:
        super().__init__(house, settings, identity)
        self.firmware = SmpFirmware(self)
        self.reboot = SmpReboot(self)

    @property
    def surveyed(self) -> bool:
        """What the device tells of itself has been asked for, all of it."""
        return self._open is not None and self._open[1].surveyed

    @property
    def images(self) -> Sequence[ImageState]:
        """What the device said last of its slots."""
        return self._open[1].images if self._open is not None else ()

    @property
    def late(self) -> int:
        """Answers of this opening that came when nobody waited for them any more."""
        return self._open[1].late if self._open is not None else 0

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""
        line = f"{self.settings.baud} baud {self.settings.format}"
        _, driver = self._open or (None, None)
        if driver is not None and driver.heard_echo:
            return "Only what was sent came back: are RX and TX joined, or does a login wait for its password?"
        if driver is not None and Sort.NOISE in driver.heard:
            return f"Bytes came, but no whole answer: is the line {line}?"
        if driver is not None and Sort.CHATTER in driver.heard:
            return "It says something (see what passes), but no SMP: is that switched on in its firmware?"
        return f"Nothing came: are RX and TX crossed, is ground joined, is the line {line}, is it awake?"

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Have the device do something, as the technician wrote it, and look whether it did.

        Raises CallRefusedError, and LinkLost without a port.
        """
        wanted = wish(action, payload, force=force)
        mark = self.mark()
        match wanted:
            case Question():
                answers = await self._answers(wanted.asks, within)
                return judging.judge_question(wanted, answers, self._evidence(mark, answers))
            case Mark():
                return await self._mark(wanted, within, mark)
            case Restart(ask):
                return await restarting.carry_out(self, ask, within)
        return await self._order(wanted, within, mark)

    async def _answers(self, questions: Iterable[Ask], within: float | None) -> list[Ended]:
        """All of them, or up to the first that nobody answers."""
        answers: list[Ended] = []
        for ask in questions:
            answers.append(await self.call(ask, within))
            if answers[-1].answer is None:
                break
        return answers

    async def _order(self, wanted: Order, within: float | None, mark: int) -> Outcome:
        ended, back = await self.call(wanted.ask, within), None
        if wanted.back is not None and ended.sent:
            back = await self._look(wanted.back)
        return judging.judge_order(wanted, ended, back, self._evidence(mark, (ended, back)))

    async def _mark(self, wanted: Mark, within: float | None, mark: int) -> Outcome:
        before = await self.call(asks.images(), within)
        hash = _meant(wanted, before)
        if wanted.digits and hash is None:
            bad = judging.failed(before, self._evidence(mark, (before,)))
            if bad is not None:
                return bad
            raise CallRefusedError(
                f"{wanted.name}: {wanted.digits[:70]} fits no image, or several: see `call images`."
            )
        ended = await self.call(asks.mark(hash, confirm=wanted.confirm), within)
        back = await self._look(asks.images()) if ended.sent else None
        return judging.judge_mark(wanted, hash, ended, back, self._evidence(mark, (before, ended, back)))

    async def _look(self, ask: Ask) -> Ended | None:
        try:
            return await self.call(ask)
        except LinkLost:
            return None  # it was sent all the same

    def _evidence(self, mark: int, ended: Iterable[Ended | None]) -> tuple[int, ...]:
        return evidence(self.since(mark), [one for one in ended if one is not None])

    def _begin(self) -> Driver:
        return Driver(self._loop.time())

    def _hear(self, driver: Driver, data: bytes) -> None:
        driver.hear(data, self._loop.time())

    def _still(self, driver: Driver) -> None:
        driver.quiet(self._loop.time())
        driver.tick(self._loop.time())

    def _leave(self, driver: Driver, *, lost: bool) -> None:
        driver.closed(self._loop.time())

    def _forsake(self, driver: Driver, number: int) -> None:
        driver.cancel(number)

    def _heed(self, effect: Effect) -> None:
        match effect:
            case Came(piece, echo):
                self._record(Direction.CHARGER, Kind.ECHO if echo else KINDS[piece.sort], piece.data)
            case Ended():
                self._settle(effect)


def _meant(wanted: Mark, before: Ended) -> bytes | None:
    """The whole hash; None where no image has it, or several have."""
    if not wanted.digits or before.ending is not Ending.ANSWERED:
        return None
    images = slots.images_in(before.answer) or ()
    found = {one.hash for one in images if one.hash is not None and one.hash.hex().startswith(wanted.digits)}
    return found.pop() if len(found) == 1 else None
