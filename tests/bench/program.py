"""A program on a pseudo terminal whose output is always read, and which can be asked when it showed something."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
import time
from types import TracebackType
from typing import Self

KEPT = 1 << 20


class Program:
    """Runs from the start to the end of the ``with``."""

    def __init__(self, command: list[str], environment: dict[str, str], size: tuple[int, int] = (120, 40)) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._seen = bytearray()
        self._came = threading.Condition()
        self.began = time.perf_counter()
        terminal = {"TERM": "xterm-256color", "COLUMNS": str(size[0]), "LINES": str(size[1])}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment | terminal, start_new_session=True
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._master)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65_536)
            except OSError:  # the other side is closed
                return
            with self._came:
                self._seen += data
                del self._seen[:-KEPT]
                self._came.notify_all()

    def press(self, keys: str) -> None:
        """Type; what was shown before is forgotten."""
        with self._came:
            self._seen.clear()
        os.write(self._master, keys.encode())

    def until(self, mark: str, seconds: float = 30.0) -> float:
        """Wait until this is shown; seconds since the start of the program (or now, as perf_counter counts)."""
        wanted = mark.encode()
        with self._came:
            if not self._came.wait_for(lambda: wanted in self._seen, seconds):
                shown = self._seen[-2000:].decode("utf-8", "replace")
                raise TimeoutError(f"{mark!r} was not shown in {seconds:.0f} s; last: {shown!r}")
        return time.perf_counter() - self.began

    def answer_s(self, keys: str, mark: str) -> float:
        """Seconds between a key and what it shows."""
        start = time.perf_counter()
        self.press(keys)
        self.until(mark)
        return time.perf_counter() - start
