"""An OpenEVSE that lives by itself: a car comes, charges and leaves, and once in a while something is wrong."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

LIFE: tuple[tuple[float, str], ...] = (
    (3.0, "temp 24"),
    (2.0, "car B"),
    (3.0, "amps 15.5"),
    (0.0, "car C"),
    (40.0, "amps 8"),
    (20.0, "car B"),
    (10.0, "ground"),
    (15.0, "clear"),
    (20.0, "car A"),
)
"""Seconds to wait, and what is typed then; again and again."""


async def lines() -> AsyncIterator[str]:
    """What somebody would type at it, in time."""
    for seconds, line in itertools.cycle(LIFE):
        await asyncio.sleep(seconds)
        yield line
