"""Questions of a scan that got no answer in time: a slow box answers while the next one is asked. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from techtool.serviceport.modbus.asks import pdu_of
from techtool.serviceport.modbus.framing import MOST_HELD, Sort
from techtool.serviceport.modbus.scanning import Step
from techtool.serviceport.modbus.wires import WIRES

KEPT = 4
"""Questions, the newest among them: an answer may be late by the time of three."""


@dataclass(slots=True)
class _Open:
    step: Step
    came: bytes = b""
    """Since it was asked."""
    in_time: bool = False
    """It was answered before the next one was asked."""

    @property
    def is_late(self) -> bool:
        if self.in_time:
            return False
        wire = WIRES[self.step.transport]
        framer = wire.framer()
        framer.expect(self.step.unit, self.step.ask, wire.wrap(self.step.unit, pdu_of(self.step.ask)))
        return any(one.sort is Sort.ANSWER for one in (*framer.feed(self.came), *framer.flush()))


class Overdue:
    """Of one opening of the port."""

    def __init__(self) -> None:
        self._open: deque[_Open] = deque(maxlen=KEPT)

    def asked(self, step: Step) -> None:
        """This goes out now."""
        self._open.append(_Open(step))

    def heard(self, data: bytes) -> None:
        """This came."""
        for one in self._open:
            one.came = (one.came + data)[-2 * MOST_HELD :]

    def answered(self) -> None:
        """What was asked last was answered in time."""
        self._open[-1].in_time = True

    def take(self) -> list[Step]:
        """What is to be asked again where an earlier one was answered only now: that one, and all after it.

        Modbus answers have no id, so what the newest was told may be the answer to another one.
        """
        *earlier, newest = self._open
        first = next((place for place, one in enumerate(earlier) if one.is_late), None)
        if first is None:
            return []
        self._open.clear()
        return [*(one.step for one in earlier[first:] if not one.in_time), newest.step]
