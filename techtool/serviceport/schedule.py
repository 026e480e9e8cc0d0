"""Questions that are asked again and again, or once: whose turn it is, and how long a miss waits. Pure.

Times are monotonic seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

SILENT_S = 5.0
LONGEST_S = 60.0
"""What is not answered is asked again after 5 seconds at first, and every minute in the end."""


@dataclass(slots=True, eq=False, kw_only=True)
class Job:
    """One question."""

    due: float
    every: float | None
    """Seconds; None: once."""
    misses: int = 0

    def missed(self) -> float:
        """It was not answered; how many seconds it waits now."""
        self.misses += 1
        return min(LONGEST_S, SILENT_S * 2.0 ** min(self.misses - 1, 8))


J = TypeVar("J", bound=Job)


def first_due(jobs: Iterable[Job]) -> float | None:
    """When :func:`whose_turn` gives something; None where nothing is ever asked."""
    return min((job.due for job in jobs), default=None)


def whose_turn(jobs: Iterable[J], now: float) -> J | None:
    """The question that is due, longest of all."""
    job = min(jobs, key=lambda one: one.due, default=None)
    return job if job is not None and job.due <= now else None
