"""The edge: a pseudo terminal and the real clock around a simulated OpenEVSE."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from techtool.simulator.effects import Quit, Report
from techtool.simulator.openevse.charger import Charger, Effect, Say, Unplug

CHUNK = 4096


class DeviceError(Exception):
    """The device cannot be made; the text says why."""


class NoTerminalsError(DeviceError):
    """This system has no pseudo terminals."""


class Device:
    """A pseudo terminal that looks like a serial port to others, under a name that can be kept."""

    def __init__(self, link: Path | None) -> None:
        try:
            import pty
            import tty
        except ImportError:
            text = "A simulated OpenEVSE needs a pseudo terminal, and Windows has none: use Linux, macOS or WSL."
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


async def run(
    link: Path | None = None,
    quirks: frozenset[str] = frozenset(),
    lines: AsyncIterator[str] | None = None,
    *,
    on_device: Callable[[str], None] = lambda name: None,
    on_report: Callable[[Report], None] = lambda report: None,
) -> None:
    """Run one charger until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    ``on_device`` is told the device's name, again when it comes back under another one.

    Raises:
        DeviceError: there can be no such device.
    """
    edge = _Edge(link, quirks, on_device, on_report)
    edge.plug_in()
    async with asyncio.TaskGroup() as group:
        reader = None if lines is None else group.create_task(edge.read_lines(lines))
        try:
            await edge.drive()
        finally:
            edge.unplug()
            if reader is not None:
                reader.cancel()


class _Edge:
    def __init__(
        self,
        link: Path | None,
        quirks: frozenset[str],
        on_device: Callable[[str], None],
        on_report: Callable[[Report], None],
    ) -> None:
        self._link = link
        self._on_device = on_device
        self._on_report = on_report
        self._loop = asyncio.get_running_loop()
        self._core = Charger(time.monotonic(), quirks)
        self._inbox: asyncio.Queue[Callable[[float], list[Effect]]] = asyncio.Queue()
        self._device: Device | None = None
        self._told = ""

    async def drive(self) -> None:
        """Feed the charger with what happens, and do what it wants."""
        while True:
            act = await self._next(self._core.due()) or self._core.tick
            for effect in act(time.monotonic()):
                match effect:
                    case Say(data):
                        if self._device is not None:
                            self._device.write(data)
                    case Unplug(seconds):
                        self.unplug()
                        self._loop.call_later(seconds, self._inbox.put_nowait, self._plug_in_again)
                    case Report():
                        self._on_report(effect)
                    case Quit():
                        return

    async def read_lines(self, lines: AsyncIterator[str]) -> None:
        """Hand over what is typed."""
        async for line in lines:
            self._inbox.put_nowait(partial(self._core.command, line=line))

    def unplug(self) -> None:
        """Take the device away, if it is there."""
        if self._device is not None:
            self._loop.remove_reader(self._device.fd)
            self._device.close()
            self._device = None

    async def _next(self, due: float) -> Callable[[float], list[Effect]] | None:
        """The next input, None when something is due before one comes."""
        try:
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                return await self._inbox.get()
        except TimeoutError:
            return None

    def plug_in(self) -> None:
        """Make the device. Raises DeviceError."""
        self._device = Device(self._link)
        self._loop.add_reader(self._device.fd, self._hear, self._device)
        if self._device.name != self._told:
            self._told = self._device.name
            self._on_device(self._told)

    def _plug_in_again(self, now: float) -> list[Effect]:
        if self._device is None:
            try:
                self.plug_in()
            except DeviceError as error:
                return [Report("problem", str(error))]
        return [Report("link", f"{self._told} is there again")]

    def _hear(self, device: Device) -> None:
        if data := device.read():
            self._inbox.put_nowait(partial(self._core.received, data=data))
