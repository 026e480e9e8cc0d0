"""Many words searched for at once: one pattern that shares their beginnings."""

from __future__ import annotations

import re
from collections.abc import Iterable


def pattern_of(words: Iterable[str]) -> str:
    """A pattern that matches where one of the words stands; of words that begin alike the shortest."""
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[:1], []).append(word[1:])
    if not tails or "" in tails:
        return ""
    branches = [re.escape(first) + pattern_of(rest) for first, rest in sorted(tails.items())]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


class Starts:
    """Which of many texts, all ``SIZE`` characters long, stand somewhere in another one."""

    SIZE = 4
    _PATIENCE = 16
    """So many that came late are looked for one by one: making the pattern anew for each takes longer."""

    def __init__(self) -> None:
        self._all: set[str] = set()
        self._fresh: set[str] = set()
        self._looked = 0
        """How often since the last one was added."""
        self._compiled: re.Pattern[str] | None = None

    def add(self, start: str) -> None:
        """One more to look for."""
        if start not in self._all:
            self._all.add(start)
            self._fresh.add(start)
            self._looked = 0

    def within(self, text: str) -> set[str]:
        """Those that stand in the text, overlapping ones too."""
        self._looked += 1
        if self._fresh and max(len(self._fresh), self._looked) > max(self._PATIENCE, len(self._all) // 8):
            self._compile()
        found = {start for start in self._fresh if start in text}
        if self._compiled is not None:
            found.update(text[hit.start() : hit.start() + self.SIZE] for hit in self._compiled.finditer(text))
        return found

    def _compile(self) -> None:
        tails: dict[str, list[str]] = {}
        for start in self._all:
            tails.setdefault(start[0], []).append(start[1:])
        # Only the first character is taken, so that what begins within a hit is found, too.
        branches = (f"{re.escape(first)}(?={pattern_of(rest)})" for first, rest in sorted(tails.items()))
        self._compiled = re.compile("|".join(branches))
        self._fresh.clear()
