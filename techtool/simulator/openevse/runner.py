"""The edge: a pseudo terminal and the real clock around a simulated OpenEVSE."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

from techtool.simulator.effects import Quit, Report
from techtool.simulator.openevse.charger import Charger, Effect, Say, Unplug
from techtool.simulator.terminals import Device
from techtool.simulator.terminals import DeviceError as DeviceError
from techtool.simulator.terminals import NoTerminalsError as NoTerminalsError


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
