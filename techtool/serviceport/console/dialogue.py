"""Our commands on one console: one in flight, its echo and what is said unasked kept apart. Pure.

An answer ends with the prompt. Where there is none, or it does not come, silence ends it; what is late is waited
for before anything else is typed. Times are monotonic seconds.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, StrEnum
from typing import NamedTuple

from techtool.serviceport.console.commands import Command, Ended, Ending, Waiting
from techtool.serviceport.console.framing import Framer, Piece
from techtool.serviceport.console.framing import Sort as Cut
from techtool.serviceport.console.texts import text_of
from techtool.serviceport.effects import Rebooted, Send
from techtool.serviceport.profiles.console import Echo, Habits

TIMEOUT_S = 2.0
"""Silence after which no answer is awaited any more, or no more of it."""
LONGEST_S = 30.0
"""An answer takes no longer, however much is said."""
SETTLED_S = 0.3
"""Silence that ends an answer where no prompt will come."""
BOOT_S = 3.0
"""A device that starts is left alone for so long, or until it is ready."""
TRIES = 2
"""Of what only reads. What writes is never sent again: it may have had its effect."""
KEPT_LINES = 2000
"""Of one answer; the journal has all."""


class Sort(StrEnum):
    """What a piece is in the dialogue."""

    ANSWER = "answer"
    PROMPT = "prompt"
    ECHO = "echo"  # what was typed, given back
    CHATTER = "chatter"  # said unasked
    NOISE = "noise"


class Came(NamedTuple):
    """These bytes came; keep them."""

    sort: Sort
    data: bytes


Effect = Came | Send | Rebooted | Ended


class Phase(Enum):
    """Where the console is."""

    IDLE = "idle"
    FLYING = "flying"
    DRAINING = "draining"  # given up, or left: what still comes is waited for
    BOOTING = "booting"


class Dialogue:
    """The laptop's side of one console."""

    def __init__(self, habits: Habits, now: float) -> None:
        self._habits = habits
        self._framer = Framer(habits, now)
        self._queue: deque[Waiting] = deque()
        self._flying: Waiting | None = None
        self._phase = Phase.IDLE
        self._until = now
        """When the phase is over, if nothing comes."""
        self._numbers = 0
        self._effects: list[Effect] = []

    @property
    def idle(self) -> bool:
        """Nothing is in flight or drained, and nothing waits."""
        return self._phase is Phase.IDLE and not self._queue

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest; None where nothing is to be done."""
        times = [self._framer.deadline, None if self.idle else self._until]
        return min((at for at in times if at is not None), default=None)

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    def call(self, command: Command, now: float, timeout: float | None = None) -> int:
        """Queue a command; it goes out when the console is free."""
        self._numbers += 1
        self._queue.append(Waiting(self._numbers, command, timeout, now))
        self._go_on(now)
        return self._numbers

    def cancel(self, number: int, now: float) -> None:
        """Nobody wants this any more: it is not sent, or its dialogue is left and its answer waited for."""
        self._queue = deque(one for one in self._queue if one.number != number)
        if self._flying is not None and self._flying.number == number:
            self._leave(self._flying, now)

    def feed(self, data: bytes, now: float) -> None:
        """These bytes came."""
        self._hear(self._framer.feed(data, now), now)
        self._time_is_up(now)  # who says something without end must not hold the line
        self._go_on(now)

    def tick(self, now: float) -> None:
        """Time has passed."""
        self._hear(self._framer.tick(now), now)
        self._time_is_up(now)
        self._go_on(now)

    def closed(self, now: float, *, leave: bool) -> None:
        """The port goes: what was held back, and what gets no answer any more. ``leave`` while it still takes the
        way out of a dialogue."""
        self._hear(self._framer.flush(), now)
        flying = [self._flying] if self._flying is not None else []
        if self._flying is not None and leave:
            self._leave(self._flying, now)
        lost = [one.ended(Ending.LINK_LOST, now) for one in (*flying, *self._queue)]
        self._effects += lost
        self._queue.clear()

    # --- what comes ----------------------------------------------------------------------------------------

    def _hear(self, pieces: list[Piece], now: float) -> None:
        for piece in pieces:
            self._effects.append(Came(self._sorted(piece, now), piece.data))
            if piece.sort in (Cut.PROMPT, Cut.INPUT):
                self._ready(piece, now)

    def _sorted(self, piece: Piece, now: float) -> Sort:
        """What it is; what an answer is made of is remembered."""
        if piece.sort is Cut.JUNK:
            return Sort.NOISE
        if piece.sort in (Cut.PROMPT, Cut.INPUT):
            return Sort.PROMPT
        text = text_of(piece.data, self._habits)
        if any(one.search(text) for one in self._habits.boot):
            self._booted(now)
            return Sort.CHATTER
        if self._phase is Phase.IDLE or any(one.search(text) for one in self._habits.chatter):
            return Sort.CHATTER
        flying = self._flying
        if flying is None:
            return Sort.ANSWER if self._phase is Phase.DRAINING else Sort.CHATTER
        if not flying.echoed and self._is_echo(text, flying):
            flying.echoed = True
            return Sort.ECHO
        self._answered(flying, text, piece, now)
        return Sort.ANSWER

    def _is_echo(self, text: str, flying: Waiting) -> bool:
        if self._habits.echo is Echo.OFF:
            return False
        typed = text_of(flying.command.lines[flying.step], self._habits)
        prompt = self._habits.prompt
        before = text[: len(text) - len(typed)] if typed and text.endswith(typed) else None
        return text == typed or (before is not None and prompt is not None and bool(prompt.search(before)))

    def _answered(self, flying: Waiting, text: str, piece: Piece, now: float) -> None:
        flying.part = piece.sort is Cut.PART
        if not text or flying.answer is None:
            return
        flying.heard = now
        if len(flying.answer) < KEPT_LINES:
            flying.answer.append(text)
        flying.refused = flying.refused or any(one.search(text) for one in self._habits.error)
        self._until = self._awaited(flying, now)

    def _awaited(self, flying: Waiting, now: float) -> float:
        """When what has come is the answer, if nothing else comes."""
        settled = flying.settled
        if flying.timeout is not None and not settled and self._habits.prompt is not None:
            return flying.since + flying.timeout
        silence = SETTLED_S if settled or self._habits.prompt is None else TIMEOUT_S
        return min(now + silence, flying.since + (flying.timeout or LONGEST_S))

    def _ready(self, piece: Piece, now: float) -> None:
        """It waits for a command, or for a value."""
        flying = self._flying
        if flying is None:
            if piece.sort is Cut.PROMPT:
                self._phase, self._until = Phase.IDLE, now
        elif piece.sort is Cut.PROMPT:
            if self._habits.echo is Echo.ON and not flying.echoed:
                flying.prompted = True  # of before, unless nothing else comes: the echo is first
                self._until = self._awaited(flying, now)
            elif flying.step + 1 < len(flying.command.lines):
                self._end(flying, Ending.REFUSED if flying.refused else Ending.NOT_ASKED, now)
            else:
                self._end(flying, Ending.REFUSED if flying.refused else Ending.ANSWERED, now)
        elif flying.step + 1 < len(flying.command.lines):
            self._type_next(flying, now)
        else:
            assert flying.answer is not None
            flying.answer.append(text_of(piece.data, self._habits))
            self._effects.append(flying.ended(Ending.ASKED, now))
            self._leave(flying, now, stuck=True)

    def _booted(self, now: float) -> None:
        flying, self._flying = self._flying, None
        if self._phase is not Phase.BOOTING:
            self._effects.append(Rebooted())
        self._phase, self._until = Phase.BOOTING, now + BOOT_S
        if flying is not None and flying.command.reads and flying.tries < TRIES:
            self._queue.appendleft(flying)
        elif flying is not None:
            self._effects.append(flying.ended(Ending.REBOOTED, now))

    # --- what goes out -------------------------------------------------------------------------------------

    def _go_on(self, now: float) -> None:
        if self._phase is Phase.IDLE and self._queue:
            self._hear(self._framer.typing(now), now)
        if self._phase is not Phase.IDLE or not self._queue:
            return
        self._flying = flying = self._queue.popleft()
        flying.begin(now)
        self._phase = Phase.FLYING
        self._send(flying, now)

    def _type_next(self, flying: Waiting, now: float) -> None:
        flying.step += 1
        flying.echoed = flying.prompted = flying.part = False
        flying.heard = None
        self._send(flying, now)

    def _send(self, flying: Waiting, now: float) -> None:
        self._effects.append(Send(flying.command.lines[flying.step]))
        self._until = flying.since + flying.timeout if flying.timeout is not None else now + TIMEOUT_S

    def _time_is_up(self, now: float) -> None:
        if now < self._until or self._phase is Phase.IDLE:
            return
        flying = self._flying
        if flying is None:
            self._phase = Phase.IDLE
            return
        last = flying.step + 1 == len(flying.command.lines)
        if last and (flying.prompted or flying.heard is not None):
            ending = Ending.REFUSED if flying.refused else Ending.ANSWERED
            whole = flying.settled or self._habits.prompt is None
            self._effects.append(flying.ended(ending, now, whole=whole))
            if flying.part and self._habits.prompt is not None:
                self._leave(flying, now)
            else:
                self._free(now)
        elif flying.command.reads and flying.tries < TRIES:
            self._queue.appendleft(flying)
            self._drain(now)
        else:
            self._effects.append(flying.ended(Ending.TIMED_OUT, now))
            self._leave(flying, now)

    def _end(self, flying: Waiting, ending: Ending, now: float) -> None:
        self._effects.append(flying.ended(ending, now))
        self._free(now)

    def _free(self, now: float) -> None:
        self._flying, self._phase, self._until = None, Phase.IDLE, now

    def _leave(self, flying: Waiting, now: float, *, stuck: bool = False) -> None:
        """Out of a dialogue that may stand open, and what still comes is waited for."""
        stuck = stuck or flying.part or len(flying.command.lines) > 1
        if stuck and self._habits.cancel is not None:
            self._effects.append(Send(self._habits.cancel.encode(self._habits.encoding)))
        self._drain(now)

    def _drain(self, now: float) -> None:
        self._flying, self._phase, self._until = None, Phase.DRAINING, now + TIMEOUT_S
