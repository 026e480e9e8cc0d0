"""Our requests on one Modbus line: one in flight, reads tried again, late answers waited for. Pure.

Modbus answers have no id, so one that is late must not be taken for that of the next request. After a time-out the
line is listened to as long again before anything is sent; and where a read that was tried again is answered, the
answer to the other try is waited for, too. A device would have to be more than twice as slow as its profile says
to be misread. Times are monotonic seconds.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NamedTuple

from techtool.serviceport.effects import Send
from techtool.serviceport.modbus.asks import Answer, Ask, Refusal, pdu_of
from techtool.serviceport.modbus.framing import Piece, Sort, Wire
from techtool.serviceport.profiles.model import Bus

TRIES = 2
"""Of a read. A write is never sent again: it may have had its effect."""


LATER_S = 0.25
"""An answer may come so much later than the one before."""
LEAST_ANSWER = 4
"""Bytes; less of noise was no answer that came damaged."""


class Ending(StrEnum):
    """What came of a request."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TIMED_OUT = "timed out"
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


class Phase(Enum):
    """Where the line is."""

    IDLE = "idle"
    WAKING = "waking"  # sent, and to be sent again: the device naps
    FLYING = "flying"
    OVERDUE = "overdue"  # not answered in time; nothing else is sent yet
    OWING = "owing"  # answered, but sent more than once: another answer may come


@dataclass(slots=True)
class _Waiting:
    number: int
    ask: Ask
    since: float
    timeout: float
    tries: int = 0
    wakes: int = 0


class Dialogue:
    """The laptop's side of one line."""

    def __init__(self, wire: Wire, unit: int, bus: Bus, now: float) -> None:
        self._wire, self._unit = wire, unit
        self._timeout, self._gap, self._wake = bus.timeout_ms / 1000, bus.gap_ms / 1000, bus.wake
        self._framer = wire.framer()
        self._queue: deque[_Waiting] = deque()
        self._flying: _Waiting | None = None
        self._phase = Phase.IDLE
        self._until = now
        """When the phase is over; idle, when the pause is over."""
        self._sent_at = now
        self._owed = 0
        """Answers that may come."""
        self._numbers = 0

    @property
    def idle(self) -> bool:
        """Nothing is in flight or overdue, and nothing waits."""
        return self._phase is Phase.IDLE and not self._queue

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest; None where nothing is to be done."""
        return None if self.idle else self._until

    @property
    def free_at(self) -> float:
        """When an idle line may be spoken on."""
        return self._until

    def call(self, ask: Ask, now: float, timeout: float | None = None) -> int:
        """Queue a request; it goes out with a :meth:`tick` when the line is free. Raises ValueError."""
        pdu_of(ask)  # what cannot be sent must not be queued
        self._numbers += 1
        self._queue.append(_Waiting(self._numbers, ask, now, self._timeout if timeout is None else timeout))
        return self._numbers

    def feed(self, data: bytes, now: float) -> tuple[list[Piece], Ended | None]:
        """Bytes came: what they are, and the request that they end."""
        return self._heard(self._framer.feed(data), now)

    def flush(self, now: float) -> tuple[list[Piece], Ended | None]:
        """Nothing more came for a while; what may still become an answer is kept while one is waited for."""
        return ([], None) if self._phase is not Phase.IDLE else self._heard(self._framer.flush(), now)

    def tick(self, now: float) -> tuple[list[Piece], Ended | None, Send | None]:
        """Time has passed: what was held back, what is over by it, and what is to be sent now."""
        if now < self._until:
            return [], None, None
        pieces: list[Piece] = []
        ended: Ended | None = None
        if self._phase in (Phase.OVERDUE, Phase.OWING):
            pieces, ended = self._heard(self._framer.flush(), now)
        if ended is None:
            ended = self._time_is_up(now)
        return pieces, ended, self._next(now)

    def closed(self, now: float) -> tuple[list[Piece], list[Ended]]:
        """The port is gone: what was held back, and every request that will get no answer any more."""
        flying = [self._flying] if self._flying else []
        lost = [
            Ended(one.number, one.ask, Ending.LINK_LOST, None, now - one.since, one is self._flying)
            for one in (*flying, *self._queue)
        ]
        self._flying, self._phase = None, Phase.IDLE
        self._queue.clear()
        return self._framer.flush(), lost

    def _heard(self, pieces: list[Piece], now: float) -> tuple[list[Piece], Ended | None]:
        ended: Ended | None = None
        for piece in pieces:
            came = piece.sort is Sort.ANSWER or (piece.sort is Sort.NOISE and len(piece.data) >= LEAST_ANSWER)
            self._owed = max(0, self._owed - came)
            if piece.answer is not None and (flying := self._flying) is not None:
                self._flying = None
                ending = Ending.REFUSED if isinstance(piece.answer, Refusal) else Ending.ANSWERED
                ended = Ended(flying.number, flying.ask, ending, piece.answer, now - flying.since, True)
                self._phase, self._until = Phase.IDLE, now
                if self._owed:
                    # which of its tries was answered is not known: the other may be as slow
                    self._phase, self._until = Phase.OWING, self._sent_at + ended.seconds + LATER_S
            elif piece.answer is not None and not self._owed and self._phase in (Phase.OVERDUE, Phase.OWING):
                self._phase, self._until = Phase.IDLE, now
        if pieces and self._phase is Phase.IDLE:
            self._until = max(self._until, now + self._gap)
        return pieces, ended

    def _time_is_up(self, now: float) -> Ended | None:
        flying = self._flying
        if self._phase is Phase.FLYING and flying is not None:
            self._phase, self._until = Phase.OVERDUE, now + flying.timeout
            if flying.ask.writes or flying.tries >= TRIES:
                self._flying = None  # its answer is still waited for, but nobody wants it any more
                return Ended(flying.number, flying.ask, Ending.TIMED_OUT, None, now - flying.since, True)
        elif self._phase in (Phase.OVERDUE, Phase.OWING):
            self._phase, self._until = Phase.IDLE, now
        return None

    def _next(self, now: float) -> Send | None:
        """The frame to send, if one may go out now."""
        if self._phase is Phase.WAKING and self._flying is not None:
            return self._send(self._flying, now)
        if self._phase is not Phase.IDLE or now < self._until:
            return None
        if self._flying is None:
            if not self._queue:
                return None
            self._flying = self._queue.popleft()
            self._flying.since, self._owed = now, 0
        self._flying.tries += 1
        self._flying.wakes = 0
        return self._send(self._flying, now)

    def _send(self, flying: _Waiting, now: float) -> Send:
        waking = flying.wakes < self._wake
        again = flying.wakes > 0
        flying.wakes += 1
        self._sent_at, self._owed = now, self._owed + (not waking)
        self._phase, self._until = (
            (Phase.WAKING, now + self._gap) if waking else (Phase.FLYING, now + flying.timeout)
        )
        data = self._wire.wrap(self._unit, pdu_of(flying.ask))
        self._framer.expect(self._unit, flying.ask, data, again=again)
        return Send(data)
