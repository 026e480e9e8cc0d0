"""When a console is asked what, so that the picture is fresh and the line is free for others. Pure.

What is sent for several values is sent once. Times are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from techtool.serviceport import schedule
from techtool.serviceport.console.commands import Command
from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.serviceport.profiles.patterns import Pattern
from techtool.serviceport.schedule import SILENT_S

STATUS_S = 2.0
SHARE = 10
"""A question is asked so rarely that its answers take no more than this part of the time: one in ten."""
ALIVE_S = 30.0
"""Where nothing changes, the device is asked for a sign of life so often."""


@dataclass(slots=True, eq=False, kw_only=True)
class Job(schedule.Job):
    """One question."""

    command: Command


class Schedule(schedule.Jobs[Job]):
    """What is to be asked of one device; what tells who it is comes first."""

    def __init__(self, profile: ConsoleProfile, now: float) -> None:
        super().__init__()
        self._profile = profile
        self._jobs = _jobs(profile, now)
        self._open = set(self._jobs)

    @property
    def surveyed(self) -> bool:
        """Everything that it tells of itself has been asked for once."""
        return not self._open

    def answered(self, job: Job, seconds: float, now: float) -> None:
        """An answer came, after so many seconds."""
        self._open.discard(job)
        job.misses = 0
        if job.every is None:
            if job in self._jobs:
                self._jobs.remove(job)
        else:
            job.due = now + max(job.every, SHARE * seconds)

    def unanswered(self, job: Job, now: float) -> None:
        """A question was given up: all of them wait."""
        self._open.discard(job)
        pause = job.missed()
        for one in self._jobs:
            one.due = max(one.due, now + (pause if one is job else SILENT_S))

    def restart(self, now: float) -> None:
        """The device starts anew: nothing that it told need be true any more."""
        self._jobs = _jobs(self._profile, now)


def _jobs(profile: ConsoleProfile, now: float) -> list[Job]:
    wanted: dict[str, list[Pattern]] = {}
    every: dict[str, float | None] = {}
    if (detect := profile.detect) is not None:
        wanted[detect.send] = [detect.pattern]
        every[detect.send] = ALIVE_S
    for asks, pause in ((profile.status, STATUS_S), (profile.info, None)):
        for ask in asks:
            wanted.setdefault(ask.send, []).append(ask.pattern)
            every[ask.send] = pause if pause is not None else every.get(ask.send)
    encoding = profile.habits.encoding
    return [
        Job(command=Command((send.encode(encoding, "replace"),), True, tuple(found)), due=now, every=every[send])
        for send, found in wanted.items()
    ]
