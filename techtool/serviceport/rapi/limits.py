"""Between which currents a charger's hardware lies. Pure.

Source: OpenEVSE/open_evse rapi_proc.cpp: ``$GC`` tells least, most by hardware, pilot now, most by settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Limits(NamedTuple):
    """Amperes."""

    least: int
    most: int

    def against(self, amperes: int) -> str | None:
        """Why this current may not be set, in a sentence; None where it may."""
        if self.least <= amperes <= self.most:
            return None
        return f"{amperes} A is not between the {self.least} and {self.most} A of its hardware."


def limits_of(words: Sequence[str]) -> Limits | None:
    """From the answer to ``$GC``; None where that makes no sense."""
    try:
        limits = Limits(int(words[0]), int(words[1]))
    except (ValueError, IndexError):
        return None
    return limits if 0 < limits.least <= limits.most else None
