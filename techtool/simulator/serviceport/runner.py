"""The edge: a pseudo terminal and the real clock around a simulated device."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from techtool.simulator.effects import Quit, Report
from techtool.simulator.serviceport.device import Device, Effect, Say, Unplug
from techtool.simulator.serviceport.terminals import DeviceError, Terminal


async def run(
    core: Device,
    link: Path | None = None,
    lines: AsyncIterator[str] | None = None,
    *,
    on_device: Callable[[str], None] = lambda name: None,
    on_report: Callable[[Report], None] = lambda report: None,
) -> None:
    """Run one device until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    ``core``'s clock is :func:`time.monotonic`. ``on_device`` is told the terminal's name, again when it comes back
    under another one.

    Raises:
        techtool.simulator.serviceport.terminals.DeviceError: there can be no such terminal.
    """
    edge = _Edge(core, link, on_device, on_report)
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
        core: Device,
        link: Path | None,
        on_device: Callable[[str], None],
        on_report: Callable[[Report], None],
    ) -> None:
        self._link = link
        self._on_device = on_device
        self._on_report = on_report
        self._loop = asyncio.get_running_loop()
        self._core = core
        self._inbox: asyncio.Queue[Callable[[float], list[Effect]]] = asyncio.Queue()
        self._device: Terminal | None = None
        self._told = ""

    async def drive(self) -> None:
        """Feed the device with what happens, and do what it wants."""
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
            async with asyncio.timeout(None if due == float("inf") else max(0.0, due - time.monotonic())):
                return await self._inbox.get()
        except TimeoutError:
            return None

    def plug_in(self) -> None:
        """Make the device. Raises DeviceError."""
        self._device = Terminal(self._link)
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

    def _hear(self, device: Terminal) -> None:
        if data := device.read():
            self._inbox.put_nowait(partial(self._core.received, data=data))
