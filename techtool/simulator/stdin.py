"""Lines that somebody types, for an event loop, on any system."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import AsyncIterator
from typing import TextIO


async def typed_lines(source: TextIO | None = None) -> AsyncIterator[str]:
    """Lines of ``source`` (standard input if left out), without their ends, until it is closed.

    A thread reads, since Windows cannot wait for a console in an event loop. It is a daemon: a read
    that never returns does not hold up the end of the program.
    """
    stream = sys.stdin if source is None else source
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(line: str | None) -> None:
        # A closed loop: nobody wants the line any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(queue.put_nowait, line)

    def read() -> None:
        # Closed under our hands: that is the end, too.
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                hand_over(line.rstrip("\r\n"))
        hand_over(None)

    threading.Thread(target=read, name="simulator-lines", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line
