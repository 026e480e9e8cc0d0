"""Questions that are asked again and again, or once: whose turn it is, and how long a miss waits. Pure.

Times are monotonic seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

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


class Jobs(Generic[J]):
    """All questions to one device: what is due longest, first."""

    def __init__(self) -> None:
        self._jobs: list[J] = []

    @property
    def due(self) -> float | None:
        """When :meth:`next` has something; None where nothing is ever asked."""
        return min((job.due for job in self._jobs), default=None)

    def next(self, now: float) -> J | None:
        """The question whose turn it is."""
        job = min(self._jobs, key=lambda one: one.due, default=None)
        return job if job is not None and job.due <= now else None
