"""When which registers are read, so that the picture is fresh and the line not crowded. Pure.

Times are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from techtool.serviceport import schedule
from techtool.serviceport.modbus.asks import ABSENT, Answer, Ask, Refusal
from techtool.serviceport.profiles.model import ModbusProfile, Setting, Value
from techtool.serviceport.profiles.reads import Read, reads
from techtool.serviceport.schedule import LONGEST_S, SILENT_S

STATUS_S = 1.0
SETTINGS_S = 60.0
SETTINGS_FROM_S = 3.0
"""Settings change rarely, and nobody waits for them: first comes what the charger does."""


@dataclass(slots=True, eq=False, kw_only=True)
class Job(schedule.Job):
    """One read."""

    ask: Ask
    parts: tuple[Value | Setting, ...] = ()
    asked: bool = False


class Schedule(schedule.Jobs[Job]):
    """What is to be read of one device: what is due first, first; what it does before the rest."""

    def __init__(self, profile: ModbusProfile, now: float) -> None:
        super().__init__()
        self._profile = profile
        self._misses = 0
        detect = profile.detect
        if detect is not None:
            register = detect.register
            ask = Ask(register.space, register.address, register.size)
            self._jobs.append(Job(ask=ask, due=now, every=None))
        self._jobs += [_job(one, now, STATUS_S) for one in reads(profile)]
        self._jobs += [_job(one, now, None) for one in reads(profile, profile.info)]
        self._first = tuple(self._jobs)
        self._jobs += [_job(one, now + SETTINGS_FROM_S, SETTINGS_S) for one in reads(profile, profile.settings)]

    @property
    def surveyed(self) -> bool:
        """Everything that it tells of itself has been asked for once."""
        return all(job.asked for job in self._first)

    def answered(self, job: Job, answer: Answer, now: float) -> None:
        """What a read brought. One register that is not there spoils a read of many: then each is read alone."""
        self._misses = job.misses = 0
        refused = isinstance(answer, Refusal) and answer.code in ABSENT
        if refused and (alone := self._apart(job, now)):
            self._replace(job, alone)
            return
        job.asked = True
        if job.every is not None:
            job.due = now + (LONGEST_S if refused else job.every)
        elif isinstance(answer, Refusal) and not refused:
            job.due = now + SILENT_S  # busy: it may tell later
        else:
            self._jobs.remove(job)

    def unanswered(self, job: Job, now: float) -> None:
        """A read was given up. If nothing is answered, the device is asked rarely; else this one read is."""
        job.asked = True
        self._misses += 1
        job.due = now + job.missed()
        if self._misses > 1:
            for one in self._jobs:
                one.due = max(one.due if one is not job else 0.0, now + SILENT_S)

    def _apart(self, job: Job, now: float) -> list[Job]:
        """A read for each register of this one; none where it is only one, or a block that must stay whole."""
        alone: dict[Ask, Job] = {}
        for part in job.parts:
            for read in reads(self._profile, [part]):
                made = _job(read, now, job.every)
                alone.setdefault(made.ask, made)
        return [] if job.ask in alone else list(alone.values())

    def _replace(self, job: Job, alone: list[Job]) -> None:
        at = self._jobs.index(job)
        self._jobs[at : at + 1] = alone
        if job in self._first:
            self._first = (*(one for one in self._first if one is not job), *alone)


def _job(read: Read, due: float, every: float | None) -> Job:
    return Job(ask=Ask(read.space, read.address, read.count), due=due, every=every, parts=read.wanted)
