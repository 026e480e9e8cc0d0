"""Whether a device that was told to start anew did so: it falls silent, or says so, and answers again."""

from __future__ import annotations

import asyncio
from typing import NamedTuple, Protocol

from techtool.serviceport.port import LinkLost
from techtool.station.outcomes import DangerousError, Outcome, Verdict

BACK_S = 90.0
"""A boot loader that swaps two images takes most of a minute."""
STEADY_S = 5.0
"""A device that goes on answering for so long did not start anew, or did so unseen."""
BETWEEN_S = 0.1


def charging(shown: str) -> DangerousError:
    """Why it is not restarted now; ``shown`` is how it shows that a car charges."""
    danger = f"It is charging ({shown}): a restart would end somebody's session"
    return DangerousError(f"{danger}. --force does it.", danger)


class Probed(NamedTuple):
    """What came of a harmless question."""

    answered: bool
    missed: bool = False
    """It, or a first try of it, was not answered in time."""
    lost: bool = False
    """The port was lost meanwhile."""


class Subject(Protocol):
    """The device that is to start anew."""

    @property
    def boots(self) -> int:
        """How often it has said that it starts."""

    @property
    def late(self) -> int:
        """Answers that came when nobody waited for them any more."""

    async def probe(self) -> Probed:
        """Ask whether it is there. Raises LinkLost."""

    async def opened(self) -> None:
        """Wait until the port is open."""


class Seen(NamedTuple):
    """What was seen after it was told."""

    back: bool
    """It answered."""
    silent_s: float = 0.0
    """How long nothing was answered before that."""
    said: bool = False
    """It said that it starts."""
    lost: bool = False
    """The port was gone for a while: the device's own, or only the cable's."""
    missed: bool = False
    """It did not answer while the port was open."""


async def watch(subject: Subject, boots: int, *, lost: bool, within: float | None = None) -> Seen:
    """Look for at most ``within`` seconds; ``boots`` is how often it had said that it starts before."""
    try:
        async with asyncio.timeout(BACK_S if within is None else within):
            return await _back(subject, boots, lost)
    except TimeoutError:
        return Seen(False, said=subject.boots > boots, lost=lost)


async def _back(subject: Subject, boots: int, lost: bool) -> Seen:
    loop = asyncio.get_running_loop()
    begun = heard = loop.time()
    missed, late = 0, subject.late
    while True:
        try:
            probed = await subject.probe()
        except LinkLost:
            lost = True
            await subject.opened()
            continue
        lost = lost or probed.lost
        missed += probed.missed
        if probed.answered:
            now, said = loop.time(), subject.boots > boots
            # who answers late was slow, and not away
            silent = missed > subject.late - late
            if said or lost or silent:
                return Seen(True, now - heard, said, lost, silent)
            if now - begun > STEADY_S:
                return Seen(True)
            heard = now
        await asyncio.sleep(BETWEEN_S)


def judge(what: str, seen: Seen, bad: Outcome | None, records: tuple[int, ...]) -> Outcome:
    """What came of it. ``what`` was sent; ``bad`` is what was wrong with its answer."""
    told = f"The {what} was not answered" if bad is not None else f"The {what} was accepted"
    if not seen.back:
        said = "it said that it starts" if seen.said else "nothing was answered since"
        return Outcome(Verdict.UNANSWERED, f"{told}; {said}, but it has not come back.", None, records)
    parts = []
    if seen.lost:
        parts.append("the port went away and came back")
    if seen.said:
        parts.append("it said that it starts")
    elif seen.missed:
        parts.append(f"it was silent for {seen.silent_s:.1f} s")
    if seen.lost and not (seen.said or seen.missed):
        why = "whether it started anew, or the cable was out, is not known"
        text = f"{told}; {parts[0]}, and it answers again: {why}."
        return Outcome(Verdict.ACCEPTED, text, None, records)
    if parts:
        text = f"{told}; {', '.join(parts)}, and it answers again."
        return Outcome(Verdict.PROVED, text, None, records)
    if bad is not None:
        return bad
    text = f"{told}, but it went on answering for {STEADY_S:.0f} s: that it started anew was not seen."
    return Outcome(Verdict.ACCEPTED, text, None, records)
