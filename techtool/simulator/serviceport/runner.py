"""The edge: a line and the real clock around a simulated device."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial

from techtool.simulator.effects import Quit, Report
from techtool.simulator.serviceport.device import Device, Effect, Say, Unplug
from techtool.simulator.serviceport.ends import DeviceError, End
from techtool.simulator.serviceport.terminals import Terminal
from techtool.timeouts import timeout_at


async def run(
    core: Device,
    end: End | None = None,
    lines: AsyncIterator[str] | None = None,
    *,
    on_device: Callable[[str], None] = lambda name: None,
    on_report: Callable[[Report], None] = lambda report: None,
) -> None:
    """Run one device until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    ``core``'s clock is :func:`time.monotonic`. ``end`` is what it hangs on, a pseudo terminal if left out.
    ``on_device`` is told its name, again when it comes back under another one.

    Raises:
        techtool.simulator.serviceport.ends.DeviceError: there can be no such device.
    """
    edge = _Edge(core, end or Terminal(None), on_device, on_report)
    await edge.plug_in()
    async with asyncio.TaskGroup() as group:
        reader = None if lines is None else group.create_task(edge.read_lines(lines))
        try:
            await edge.drive()
        finally:
            edge.unplug()
            if reader is not None:
                reader.cancel()


_Input = Callable[[float], list[Effect]]


class _Edge:
    def __init__(
        self, core: Device, end: End, on_device: Callable[[str], None], on_report: Callable[[Report], None]
    ) -> None:
        self._end = end
        self._on_device = on_device
        self._on_report = on_report
        self._loop = asyncio.get_running_loop()
        self._core = core
        self._inbox: asyncio.Queue[_Input | None] = asyncio.Queue()
        """None: the device comes back."""
        self._plugged = False
        self._told = ""

    async def drive(self) -> None:
        """Feed the device with what happens, and do what it wants."""
        while True:
            act = await self._next(self._core.due())
            for effect in act(time.monotonic()) if act is not None else await self._plug_in_again():
                match effect:
                    case Say(data):
                        if self._plugged:
                            self._end.write(data)
                    case Unplug(seconds):
                        self.unplug()
                        self._loop.call_later(seconds, self._inbox.put_nowait, None)
                    case Report():
                        self._on_report(effect)
                    case Quit():
                        return

    async def read_lines(self, lines: AsyncIterator[str]) -> None:
        """Hand over what is typed."""
        async for line in lines:
            self._inbox.put_nowait(partial(self._core.command, line=line))

    async def plug_in(self) -> None:
        """Make the device. Raises DeviceError."""
        await self._end.open(self._hear)
        self._plugged = True
        if self._end.name != self._told:
            self._told = self._end.name
            self._on_device(self._told)

    def unplug(self) -> None:
        """Take the device away, if it is there."""
        if self._plugged:
            self._plugged = False
            self._end.close()

    async def _next(self, due: float) -> _Input | None:
        """The next input: time, when something is due before one comes."""
        try:
            async with timeout_at(due if due != float("inf") else None):
                return await self._inbox.get()
        except TimeoutError:
            return self._core.tick

    async def _plug_in_again(self) -> list[Effect]:
        if not self._plugged:
            try:
                await self.plug_in()
            except DeviceError as error:
                return [Report("problem", str(error))]
        return [Report("link", f"{self._told} is there again")]

    def _hear(self, data: bytes) -> None:
        self._inbox.put_nowait(partial(self._core.received, data=data))
