"""An RS-485 line that is looked through once. An edge; what is asked and what it means is decided by the scan."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable

from techtool.serviceport.formats import format_there
from techtool.serviceport.house import House
from techtool.serviceport.modbus.asks import Answer, pdu_of
from techtool.serviceport.modbus.framing import Framer, Sort
from techtool.serviceport.modbus.line import KINDS
from techtool.serviceport.modbus.overdue import Overdue
from techtool.serviceport.modbus.scanning import Scan, Step
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.probing import Probed
from techtool.station.records import Direction, Kind

ANSWER_S = 0.3
PATIENT_S = 1.0
"""Where somebody answered late."""
NAP_S = 0.1
"""Between what wakes a box and what it is to answer."""
GAP_S = 0.05
"""Silence between an answer and the next question."""
NOBODY = "Nobody answered: is A on A and B on B, is the box powered, is another master on the line?"
STRANGE = (
    "Something answers, but too late or not as expected: name the box with --profile, which waits longer; "
    "check its speed, and whether another master is on the line."
)


async def scan(house: House, device: str, wanted: Scan, told: Callable[[Scan], None]) -> Probed:
    """Ask, step by step. ``told`` hears of each. Raises OpenError, and LinkLost where the port goes meanwhile."""
    heard, strange = 0, False
    while (first := wanted.step) is not None:
        line = first.line
        settings = Settings(device, line.baud, format_there(device, line.format, line.test_override))
        port = await Port.open(settings)
        number = house.enter(device, "", "probe")
        talk = _Talk(house, number, port)
        ending = {"code": None, "reason": "the next speed is tried", "by": "laptop"}
        try:
            while (step := wanted.step) is not None and step.line == line:
                told(wanted)
                *late, (_, answer) = await talk.ask(step)
                for earlier, answer_to_it in late:
                    wanted.answered_late(earlier, answer_to_it)
                wanted.answered(answer)
                house.settle()
        except LinkLost as lost:
            ending |= {"reason": str(lost), "by": "port"}
            raise
        finally:
            heard += talk.heard
            strange = strange or talk.strange
            house.record(number, Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
            house.settle()
            await port.close()
    found = wanted.candidates
    return Probed(found, (f"{wanted.asked} questions",), heard, None if found else STRANGE if strange else NOBODY)


class _Talk:
    """Questions at one speed."""

    def __init__(self, house: House, number: int, port: Port) -> None:
        self._house, self._number, self._port = house, number, port
        self._seconds = ANSWER_S
        self._overdue = Overdue()
        self.heard = 0
        """Bytes."""
        self.strange = False
        """Some of them were neither an answer in time nor what was sent."""

    async def ask(self, step: Step) -> list[tuple[Step, Answer | None]]:
        """What came of it, at the end; before it what came of earlier ones, where these are answered late."""
        answer = await self._ask(step)
        if not (again := self._overdue.take()):
            return [(step, answer)]
        self._seconds = PATIENT_S
        await self._rest()
        return [(one, await self._ask(one)) for one in again]

    async def _ask(self, step: Step) -> Answer | None:
        """What one unit answers; None for silence, or for bytes that are no answer."""
        self._overdue.asked(step)
        wire = WIRES[step.transport]
        framer, sent = wire.framer(), wire.wrap(step.unit, pdu_of(step.ask))
        answer: Answer | None = None
        for time in range(step.times):
            last = time + 1 == step.times
            framer.expect(step.unit, step.ask, sent, again=time > 0)
            self._house.record(self._number, Direction.LAPTOP, Kind.MODBUS, sent)
            self._port.write(sent)
            answer = await self._answer(framer, self._seconds if last else NAP_S) or answer
        if answer is not None:
            self._overdue.answered()
            await asyncio.sleep(GAP_S)
        return answer

    async def _answer(self, framer: Framer, seconds: float) -> Answer | None:
        answer: Answer | None = None
        pieces = []
        try:
            async with asyncio.timeout(seconds):
                while answer is None:
                    pieces += framer.feed(await self._read())
                    answer = next((one.answer for one in pieces if one.sort is Sort.ANSWER), None)
        except TimeoutError:
            pieces += framer.flush()
            answer = next((one.answer for one in pieces if one.sort is Sort.ANSWER), None)
        for piece in pieces:
            self.strange = self.strange or piece.sort is Sort.NOISE
            self._house.record(self._number, Direction.CHARGER, KINDS[piece.sort], piece.data)
        return answer

    async def _rest(self) -> None:
        """Let all come that is still on its way."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                while True:
                    self._house.record(self._number, Direction.CHARGER, Kind.NOISE, await self._read())

    async def _read(self) -> bytes:
        data = await self._port.read()
        self.heard += len(data)
        self._overdue.heard(data)
        return data
