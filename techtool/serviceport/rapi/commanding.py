"""A command to a service port, carried out: sent, and looked whether it had its effect."""

from __future__ import annotations

import asyncio
from typing import Protocol

from techtool.serviceport.port import LinkLost
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.limits import limits_of
from techtool.serviceport.rapi.readback import REBOOT, REBOOT_S, Seen, read_back, shown
from techtool.station.outcomes import CallRefusedError, DangerousError

LIMITS = Frame("GC")
LOOKS, BETWEEN_S = 3, 0.5
"""What is set may take a moment to show: a relay opens, a state is debounced."""


class Wire(Protocol):
    """Where commands go."""

    boots: int

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        """Have the charger do something. Raises LinkLost."""

    async def booted(self, boots: int, seconds: float) -> bool:
        """Wait until it has booted more often than that."""


async def carry_out(
    wire: Wire, command: Frame, within: float | None, *, force: bool = False
) -> tuple[Ended, Seen | None]:
    """How it ended, and its effect; None where nothing tells of one.

    Where the question before it was not answered, it is that one that ended, and the command was not sent.
    Raises LinkLost where it was not sent, CallRefusedError for a current that the hardware does not have, and
    DangerousError where it does not say what it has.
    """
    if (unanswered := await _check_current(wire, command, force=force)) is not None:
        return unanswered, None
    boots = wire.boots
    ended = await wire.call(command, within)
    if command.name == REBOOT and ended.ending not in (Ending.LINK_LOST, Ending.REFUSED):
        return ended, Seen(await wire.booted(boots, REBOOT_S))
    check = read_back(command)
    if check is None or not ended.sent or ended.ending is Ending.LINK_LOST:
        return ended, None
    seen = None
    for look in range(LOOKS):
        if look:
            await asyncio.sleep(BETWEEN_S)
        try:
            told = await wire.call(check.question)
        except LinkLost:
            break
        if told.answer is None or told.ending is not Ending.ACCEPTED:
            break
        words = told.answer.arguments
        seen = Seen(shown(check, words), told.command._replace(arguments=words))
        if seen.shown or ended.ending is not Ending.ACCEPTED:
            break
    return ended, seen


async def _check_current(wire: Wire, command: Frame, *, force: bool) -> Ended | None:
    """Above what it has a charger takes its most, which may be more than it had, and says no."""
    if command.name != "SC" or command.arguments[1:] == ("M",):
        return None
    told = await wire.call(LIMITS)
    limits = limits_of(told.answer.arguments) if told.answer is not None else None
    if told.ending is Ending.TIMED_OUT and not force:
        return told
    if limits is None and not force:
        danger = "it did not say which currents its hardware has ($GC), and takes its most for one that it has not"
        raise DangerousError(f"$SC: {danger}. Ask again, or --force sends it anyway.", danger)
    if limits is not None and (why := limits.against(int(command.arguments[0]))) is not None:
        raise CallRefusedError(f"$SC: {why}")
    return None
