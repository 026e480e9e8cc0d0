"""Who is on an RS-485 line: every known box is asked what tells it, at its speed; nothing is written. Pure.

Only when the technician says that it is RS-485: on another line these bytes mean something else. Source of the
order: SERIAL.md 4.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from techtool.serviceport.modbus.asks import Answer, Ask
from techtool.serviceport.profiles.common import Line, Transport
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.profiles.values import fits
from techtool.serviceport.traits import Trait, Where

FIRST_UNITS = (1, 2, 3)
ALL_UNITS = range(1, 248)
ORDER = (Line(9600, "8N1"), Line(19_200, "8E1"), Line(38_400, "8E1"), Line(57_600, "8N2"), Line(115_200, "8N1"))
"""The usual lines, those of the most boxes first; those of other profiles come after them."""
FITS, ANSWERS = 90, 50
"""How sure it is: a register has what the profile expects, or somebody answered at all."""
_ANYBODY = Ask(Space.HOLDING, 0, 1)
"""Whoever speaks Modbus answers this, if only with a refusal."""


class Step(NamedTuple):
    """One question to one unit."""

    line: Line
    unit: int
    transport: Transport
    ask: Ask
    times: int
    """How often it is sent before its answer counts: a box may nap."""
    profile: ModbusProfile | None
    """Whose question it is; None for one that anybody answers."""


class Scan:
    """Ask :attr:`step`, tell what was :meth:`answered`, until there is no step any more."""

    def __init__(self, profiles: Iterable[ModbusProfile], units: Sequence[int]) -> None:
        self._profiles = [one for one in profiles if one.detect is not None]
        self._units = units
        self._found: dict[int, list[Trait]] = {}
        self.asked = 0
        self.total = sum(1 for _ in self._steps())
        self._coming = self._steps()
        self.step: Step | None = next(self._coming, None)
        """What is to be asked now."""

    def answered(self, answer: Answer | None) -> None:
        """What came of the step; None for silence."""
        step = self.step
        assert step is not None
        self.asked += 1
        self.answered_late(step, answer)
        following = next(self._coming, None)
        # all boxes of a line have one speed: where one is known, the others are not looked for at other speeds
        known = any(one.sure == FITS for one in self.candidates)
        self.step = None if following is None or (known and following.line != step.line) else following

    def answered_late(self, step: Step, answer: Answer | None) -> None:
        """What came of an earlier step that was asked again."""
        if answer is not None:
            self._found.setdefault(step.unit, []).append(_trait(step, answer))

    @property
    def candidates(self) -> tuple[Trait, ...]:
        """What was found, the likeliest first; that somebody answered says nothing more where it is known who."""
        best: list[Trait] = []
        for traits in self._found.values():
            fitting = [one for one in traits if one.sure == FITS]
            best += fitting or traits[:1]
        return tuple(sorted(best, key=lambda one: -one.sure))

    def _steps(self) -> Iterator[Step]:
        own = [one.line for one in self._profiles]
        usual = {(one.baud, one.format) for one in ORDER}
        for line in (*ORDER, *dict.fromkeys(one for one in own if (one.baud, one.format) not in usual)):
            there = [one for one in self._profiles if (one.line.baud, one.line.format) == (line.baud, line.format)]
            for unit in self._units:
                for profile in there:
                    yield _step(profile, unit)
                if all(one.transport is not Transport.MODBUS_RTU for one in there):
                    yield Step(line, unit, Transport.MODBUS_RTU, _ANYBODY, 1, None)


def _step(profile: ModbusProfile, unit: int) -> Step:
    assert profile.detect is not None
    register = profile.detect.register
    ask = Ask(register.space, register.address, register.size)
    return Step(profile.line, unit, profile.transport, ask, 1 + profile.bus.wake, profile)


def _trait(step: Step, answer: Answer) -> Trait:
    where = Where(step.unit, step.line.baud, step.line.format)
    at = f"unit {step.unit}, {step.line.baud} baud {step.line.format}"
    profile = step.profile
    if (
        profile is not None
        and profile.detect is not None
        and isinstance(answer, tuple)
        and fits(profile.detect, answer)
    ):
        told = ", ".join(map(str, answer))
        return Trait("modbus", profile.name, FITS, f"{at}: {step.ask.words} gave {told}", False, profile.id, where)
    return Trait("modbus", "some Modbus box", ANSWERS, f"{at}: it answers, but no profile fits", where=where)
