"""Lines from a thread: whoever reads them too slowly, or not at all, must not keep chargers waiting."""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import threading
from collections.abc import Callable
from typing import TextIO

from techtool.cli import output

KEPT = 10_000
"""Lines that wait for their reader."""
CLOSING_S = 1.0


class Printer:
    """Prints to stdout or stderr, in the order of :meth:`put`."""

    def __init__(self, stream: TextIO | None) -> None:
        self.ended = asyncio.Event()
        """All is printed, or the output takes no more; :meth:`check` tells which."""
        self._stream = stream
        self._failure: output.ClosedError | None = None
        self._dropped = 0
        self._loop = asyncio.get_running_loop()
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Print a line when its turn comes; it is dropped where too many wait already."""
        if self._lines.qsize() < KEPT:
            self._lines.put(line)
        else:
            self._dropped += 1

    @property
    def dropped(self) -> str | None:
        """What to say of the lines that found no place."""
        if not self._dropped:
            return None
        return f"{self._dropped:,} lines were not printed: nobody read them. The journal has what they told."

    def check(self) -> None:
        """Raise ClosedError where the output takes no more."""
        if self._failure is not None:
            raise self._failure

    async def finish(self) -> None:
        """Wait until everything is read, however long that takes. Raises ClosedError."""
        self._lines.put(None)
        await self.ended.wait()
        self.check()

    async def close(self) -> None:
        """Wait a moment for what is left; a thread that is stuck ends with the program."""
        self._lines.put(None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await self.ended.wait()

    def _run(self) -> None:
        try:
            write = _writer(self._stream)
            while (line := self._lines.get()) is not None:
                write(line + "\n")
        except output.ClosedError as closed:
            self._failure = closed
        finally:
            # closed: nobody waits any more
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.ended.set)


def _writer(stream: TextIO | None) -> Callable[[str], None]:
    if stream is None:
        raise output.ClosedError("there is no output to write to")
    descriptor, encoding = stream.fileno(), stream.encoding or "utf-8"

    def write(text: str) -> None:
        # not through the stream: a thread that is stuck in there would hold up the end of the program
        data = text.replace("\n", os.linesep).encode(encoding, "backslashreplace")
        try:
            while data:
                data = data[os.write(descriptor, data) :]
        except OSError as error:
            raise output.closed(error) from None

    return write
