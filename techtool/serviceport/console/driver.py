"""What the laptop types into a console: what the technician wants, and in between the questions that keep the
picture fresh. Pure.

Feed it what came and the time; take from it what to do. Times are monotonic seconds.
"""

from __future__ import annotations

import json

from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.dialogue import Came, Dialogue, Sort
from techtool.serviceport.console.schedule import Job, Schedule
from techtool.serviceport.console.texts import text_of
from techtool.serviceport.effects import Linked, Rebooted, Send, TimedOut
from techtool.serviceport.profiles.console import ConsoleProfile, Habits
from techtool.text import safe

TIMEOUT_ID = "console"
"""A console numbers nothing: a time-out belongs to what was typed last."""


Effect = Came | Send | Linked | Rebooted | TimedOut | Ended


def asks_nothing(profile: ConsoleProfile) -> bool:
    """It is a terminal: nothing is typed but what the technician types."""
    return profile.detect is None and not profile.info and not profile.status


def name_of(line: bytes, habits: Habits) -> str:
    """A typed line for people."""
    return safe(text_of(line, habits), 60) or "Enter"


class Driver:
    """The laptop's end of one console, from the opening of the port to its loss."""

    def __init__(self, profile: ConsoleProfile, now: float) -> None:
        self._profile = profile
        self._dialogue = Dialogue(profile.habits, now)
        self._schedule = Schedule(profile, now)
        self._asked: dict[int, Job] = {}
        self._effects: list[Effect] = []
        self.answers = False
        """There is such a device."""
        self.heard: set[Sort] = set()
        """What came so far, for the advice to one who waits."""
        if asks_nothing(profile):
            self._link()
        self.tick(now)

    @property
    def surveyed(self) -> bool:
        """Everything that the device tells of itself has been asked for once."""
        return self._schedule.surveyed

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due."""
        times = [self._dialogue.deadline, self._schedule.due if self._dialogue.idle else None]
        return min((at for at in times if at is not None), default=float("inf"))

    @property
    def idle(self) -> bool:
        """Nothing is on its way."""
        return self._dialogue.idle

    def call(self, command: Command, now: float, timeout: float | None = None) -> int:
        """Queue a command of the technician; it ends as an :class:`Ended` with this number."""
        number = self._dialogue.call(command, now, timeout)
        self._take(now)
        return number

    def cancel(self, number: int, now: float) -> None:
        """Nobody waits for this command any more."""
        self._dialogue.cancel(number, now)
        self._take(now)

    def hear(self, data: bytes, now: float) -> None:
        """These bytes came."""
        self._dialogue.feed(data, now)
        self._take(now)
        self._ask(now)

    def tick(self, now: float) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        self._dialogue.tick(now)
        self._take(now)
        self._ask(now)

    def closed(self, now: float, *, leave: bool) -> None:
        """The port goes, and everything that is open ends; ``leave`` while a dialogue can still be left."""
        self._dialogue.closed(now, leave=leave)
        self._take(now)

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    def _ask(self, now: float) -> None:
        """The technician's commands first; a question of ours only when the console is free."""
        if self._dialogue.idle and (job := self._schedule.next(now)) is not None:
            self._asked[self._dialogue.call(job.command, now)] = job
            self._take(now)

    def _take(self, now: float) -> None:
        for effect in self._dialogue.take():
            match effect:
                case Came():
                    self._came(effect)
                case Rebooted():
                    self._schedule.restart(now)
                    self._effects.append(effect)
                case Ended():
                    self._over(effect, now)
                case Send():
                    self._effects.append(effect)

    def _came(self, came: Came) -> None:
        self.heard.add(came.sort)
        if not self.answers and self._proves(came):
            self._link()
        self._effects.append(came)

    def _proves(self, came: Came) -> bool:
        """Whether a piece shows that it is the device, or at least one that speaks so."""
        if came.sort is Sort.PROMPT:
            return True
        detect = self._profile.detect
        if came.sort is not Sort.ANSWER:
            return False
        if detect is not None:
            return detect.pattern.search(text_of(came.data, self._profile.habits)) is not None
        return self._profile.habits.prompt is None

    def _link(self) -> None:
        self.answers = True
        self._effects.append(Linked())

    def _over(self, ended: Ended, now: float) -> None:
        if ended.ending is Ending.TIMED_OUT:
            action = name_of(ended.command.lines[0], self._profile.habits)
            note = {"id": TIMEOUT_ID, "action": action, "seconds": round(ended.seconds, 3)}
            self._effects.append(TimedOut(json.dumps(note).encode()))
        job = self._asked.pop(ended.number, None)
        if job is None:
            self._effects.append(ended)
        elif ended.ending in (Ending.TIMED_OUT, Ending.REBOOTED, Ending.LINK_LOST):
            self._schedule.unanswered(job, now)
        else:
            self._schedule.answered(job, ended.seconds, now)
