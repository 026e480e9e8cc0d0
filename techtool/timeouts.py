"""Time-outs that leave Ctrl-C alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def timeout_at(when: float | None) -> AsyncIterator[None]:
    """:func:`asyncio.timeout_at`, also for a moment that may be over: TimeoutError is raised by it alone.

    A signal cancels the task that runs, which hears of it when it waits next. If that is within a time-out that is
    over as it begins, asyncio takes the cancellation for the time-out's own, and Ctrl-C does nothing.
    """
    await asyncio.sleep(0)
    async with asyncio.timeout_at(when):
        yield
