"""Bytes of a console in; lines, bare prompts and what is no text out. Pure.

Every byte comes out once, in its order, and lines are the same however the bytes are cut. A prompt has no end, so
it is one only when nothing followed it for a while: the edge brings the clock. Times are monotonic seconds.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from techtool.serviceport.console.texts import is_junk, text_of
from techtool.serviceport.profiles.console import Habits

MOST_HELD = 1024
"""Bytes without an end of line, after which they are given out as they are."""
PROMPT_S = 0.05
"""What looks like a prompt is one after so long a silence; USB adapters hold bytes back for 16 ms."""
QUIET_S = 0.5
"""Half a line is given out after so long a silence: a question that no profile knows, or a line cut off."""
LINES_S = 1000.0
BURST = 2000
"""Single lines a second, and how many at once, as no serial line is faster. What is beyond is a flood, and is kept
together."""
_END = re.compile(rb"\r\n|\n|\r(?=[^\n])")


class Sort(StrEnum):
    """What a piece is."""

    LINE = "line"
    PROMPT = "prompt"  # bare: it is ready for a command
    INPUT = "input"  # bare: it waits for a value
    PART = "part"  # text without its end
    FLOOD = "flood"  # many lines at once
    JUNK = "junk"


class Piece(NamedTuple):
    """Some bytes that belong together, with the end of their line."""

    sort: Sort
    data: bytes


class Framer:
    """Cuts what comes from a console into pieces."""

    def __init__(self, habits: Habits, now: float) -> None:
        self._habits = habits
        self._held = bytearray()
        self._heard = now
        self._looked = False
        """What is held was no prompt."""
        self._budget = float(BURST)

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` must be called at the latest; None where nothing is held."""
        if not self._held:
            return None
        return self._heard + (QUIET_S if self._looked else PROMPT_S)

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""
        self._budget = min(BURST, self._budget + max(0.0, now - self._heard) * LINES_S)
        self._heard, self._looked = now, False
        self._held += data
        pieces: list[Piece] = []
        flood = start = 0
        while (end := self._end(start)) is not None:
            if self._budget >= 1:
                self._budget -= 1
                pieces.append(self._piece(bytes(self._held[start:end])))
                flood = end
            start = end
        if start > flood:
            pieces.append(Piece(Sort.FLOOD, bytes(self._held[flood:start])))
        del self._held[:start]
        return pieces

    def tick(self, now: float) -> list[Piece]:
        """Time has passed: a prompt, or what has no end."""
        if not self._held or now < self._heard + PROMPT_S:
            return []
        if not self._looked:
            self._looked = True
            if (sort := self._bare()) is not None:
                return [Piece(sort, self._taken())]
            if self._held[-1:] == b"\r":  # its other half would have come by now
                return [self._piece(self._taken())]
        return self.flush() if now >= self._heard + QUIET_S else []

    def typing(self, now: float) -> list[Piece]:
        """Something is typed now: what stands there, like a prompt that is not known, is no part of its echo."""
        return self.flush() if now >= self._heard + PROMPT_S else []

    def flush(self) -> list[Piece]:
        """What is left, when nothing more will come."""
        if not self._held:
            return []
        data = self._taken()
        return [Piece(Sort.JUNK if is_junk(data, self._habits) else Sort.PART, data)]

    def _end(self, start: int) -> int | None:
        """Where the next piece ends; None while that is not known."""
        found = _END.search(self._held, start, start + MOST_HELD + 1)
        if found is not None and found.end() - start <= MOST_HELD:
            return found.end()
        return start + MOST_HELD if len(self._held) - start > MOST_HELD else None

    def _piece(self, data: bytes) -> Piece:
        if is_junk(data, self._habits):
            return Piece(Sort.JUNK, data)
        return Piece(Sort.LINE if data[-1:] in (b"\r", b"\n") else Sort.PART, data)

    def _bare(self) -> Sort | None:
        text = text_of(bytes(self._held), self._habits)
        for sort, pattern in ((Sort.PROMPT, self._habits.prompt), (Sort.INPUT, self._habits.input_prompt)):
            if pattern is not None and text and pattern.search(text):
                return sort
        return None

    def _taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data
