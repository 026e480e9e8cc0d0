"""What a simulated device hangs on: a pseudo terminal, or a socket where there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class DeviceError(Exception):
    """The device cannot be made; the text says why."""


class NoTerminalsError(DeviceError):
    """This system has no pseudo terminals."""


class End(Protocol):
    """The device's end of a line. It can be opened again after it was closed."""

    @property
    def name(self) -> str:
        """What to open at the other end, once it is open."""

    async def open(self, hear: Callable[[bytes], None]) -> None:
        """Make it; ``hear`` is told what comes. Raises DeviceError."""

    def write(self, data: bytes) -> None:
        """Say it; what nobody reads is lost."""

    def close(self) -> None:
        """Take it away from whoever has it open."""
