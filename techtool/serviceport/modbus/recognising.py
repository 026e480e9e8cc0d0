"""Whether the box on the line is the one that the profile is for, by the one read that tells (``[detect]``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from techtool.serviceport.modbus.asks import Ask, Refusal
from techtool.serviceport.modbus.dialogue import Ended
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.values import fits
from techtool.station.outcomes import CallRefusedError


class Wire(Protocol):
    """Where requests go."""

    async def call(self, ask: Ask, within: float | None = None) -> Ended:
        """Have the box do something. Raises LinkLost without a port."""


def question(profile: ModbusProfile) -> Ask | None:
    """The read that tells; None where no single one does."""
    if profile.detect is None:
        return None
    register = profile.detect.register
    return Ask(register.space, register.address, register.size)


def another(profile: ModbusProfile, answer: Sequence[int] | Refusal) -> str | None:
    """What its answer to that says against it, as a sentence; None where it fits."""
    asked, detect = question(profile), profile.detect
    if asked is None or detect is None or (not isinstance(answer, Refusal) and fits(detect, answer)):
        return None
    gave = f"was refused: {answer.words}" if isinstance(answer, Refusal) else f"gave {', '.join(map(str, answer))}"
    return f"It answers, but not as {profile.name} does (the {asked.words} {gave}): is it another box?"


async def make_sure(wire: Wire, profile: ModbusProfile) -> None:
    """Before something is written, forced or not: a limit of one box may be anything in another.

    Raises CallRefusedError for another box; a silent one is left to the write.
    """
    asked = question(profile)
    answer = (await wire.call(asked)).answer if asked is not None else None
    said = another(profile, answer) if isinstance(answer, tuple | Refusal) else None
    if said is not None:
        text = "Nothing was written: choose its own profile, or `techtool call write`, which reaches any register."
        raise CallRefusedError(f"{said} {text}")
