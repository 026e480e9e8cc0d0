"""A pseudo terminal in the place of a serial cable: the test holds the charger's end."""

from __future__ import annotations

import asyncio
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

needs_terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


class Cable:
    """The charger's end; ``device`` is the laptop's."""

    def __init__(self, folder: Path) -> None:
        import pty
        import tty

        self.master, slave = pty.openpty()
        tty.setraw(slave)
        tty.setraw(self.master)
        self.name = os.ttyname(slave)
        self._slave = slave
        self.device = folder / "ttyUSB0"
        self.device.symlink_to(self.name)

    def say(self, data: bytes) -> None:
        os.write(self.master, data)

    def flood(self) -> int:
        """Say as much as the wire takes while nobody reads; how many bytes that were."""
        said = 0
        while select.select([], [self.master], [], 0.5)[1] and said < 5_000_000:
            said += os.write(self.master, b"y" * 256)
        return said

    async def hear(self, count: int = 1) -> bytes:
        """At least so many bytes of what the laptop said."""
        heard = b""
        loop = asyncio.get_running_loop()
        while len(heard) < count:
            came = loop.create_future()
            loop.add_reader(self.master, came.set_result, None)
            try:
                await came
            finally:
                loop.remove_reader(self.master)
            heard += os.read(self.master, 4096)
        return heard

    def unplug(self) -> None:
        for end in (self.master, self._slave):
            with suppress(OSError):
                os.close(end)
        self.device.unlink(missing_ok=True)


@contextmanager
def cable(folder: Path) -> Iterator[Cable]:
    made = Cable(folder)
    try:
        yield made
    finally:
        made.unplug()
