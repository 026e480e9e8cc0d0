"""Whether a device that was told to start anew did so: it falls silent, or says that it starts, and answers again.

Source: docs.zephyrproject.org, SMP group 0, "System reset": it answers first, and starts anew a moment later.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import NamedTuple, Protocol

from techtool.serviceport.port import LinkLost
from techtool.serviceport.smp import asks
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended, Ending
from techtool.serviceport.smp.judging import failed
from techtool.station.outcomes import Outcome, Verdict

BACK_S = 90.0
"""A boot loader that swaps two images takes most of a minute."""
STEADY_S = 5.0
"""A device that goes on answering for so long did not start anew, or did so unseen."""
PROBE_S = 0.5
BETWEEN_S = 0.1
STILL_THERE = "techtool: are you there?"


class Wire(Protocol):
    """Where requests go."""

    @property
    def boots(self) -> int:
        """How often the device has said that it starts."""

    @property
    def late(self) -> int:
        """Answers that came when nobody waited for them any more."""

    async def call(self, command: Ask, within: float | None = None) -> Ended:
        """Have the device do something. Raises LinkLost."""

    async def opened(self) -> None:
        """Wait until the port is open."""


class Seen(NamedTuple):
    """What was seen after the reset."""

    back: bool
    """It answered."""
    silent_s: float = 0.0
    """How long nothing was answered before that."""
    said: bool = False
    """It said that it starts."""
    lost: bool = False
    """The port was gone for a while."""


async def restart(wire: Wire, ask: Ask, within: float | None) -> tuple[Ended, Seen | None]:
    """Tell it to, and look for at most ``within`` seconds; nothing is looked for where it refused.

    Raises LinkLost where it was not sent.
    """
    boots = wire.boots
    ended = await wire.call(ask)
    if ended.ending is Ending.REFUSED or not ended.sent:
        return ended, None
    lost = ended.ending is Ending.LINK_LOST
    try:
        async with asyncio.timeout(BACK_S if within is None else within):
            return ended, await _back(wire, boots, lost)
    except TimeoutError:
        return ended, Seen(False, said=wire.boots > boots, lost=lost)


async def _back(wire: Wire, boots: int, lost: bool) -> Seen:
    loop = asyncio.get_running_loop()
    probe = replace(asks.echo(STILL_THERE), tries=1)
    begun = heard = loop.time()
    missed, late = 0, wire.late
    while True:
        try:
            answer = await wire.call(probe, PROBE_S)
        except LinkLost:
            lost = True
            await wire.opened()
            continue
        lost = lost or answer.ending is Ending.LINK_LOST
        missed += answer.ending is Ending.TIMED_OUT
        if answer.answer is not None:
            now, said = loop.time(), wire.boots > boots
            # who answers late was slow, and not away
            if said or lost or missed > wire.late - late:
                return Seen(True, now - heard, said, lost)
            if now - begun > STEADY_S:
                return Seen(True)
            heard = now
            await asyncio.sleep(BETWEEN_S)


def judge(ended: Ended, seen: Seen | None, records: tuple[int, ...]) -> Outcome:
    """What came of a reset."""
    bad = failed(ended, records)
    if seen is None:
        assert bad is not None, "it was refused, or never went out"
        return bad
    told = "The reset was not answered" if bad is not None else "The reset was accepted"
    if not seen.back:
        said = "it said that it starts" if seen.said else "nothing was answered since"
        return Outcome(Verdict.UNANSWERED, f"{told}; {said}, but it has not come back.", None, records)
    parts = []
    if seen.lost:
        parts.append("the port went away and came back")
    if seen.said:
        parts.append("it said that it starts")
    elif seen.silent_s:
        parts.append(f"it was silent for {seen.silent_s:.1f} s")
    if parts:
        text = f"{told}; {', '.join(parts)}, and it answers again."
        return Outcome(Verdict.PROVED, text, None, records)
    if bad is not None:
        return bad
    text = f"{told}, but it went on answering for {STEADY_S:.0f} s: that it started anew was not seen."
    return Outcome(Verdict.ACCEPTED, text, None, records)
