"""Lines to stdout from a thread: whoever reads them too slowly, or not at all, must not keep chargers waiting."""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
from collections.abc import Callable

from techtool.cli import output

KEPT = 10_000
"""Lines that wait for their reader."""
CLOSING_S = 1.0


class Printer:
    """Prints in the order of :meth:`put`. ``failed`` ends where the output does."""

    def __init__(self) -> None:
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.dropped = 0
        """Lines that found no place."""
        self._loop = asyncio.get_running_loop()
        self._lines: queue.Queue[str | None] = queue.Queue(KEPT)
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Print a line when its turn comes; it is dropped where too many wait already."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Wait a moment for what is left."""
        try:
            self._lines.put(None, timeout=CLOSING_S)
        except queue.Full:
            return
        self._thread.join(CLOSING_S)

    def _run(self) -> None:
        try:
            write = _writer()
            while (line := self._lines.get()) is not None:
                write(line + "\n")
        except output.ClosedError as closed:
            self._loop.call_soon_threadsafe(self._fail, closed)

    def _fail(self, error: output.ClosedError) -> None:
        if not self.failed.done():
            self.failed.set_exception(error)


def _writer() -> Callable[[str], None]:
    if sys.stdout is None:
        raise output.ClosedError("there is no output to write to")
    descriptor, encoding = sys.stdout.fileno(), sys.stdout.encoding or "utf-8"

    def write(text: str) -> None:
        # not through sys.stdout: a thread that is stuck in there would hold up the end of the program
        data = text.replace("\n", os.linesep).encode(encoding, "backslashreplace")
        try:
            while data:
                data = data[os.write(descriptor, data) :]
        except OSError as error:
            raise output.closed(error) from None

    return write
