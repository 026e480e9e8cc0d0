"""What the laptop says to an OpenEVSE: what the technician wants, and in between the questions that keep the
picture fresh. Pure.

Feed it what the charger said and the time; take from it what to do. Times are monotonic seconds.
"""

from __future__ import annotations

import json

from techtool.serviceport.effects import Send, TimedOut
from techtool.serviceport.rapi.dialogue import Dialogue, Ended, Ending, Late
from techtool.serviceport.rapi.frames import Frame, encode, is_told
from techtool.serviceport.rapi.impression import Impression

QUESTIONS: dict[str, float] = {
    "GV": 3600.0,  # firmware
    "GS": 1.0,  # state
    "GG": 2.0,  # ampere, volt
    "GC": 30.0,  # limits
    "GE": 60.0,  # settings
    "GU": 10.0,  # energy
    "GP": 10.0,  # temperatures
    "GF": 60.0,  # trips counted
    "GT": 300.0,  # clock
}
"""What is asked, and again after so many seconds: about two questions a second in all."""
SILENT_S = 5.0
"""A charger that does not answer is asked just so often."""


Effect = Send | TimedOut | Ended | Late


class Driver:
    """The laptop's end of one line, from the opening of the port to its loss."""

    def __init__(self, now: float) -> None:
        self.impression = Impression()
        """Of what came."""
        self._dialogue = Dialogue()
        self._effects: list[Effect] = []
        self._due = dict.fromkeys(QUESTIONS, now)
        self._asked: dict[int, str] = {}
        self._ask(now)

    def heard(self, frame: Frame, now: float) -> None:
        """The charger said this; what is neither an answer nor news is our own echo."""
        if not is_told(frame):
            return
        if frame.name in ("OK", "NK"):
            ended = self._dialogue.heard(frame, now)
            if ended is not None:
                self._over(ended, now)
        elif frame.name == "AB":  # it booted: nothing that is known need be true any more
            self._due = dict.fromkeys(QUESTIONS, now)
        self._ask(now)

    def call(self, command: Frame, now: float, timeout: float | None = None) -> int:
        """Queue a command of the technician; it ends as an :class:`Ended` with this number. Raises FrameError."""
        number = self._dialogue.call(command, now, timeout)
        self._ask(now)
        return number

    def tick(self, now: float) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        ended = self._dialogue.tick(now)
        if ended is not None and ended.ending is Ending.TIMED_OUT:
            self.impression.timed_out = True
            note = {"id": ended.command.sequence, "action": ended.command.name, "seconds": round(ended.seconds, 3)}
            self._effects.append(TimedOut(json.dumps(note).encode()))
            if ended.number in self._asked:
                self._due = {name: max(due, now + SILENT_S) for name, due in self._due.items()}
        if ended is not None:
            self._over(ended, now)
        self._ask(now)

    def closed(self, now: float) -> None:
        """The port is gone: everything that is open ends."""
        self._effects.extend(one for one in self._dialogue.closed(now) if one.number not in self._asked)

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due."""
        due = self._dialogue.deadline
        return due if due is not None else min(self._due.values())

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    def _over(self, ended: Ended | Late, now: float) -> None:
        if isinstance(ended, Late) or ended.answer is not None:
            self.impression.answered = True
        if isinstance(ended, Ended) and (name := self._asked.pop(ended.number, None)) is not None:
            self._due[name] = max(self._due[name], now + QUESTIONS[name])
        else:
            self._effects.append(ended)

    def _ask(self, now: float) -> None:
        """The technician's commands first; a question only when the line is free."""
        name = min(self._due, key=self._due.__getitem__)
        if self._dialogue.idle and self._due[name] <= now:
            self._asked[self._dialogue.call(Frame(name), now)] = name
        frame = self._dialogue.next(now)
        if frame is not None:
            self._effects.append(Send(encode(frame)))
