"""Pseudo terminals that stand in for serial ports. An edge."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from techtool.simulator.serviceport.ends import DeviceError, NoTerminalsError

CHUNK = 4096


class Terminal:
    """A pseudo terminal that looks like a serial port to others, under a name that can be kept."""

    def __init__(self, link: Path | None) -> None:
        self._link = link
        self._terminal = ""
        self._ends: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """What to open."""
        return str(self._link or self._terminal)

    async def open(self, hear: Callable[[bytes], None]) -> None:
        """Make it. Raises DeviceError."""
        try:
            import pty
            import tty
        except ImportError:
            text = "Windows has no pseudo terminals: --socket 0 gives a port out over TCP instead, also here."
            raise NoTerminalsError(text) from None
        # The other end stays open here, too: what a program that leaves would tear down stays as it is.
        ours, other = self._ends = pty.openpty()
        tty.setraw(other)
        os.set_blocking(ours, False)
        self._terminal = os.ttyname(other)
        if self._link is not None:
            try:
                self._take(self._link)
            except OSError as error:
                self._hang_up()
                raise DeviceError(f"{self._link} cannot be made: {error.strerror}.") from error
        asyncio.get_running_loop().add_reader(ours, self._read, hear)

    def write(self, data: bytes) -> None:
        """Say it. What nobody reads is lost when the line is full, as with a real one."""
        if self._ends is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], data)

    def close(self) -> None:
        """Take the device away from whoever has it open."""
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        if self._link is not None:
            with contextlib.suppress(OSError):
                if str(self._link.readlink()) == self._terminal:
                    self._link.unlink()
        self._hang_up()

    def _read(self, hear: Callable[[bytes], None]) -> None:
        assert self._ends is not None
        with contextlib.suppress(BlockingIOError):
            if data := os.read(self._ends[0], CHUNK):
                hear(data)

    def _take(self, link: Path) -> None:
        if link.is_symlink() and not link.exists():
            link.unlink()  # left behind by one that was killed
        link.symlink_to(self._terminal)

    def _hang_up(self) -> None:
        ends, self._ends = self._ends, None
        for end in ends or ():
            os.close(end)
