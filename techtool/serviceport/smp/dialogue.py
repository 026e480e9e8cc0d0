"""Our requests on one SMP line: one in flight, answers by sequence number, group and command. Pure.

An answer that is late has the number of its own request, so it is never taken for that of the next one, and
nothing is ever off by one. A read that is sent again keeps its number: the answer to either of its tries will do.
Times are monotonic seconds.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from techtool.serviceport.smp.answers import Answer, answer_of
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.messages import Message
from techtool.serviceport.smp.refusals import Refusal

REMEMBERED = 20
"""Requests that are over and may still be answered."""


class Ending(StrEnum):
    """What came of a request."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    REBOOTED = "rebooted"
    LINK_LOST = "link lost"


class Ended(NamedTuple):
    """A request that is over."""

    number: int
    """What :meth:`Dialogue.call` gave."""
    ask: Ask
    ending: Ending
    answer: Answer | None
    seconds: float
    sent: bool
    """It went out: without an answer, whether it had an effect is unknown."""
    id: str = ""
    """What its messages have in common; empty where it never went out."""


@dataclass(slots=True)
class _Waiting:
    number: int
    ask: Ask
    timeout: float
    since: float
    tries: int = 0
    sequence: int | None = None
    until: float = 0.0

    @property
    def id(self) -> str:
        return self.ask.message(self.sequence).id if self.sequence is not None else ""

    def ended(self, ending: Ending, answer: Answer | None, now: float) -> Ended:
        return Ended(self.number, self.ask, ending, answer, now - self.since, self.tries > 0, self.id)


class Dialogue:
    """The laptop's side of one line."""

    def __init__(self, now: float) -> None:
        self._queue: deque[_Waiting] = deque()
        self._flying: _Waiting | None = None
        self._given_up: OrderedDict[str, None] = OrderedDict()
        self._numbers = 0
        self._sequence = 0
        self._quiet_until = now
        self.late = 0
        """Answers so far that came when nobody waited for them any more."""

    @property
    def idle(self) -> bool:
        """Nothing is in flight, and nothing waits."""
        return self._flying is None and not self._queue

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest; None where nothing is to be done."""
        if self._flying is not None:
            return self._flying.until
        return self._quiet_until if self._queue else None

    @property
    def free_at(self) -> float:
        """When an idle line may be spoken on."""
        return self._quiet_until

    def call(self, ask: Ask, now: float, timeout: float | None = None) -> int:
        """Queue a request; it goes out with :meth:`next` when the line is free."""
        self._numbers += 1
        self._queue.append(_Waiting(self._numbers, ask, ask.timeout if timeout is None else timeout, now))
        return self._numbers

    def cancel(self, number: int) -> None:
        """Nobody wants this any more: it is not sent, or not sent again."""
        self._queue = deque(one for one in self._queue if one.number != number)
        if self._flying is not None and self._flying.number == number:
            self._flying.tries = max(self._flying.tries, self._flying.ask.tries)

    def next(self, now: float) -> Message | None:
        """The request to send now, if none is in flight. Its time runs from here."""
        if self._flying is not None or not self._queue or now < self._quiet_until:
            return None
        self._flying = flying = self._queue.popleft()
        if flying.sequence is None:
            self._sequence = (self._sequence + 1) % 0x100
            flying.sequence, flying.since = self._sequence, now
        flying.tries += 1
        flying.until = now + flying.timeout
        return flying.ask.message(flying.sequence)

    def heard(self, message: Message, now: float) -> Ended | None:
        """An answer came; None where nobody waits for it."""
        flying = self._flying
        if flying is None or not _answers(message, flying):
            self.late += message.id in self._given_up
            self._given_up.pop(message.id, None)
            return None
        self._flying = None
        if flying.tries > 1:
            self._remember(flying)  # its other tries may be answered, too
        answer = answer_of(message)
        ending = Ending.REFUSED if isinstance(answer, Refusal) else Ending.ANSWERED
        return flying.ended(ending, answer, now)

    def tick(self, now: float) -> Ended | None:
        """The request in flight if its time is up and it is not sent again."""
        flying = self._flying
        if flying is None or now < flying.until:
            return None
        self._flying = None
        if flying.tries < flying.ask.tries:
            self._queue.appendleft(flying)
            return None
        self._remember(flying)
        return flying.ended(Ending.TIMED_OUT, None, now)

    def rebooted(self, quiet_until: float, now: float) -> Ended | None:
        """The device starts anew, and is left alone until then: what it was asked it has forgotten."""
        self._quiet_until = quiet_until
        flying, self._flying = self._flying, None
        if flying is None:
            return None
        if flying.tries < flying.ask.tries:
            self._queue.appendleft(flying)
            return None
        return flying.ended(Ending.REBOOTED, None, now)

    def closed(self, now: float) -> list[Ended]:
        """Every request that will get no answer any more, because the port is gone."""
        flying = [self._flying] if self._flying else []
        lost = [one.ended(Ending.LINK_LOST, None, now) for one in (*flying, *self._queue)]
        self._flying = None
        self._queue.clear()
        return lost

    def _remember(self, flying: _Waiting) -> None:
        self._given_up[flying.id] = None
        while len(self._given_up) > REMEMBERED:
            self._given_up.popitem(last=False)


def _answers(message: Message, flying: _Waiting) -> bool:
    return message.answers and message.id == flying.id and message.writes is flying.ask.writes
