"""Our commands on one RAPI line: one in flight, answers by sequence id, reads tried again. Pure.

Never two at once: of twenty commands in one write, a charger answered five. Times are monotonic seconds.

Old firmware does not know sequence ids: it takes one for an argument, and repeats none. A charger that answers a
question without its id gets none from then on, and after a time-out the line is left alone for as long again, so
that a late answer is not taken for that of the next command.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame, encode, may_answer

TIMEOUT_S = 1.0
"""A charger answers within 60 ms; while it switches its relay, within 300 ms."""
TRIES = 2
"""Of a command that only reads. What writes is never sent again: it may have had its effect."""
BARE_S = 0.3
"""So long the first answer without a sequence id waits for one that has it: a WiFi module may share the line."""
ANSWERS = ("OK", "NK")
REMEMBERED = 20
"""Commands that were given up and may still be answered late."""


class Ending(StrEnum):
    """What came of a command."""

    ACCEPTED = "accepted"  # $OK
    REFUSED = "refused"  # $NK: it may have changed something all the same
    TIMED_OUT = "timed out"
    LINK_LOST = "link lost"


class Ended(NamedTuple):
    """A command that is over."""

    number: int
    """What :meth:`Dialogue.call` gave."""
    command: Frame
    ending: Ending
    answer: Frame | None
    seconds: float
    sent: bool
    """It went out: without an answer, whether it had an effect is unknown."""


class Late(NamedTuple):
    """An answer to a command that was given up."""

    command: Frame
    seconds: float
    """After the time-out."""


@dataclass(slots=True)
class _Waiting:
    number: int
    command: Frame
    since: float
    timeout: float
    tries: int = 0


def reads(command: Frame) -> bool:
    """Whether a command changes nothing at the charger."""
    return command.name[0] == "G"


class Dialogue:
    """The laptop's side of one line."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._flying: _Waiting | None = None
        self._given_up: OrderedDict[str, tuple[Frame, float]] = OrderedDict()
        self._numbers = 0
        self._sequence = 0
        self._numbers_answers: bool | None = None
        """The charger repeats sequence ids; None until it has answered."""
        self._bare: tuple[Frame, float] | None = None
        """An ``OK`` without one, from before that was known, and when it came."""
        self._free_at = float("-inf")

    @property
    def idle(self) -> bool:
        """Nothing is in flight, and nothing waits."""
        return self._flying is None and not self._queue

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest."""
        if self._flying is not None:
            due = self._flying.since + self._flying.timeout
            return due if self._bare is None else min(due, self._bare[1] + BARE_S)
        return self._free_at if self._queue else None

    def call(self, command: Frame, now: float, timeout: float | None = None) -> int:
        """Queue a command; :meth:`next` hands it out when the line is free. Raises FrameError."""
        encode(command._replace(sequence="FF"))  # what cannot be sent must not be queued
        self._numbers += 1
        self._queue.append(_Waiting(self._numbers, command, now, TIMEOUT_S if timeout is None else timeout))
        return self._numbers

    def next(self, now: float) -> Frame | None:
        """The frame to send now, if none is in flight. Its time runs from here."""
        if self._flying is not None or not self._queue or now < self._free_at:
            return None
        self._flying = flying = self._queue.popleft()
        self._sequence = self._sequence % 0xFF + 1
        flying.command = flying.command._replace(
            sequence=None if self._numbers_answers is False else f"{self._sequence:02X}"
        )
        flying.since = now
        flying.tries += 1
        return flying.command

    def heard(self, answer: Frame, now: float) -> Ended | Late | None:
        """Take an ``OK`` or ``NK`` in; None if nobody asked."""
        flying = self._flying
        if flying is not None and self._answers(flying, answer):
            if self._numbers_answers is None and answer.name == "OK" and answer.sequence is None:
                self._bare = self._bare or (answer, now)
                return None
            return self._ended(flying, answer, now)
        given_up = self._given_up.pop(answer.sequence or "", None)
        return Late(given_up[0], now - given_up[1]) if given_up else None

    def _ended(self, flying: _Waiting, answer: Frame, now: float) -> Ended:
        self._flying = self._bare = None
        ending = Ending.ACCEPTED if answer.name == "OK" else Ending.REFUSED
        if self._numbers_answers is None and (answer.sequence or ending is Ending.ACCEPTED):
            self._numbers_answers = answer.sequence is not None
        return Ended(flying.number, flying.command, ending, answer, now - flying.since, True)

    def _answers(self, flying: _Waiting, answer: Frame) -> bool:
        """Whether it is to this command. A broken one is refused without its sequence id by any charger; an ``OK``
        without one, where the charger repeats them, is to somebody else: a WiFi module may share the line.
        """
        if not may_answer(flying.command, answer):
            return False
        return answer.sequence is not None or answer.name == "NK" or not self._numbers_answers

    def tick(self, now: float) -> Ended | None:
        """The command in flight if its time is up and it is not tried again."""
        flying = self._flying
        if flying is not None and self._bare is not None:
            bare, came = self._bare
            return self._ended(flying, bare, came) if now >= came + BARE_S else None
        if flying is None or now < flying.since + flying.timeout:
            return None
        self._flying = None
        self._given_up[flying.command.sequence or ""] = (flying.command, now)
        if self._numbers_answers is False:
            self._free_at = now + flying.timeout
        while len(self._given_up) > REMEMBERED:
            self._given_up.popitem(last=False)
        if reads(flying.command) and flying.tries < TRIES:
            self._queue.appendleft(flying)
            return None
        return Ended(flying.number, flying.command, Ending.TIMED_OUT, None, now - flying.since, True)

    def closed(self, now: float) -> list[Ended]:
        """Every command that will get no answer any more, because the port is gone."""
        flying = [self._flying] if self._flying else []
        lost = [
            Ended(one.number, one.command, Ending.LINK_LOST, None, now - one.since, one is self._flying)
            for one in (*flying, *self._queue)
        ]
        self._flying = self._bare = None
        self._queue.clear()
        return lost
