"""Times as a charger writes them, and timers that run on a clock from outside."""

from __future__ import annotations

import heapq
import itertools
import re
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta, timezone

_PLAIN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", re.ASCII)


def stamp(at: float, quirks: frozenset[str] = frozenset()) -> str:
    """A time (seconds since 1970 UTC) in RFC 3339: UTC, three digits, ``Z``; quirks bend it."""
    if "clock-wrong" in quirks:
        at += 3600
    if "local-time" in quirks:
        return _at(at, timezone(timedelta(hours=1))).strftime("%Y-%m-%dT%H:%M:%S")
    if "offset-time" in quirks:
        return _at(at, timezone(timedelta(hours=2))).isoformat(timespec="seconds")
    moment = _at(at, UTC).replace(tzinfo=None)
    if "long-fraction" in quirks:
        return moment.isoformat(timespec="microseconds") + "0Z"
    return moment.isoformat(timespec="milliseconds") + "Z"


def instant(text: object) -> float | None:
    """Seconds since 1970 UTC, or None for what is no time; without a zone it is taken as UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def is_plain(text: object) -> bool:
    """Whether a time is written as the strictest readers want it: UTC, ``Z``, at most three digits."""
    return isinstance(text, str) and _PLAIN.fullmatch(text) is not None


def _at(at: float, zone: timezone) -> datetime:
    return datetime.fromtimestamp(at, zone)


class Timers:
    """Callbacks with a due time, at most one per key."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Hashable]] = []
        self._live: dict[Hashable, tuple[int, Callable[[], None]]] = {}
        self._count = itertools.count()

    def set(self, key: Hashable, due: float, call: Callable[[], None]) -> None:
        """Call at ``due``; an earlier timer of the same key is dropped."""
        number = next(self._count)
        self._live[key] = (number, call)
        heapq.heappush(self._heap, (due, number, key))

    def cancel(self, key: Hashable) -> None:
        """Forget a timer, if there is one."""
        self._live.pop(key, None)

    def due(self) -> float | None:
        """When the next one is due."""
        while self._heap:
            due, number, key = self._heap[0]
            if self._live.get(key, (None,))[0] == number:
                return due
            heapq.heappop(self._heap)
        return None

    def pop(self) -> Callable[[], None]:
        """Take the next one out; only after ``due`` gave a time."""
        _, _, key = heapq.heappop(self._heap)
        return self._live.pop(key)[1]
