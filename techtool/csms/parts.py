"""Asking for many things in parts: as many at once as a charger takes, at worst one after the other. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

PATIENCE_S = 30.0
"""For a question."""
AGAIN_S = 10.0
"""For one after a question that was not answered."""
GIVE_UP = 3
"""So many questions in a row without an answer, and nothing more is asked."""

T = TypeVar("T")


class Parts(Generic[T]):
    """What is still to be asked for, and what could not be had. Ask :meth:`next`, then tell what came of it."""

    def __init__(self) -> None:
        self.refused: list[T] = []
        """What was answered with an error."""
        self.silent: list[T] = []
        """What was not answered."""
        self.silences = 0
        """Questions in a row without an answer."""
        self._queue: deque[tuple[T, ...]] = deque()
        self.asked: tuple[T, ...] = ()
        """What the question was for that waits for its answer."""

    @property
    def within(self) -> float:
        """Seconds to wait for the next answer."""
        return AGAIN_S if self.silences else PATIENCE_S

    def put(self, things: Sequence[T], size: int) -> None:
        """Ask for these, too, so many at once."""
        self._queue.extend(tuple(things[at : at + size]) for at in range(0, len(things), size))

    def next(self) -> tuple[T, ...]:
        """What to ask for now; nothing when it is over."""
        self.asked = self._queue.popleft() if self._queue else ()
        return self.asked

    def answered(self, left: Sequence[T]) -> None:
        """An answer came, without a word about what is ``left``: that is asked for alone."""
        self.silences = 0
        if len(self.asked) > 1:
            self._queue.extendleft((one,) for one in reversed(left))
        else:
            self.silent += left

    def was_refused(self) -> None:
        """It was answered with an error: perhaps it was too much, or one of it was wrong."""
        self.silences = 0
        if len(self.asked) > 1:
            half = (len(self.asked) + 1) // 2
            self._queue.extendleft((self.asked[half:], self.asked[:half]))
        else:
            self.refused += self.asked

    def was_silent(self) -> None:
        """It was not answered in time."""
        self.silences += 1
        if len(self.asked) > 1:
            self._queue.extendleft((one,) for one in reversed(self.asked))
        else:
            self.silent += self.asked
        if self.silences >= GIVE_UP:
            self.give_up()

    def give_up(self) -> None:
        """Nothing more is asked for."""
        self.silent += _new(self._queue, self.silent)
        self._queue.clear()


def _new(waiting: Iterable[tuple[T, ...]], known: Sequence[T]) -> list[T]:
    return [one for part in waiting for one in part if one not in known]
