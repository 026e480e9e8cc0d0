"""Our CALLs on one connection: one in flight, answers by id, late answers, time-outs. Pure.

Feed it answers and the time; it says what to send next and what came of each call. Times are
monotonic seconds.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from techtool.csms.frames import Call, CallError, CallResult, MessageId

TIMEOUT_S = 30.0
REMEMBERED = 100
"""Calls that were given up and may still be answered late."""


class Ending(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    ERROR = "error"
    UNREADABLE = "unreadable"
    TIMED_OUT = "timed out"
    LINK_LOST = "link lost"


class Ended(NamedTuple):
    """A call that is over."""

    call: Call
    ending: Ending
    answer: CallResult | CallError | None
    seconds: float
    """From the sending, or the queueing if it never went out."""
    sent: bool
    """It went out: without an answer, whether the charger acted on it is unknown."""


class Late(NamedTuple):
    """An answer to a call that was given up."""

    call: Call
    seconds: float
    """After the time-out."""


@dataclass(slots=True)
class _Waiting:
    call: Call
    timeout: float
    since: float


class Dialogue:
    """The laptop's side of one connection's request and answer."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._flying: _Waiting | None = None
        self._given_up: OrderedDict[MessageId, tuple[Call, float]] = OrderedDict()

    @property
    def flying(self) -> Call | None:
        """The call that waits for its answer now."""
        return self._flying.call if self._flying else None

    @property
    def waiting(self) -> int:
        """Calls that have not gone out yet."""
        return len(self._queue)

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest."""
        return self._flying.since + self._flying.timeout if self._flying else None

    def call(self, id: str, action: str, payload: Any, now: float, timeout: float = TIMEOUT_S) -> None:
        """Queue a call; :meth:`next` hands it out when the line is free."""
        self._queue.append(_Waiting(Call(id, action, payload), timeout, now))

    def next(self, now: float) -> Call | None:
        """The call to send now, if none is in flight. Its time runs from here."""
        if self._flying is not None or not self._queue:
            return None
        self._flying = self._queue.popleft()
        self._flying.since = now
        return self._flying.call

    def answered(self, answer: CallResult | CallError, now: float) -> Ended | Late | None:
        """Take an answer in; None if nobody asked."""
        flying = self._flying
        if flying is not None and answer.id == flying.call.id:
            self._flying = None
            ending = Ending.ANSWERED if isinstance(answer, CallResult) else Ending.ERROR
            return Ended(flying.call, ending, answer, now - flying.since, True)
        given_up = self._given_up.pop(answer.id, None)
        return Late(given_up[0], now - given_up[1]) if given_up else None

    def unreadable(self, id: MessageId | None, now: float) -> Ended | None:
        """The answer came, but cannot be read; without an id it is taken for the call in flight."""
        flying = self._flying
        if flying is None or id not in (None, flying.call.id):
            return None
        self._flying = None
        return Ended(flying.call, Ending.UNREADABLE, None, now - flying.since, True)

    def tick(self, now: float) -> Ended | None:
        """The call in flight if its time is up."""
        flying = self._flying
        if flying is None or now < flying.since + flying.timeout:
            return None
        self._flying = None
        self._given_up[flying.call.id] = (flying.call, now)
        while len(self._given_up) > REMEMBERED:
            self._given_up.popitem(last=False)
        return Ended(flying.call, Ending.TIMED_OUT, None, now - flying.since, True)

    def closed(self, now: float) -> list[Ended]:
        """Every call that will get no answer any more, because the link is gone."""
        flying = [self._flying] if self._flying else []
        lost = [
            Ended(one.call, Ending.LINK_LOST, None, now - one.since, one is self._flying)
            for one in (*flying, *self._queue)
        ]
        self._flying = None
        self._queue.clear()
        return lost
