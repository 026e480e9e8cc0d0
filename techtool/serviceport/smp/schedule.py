"""What an SMP device is asked by itself, so that the picture is fresh. Pure.

Times are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from techtool.serviceport import schedule
from techtool.serviceport.schedule import SILENT_S
from techtool.serviceport.smp import asks
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.refusals import Refusal

ALIVE_S = 30.0
"""So often a sign of life is asked for: what is in its slots, or an echo where it cannot tell that."""
PLATFORM = "i"
"""The letter of the application info that asks which board it is."""
HELLO = "techtool"


@dataclass(slots=True, eq=False, kw_only=True)
class Job(schedule.Job):
    """One question."""

    ask: Ask


class Schedule(schedule.Jobs[Job]):
    """What is to be asked of one device; what tells who it is comes first."""

    def __init__(self, now: float) -> None:
        super().__init__()
        self._jobs = _jobs(now)
        self._open = set(self._jobs)
        self._misses = 0

    @property
    def surveyed(self) -> bool:
        """Everything that it tells of itself has been asked for once."""
        return not self._open

    def answered(self, job: Job, refusal: Refusal | None, now: float) -> None:
        """An answer came. What the device does not have is not asked for again."""
        self._misses = job.misses = 0
        self._open.discard(job)
        if job not in self._jobs:
            return  # the device has started anew since
        if job.every is not None and (refusal is None or not refusal.absent):
            job.due = now + job.every
            return
        self._jobs.remove(job)
        if job.every is not None:
            self._jobs.append(Job(ask=asks.echo(HELLO), due=now + ALIVE_S, every=ALIVE_S))

    def unanswered(self, job: Job, now: float) -> None:
        """A question was given up. If nothing is answered, the device is asked rarely; else this one is."""
        self._open.discard(job)
        self._misses += 1
        job.due = now + job.missed()
        if self._misses > 1:
            for one in self._jobs:
                one.due = max(one.due, now + SILENT_S)

    def restart(self, now: float) -> None:
        """The device starts anew, and may be another one then: nothing that it told need be true any more."""
        self._jobs = _jobs(now)
        self._misses = 0
        if self._open:
            self._open = set(self._jobs)


def _jobs(now: float) -> list[Job]:
    once = (asks.parameters(), asks.application(PLATFORM), asks.bootloader())
    return [
        *(Job(ask=ask, due=now, every=None) for ask in once),
        Job(ask=asks.images(), due=now, every=ALIVE_S),
    ]
