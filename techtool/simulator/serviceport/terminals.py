"""Pseudo terminals that stand in for serial ports. An edge."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

CHUNK = 4096


class DeviceError(Exception):
    """The device cannot be made; the text says why."""


class NoTerminalsError(DeviceError):
    """This system has no pseudo terminals."""


class Terminal:
    """A pseudo terminal that looks like a serial port to others, under a name that can be kept."""

    def __init__(self, link: Path | None) -> None:
        try:
            import pty
            import tty
        except ImportError:
            text = "A simulated charger needs a pseudo terminal, and Windows has none: use Linux, macOS or WSL."
            raise NoTerminalsError(text) from None
        # The other end stays open here, too: what a program that leaves would tear down stays as it is.
        self.fd, self._other = pty.openpty()
        tty.setraw(self._other)
        os.set_blocking(self.fd, False)
        self._terminal = os.ttyname(self._other)
        self._link = link
        if link is not None:
            try:
                self._take(link)
            except OSError as error:
                self._hang_up()
                raise DeviceError(f"{link} cannot be made: {error.strerror}.") from error

    @property
    def name(self) -> str:
        """What to open."""
        return str(self._link or self._terminal)

    def read(self) -> bytes:
        """What came."""
        try:
            return os.read(self.fd, CHUNK)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """Say it. What nobody reads is lost when the line is full, as with a real one."""
        with contextlib.suppress(BlockingIOError):
            os.write(self.fd, data)

    def close(self) -> None:
        """Take the device away from whoever has it open."""
        if self._link is not None:
            with contextlib.suppress(OSError):
                if str(self._link.readlink()) == self._terminal:
                    self._link.unlink()
        self._hang_up()

    def _take(self, link: Path) -> None:
        if link.is_symlink() and not link.exists():
            link.unlink()  # left behind by one that was killed
        link.symlink_to(self._terminal)

    def _hang_up(self) -> None:
        os.close(self.fd)
        os.close(self._other)
