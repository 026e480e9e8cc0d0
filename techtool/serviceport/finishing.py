"""Work that must come to its end whoever gives up on it meanwhile: a charger is put back as it was found."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Do it also where this task is cancelled, however often; CancelledError is raised when it is done.

    The work bounds its own time. What it raises goes first.
    """
    task = asyncio.get_running_loop().create_task(work)  # not lost: nobody leaves here before it is over
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # also where the loop is torn down
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result
