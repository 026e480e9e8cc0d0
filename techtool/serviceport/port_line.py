"""One serial port with a charger at it, opened again whenever it comes back: what all protocols do alike. An edge.

A protocol adds its driver, which decides what is said, and what the bytes are called in the records.
"""

from __future__ import annotations

import asyncio
import json
import os
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from techtool.serviceport.adapters import Adapter, adapter_of, device_of
from techtool.serviceport.effects import Linked, Rebooted, Send, TimedOut
from techtool.serviceport.house import House
from techtool.serviceport.link import CANNOT
from techtool.serviceport.port import LinkLost, OpenError, Port, Settings
from techtool.station.firmware import Firmware
from techtool.station.reboot import Reboot
from techtool.station.records import Direction, Kind, Record
from techtool.station.release import Release
from techtool.station.settings import Configuration

AGAIN_S = 1.0
"""A port that is gone, or that another program has, is tried so often at first."""
SELDOM_S = 5.0
"""One that stays away is tried no less often than this."""
SOON_S = 30.0
"""It is likely to come back within so long."""


C = TypeVar("C")
C_in = TypeVar("C_in", contravariant=True)


def again_s(gone_s: float) -> float:
    """How long to wait before a port is tried again that has been gone for so long."""
    return min(max(AGAIN_S, AGAIN_S * gone_s / SOON_S), SELDOM_S)


class Talk(Protocol[C_in]):
    """A driver: what the laptop says at one port, from its opening to its loss. Pure; monotonic seconds."""

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due."""

    def tick(self, now: float) -> None:
        """Time has passed."""

    def take(self) -> Sequence[Any]:
        """What is to be done now, in this order: see :mod:`techtool.serviceport.effects`."""

    def call(self, command: C_in, now: float, timeout: float | None, /) -> int:
        """Queue a command; its end has this number."""


class Numbered(Protocol):
    """The end of a command."""

    @property
    def number(self) -> int:
        """Of the command, as the driver gave it."""


D = TypeVar("D", bound=Talk[Any])
E = TypeVar("E", bound=Numbered)


class _Lease:
    """Somebody wants the port, or has it."""

    def __init__(self) -> None:
        self.granted, self.over = asyncio.Event(), asyncio.Event()


class PortLine(ABC, Generic[D, C, E]):
    """A driver at a port, and who waits for the ends of its commands."""

    protocol: ClassVar[str]
    quiet_s: ClassVar[float] = float("inf")
    """Half a message is taken for what it is when nothing more came for so long."""
    sends: ClassVar[Kind]
    """How what is sent is kept."""
    talks: ClassVar[bool] = False
    """It says things by itself that are worth keeping as a log."""
    reasons: Mapping[str, str] = MappingProxyType({})
    """Why an ability that this device lacks is not there, where more is known than of any service port."""

    def __init__(self, house: House, settings: Settings, identity: str | None) -> None:
        self.identity = identity or PurePath(settings.device).name
        self.settings = settings
        """Which port, and how fast. Its device changes when the adapter comes back under another name."""
        self.number = 0
        """Of the connection that stands; each opening of the port is one."""
        self.problem: str | None = None
        """Why the port is not open."""
        self.answers = False
        """There is such a charger at this port."""
        self.boots = 0
        """How often the charger has said that it starts."""
        self.configuration: Configuration | None = None
        """Its settings; None where it has none that can be read."""
        self.firmware: Firmware | None = None
        """How it gets a new firmware; None where it does not by this wire."""
        self.reboot: Reboot | None = None
        """How it is started anew; None where it is not by this wire."""
        self.release: Release | None = None
        """How it is released and blocked; None where that is not done by this wire."""
        self._house = house
        self._loop = asyncio.get_running_loop()
        self._open: tuple[Port, D] | None = None
        self._is_open = asyncio.Event()
        self._adapter: Adapter | None = None
        self._lease: _Lease | None = None
        self._waiting: dict[int, asyncio.Future[E]] = {}

    @property
    def cannot(self) -> Mapping[str, str]:
        """What this link is not able to do, and why."""
        able = {
            "config": self.configuration,
            "firmware": self.firmware,
            "auth": self.release,
            "reboot": self.reboot,
            "logs": self.talks or None,
        }
        return {name: why for name, why in {**CANNOT, **self.reasons}.items() if able.get(name) is None}

    @property
    def heard(self) -> bool:
        """Whoever is there has said something."""
        return self.answers

    async def run(self) -> None:
        """Keep the port open and serve it, until this is cancelled."""
        gone_at = self._loop.time()
        while True:
            try:
                port = await Port.open(self.settings)
            except OpenError as error:
                self.problem = str(error)
            else:
                self.problem = None
                self._adapter = await asyncio.to_thread(adapter_of, self.settings.device)
                try:
                    await self._serve(port)
                finally:
                    await port.close()
                gone_at = self._loop.time()
            await self._until_again(self._loop.time() - gone_at)

    async def call(self, command: C, within: float | None = None) -> E:
        """Have the charger do something, within the protocol's own time-out if no seconds are given.

        Raises LinkLost without a port, and what the driver says of a command that cannot be sent.
        """
        if self._open is None:
            raise LinkLost(self.problem or f"{self.settings.device} is not open")
        port, driver = self._open
        number = driver.call(command, self._loop.time(), within)
        future: asyncio.Future[E] = self._loop.create_future()
        self._waiting[number] = future
        port.wake()
        try:
            return await future
        except asyncio.CancelledError:
            self._forsake(driver, number)
            port.wake()
            raise
        finally:
            del self._waiting[number]

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Port]:
        """The port for oneself alone, as soon as nothing else is on its way: the driver says nothing meanwhile.

        Raises LinkLost without a port.
        """
        if self._open is None:
            raise LinkLost(self.problem or f"{self.settings.device} is not open")
        if self._lease is not None:
            raise LinkLost(f"{self.settings.device} is in use")
        port, _ = self._open
        lease = self._lease = _Lease()
        port.wake()
        try:
            await lease.granted.wait()
            if self._open is None:
                raise LinkLost(self.problem or f"{self.settings.device} is not open")
            yield port
        finally:
            self._lease = None
            lease.over.set()

    async def opened(self) -> None:
        """Wait until the port is open."""
        await self._is_open.wait()

    def passed(self, direction: Direction, kind: Kind, data: bytes) -> None:
        """Keep what passed while the port was leased."""
        self._record(direction, kind, data)
        self._house.settle()

    def mark(self) -> int:
        """The number of the last record."""
        return self._house.tape.last

    def since(self, mark: int) -> list[Record]:
        """The records of this opening after one."""
        return [one for one in self._house.tape.since(mark) if one.connection == self.number]

    def all_since(self, mark: int) -> Iterable[Record]:
        """The records after one, also of another opening."""
        return self._house.tape.since(mark)

    # --- what a protocol says ------------------------------------------------------------------------------

    @abstractmethod
    def _begin(self) -> D:
        """The driver of a port that was opened just now."""

    def _remarks(self) -> Mapping[str, str]:
        """What the record of the opening says beside the port."""
        return {}

    @abstractmethod
    def _hear(self, driver: D, data: bytes) -> None:
        """These bytes came."""

    def _still(self, driver: D) -> None:
        """Nothing more came for :attr:`quiet_s`, or until the driver's deadline."""
        driver.tick(self._loop.time())

    @abstractmethod
    def _heed(self, effect: Any) -> None:
        """What only the driver of this protocol wants."""

    @abstractmethod
    def _leave(self, driver: D, *, lost: bool) -> None:
        """The port is closed now, or was lost: every command ends."""

    def _free(self, driver: D) -> bool:
        """Nothing is on its way: the port may be leased."""
        return True

    def _forsake(self, driver: D, number: int) -> None:
        """Nobody waits for this command any more."""

    # --- what all protocols do -----------------------------------------------------------------------------

    async def _serve(self, port: Port) -> None:
        self.answers = False
        self.number = self._house.enter(self.settings.device, "", self.protocol, **self._remarks())
        driver = self._begin()
        self._open = port, driver
        self._is_open.set()
        ending = {"code": None, "reason": "techtool stops", "by": "laptop"}
        try:
            while True:
                self._act(port, driver)
                self._house.settle()
                if self._lease is not None and self._free(driver):
                    self._lease.granted.set()
                    await self._lease.over.wait()
                await self._listen(port, driver)
        except LinkLost as lost:
            ending = {"code": None, "reason": str(lost), "by": "port"}
        finally:
            self._is_open.clear()
            self._leave(driver, lost=ending["by"] == "port")
            self._act(port, driver)
            self._open = None
            self.answers = False
            if self._lease is not None:
                self._lease.granted.set()  # to hear that there is no port any more
            self._record(Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
            self._house.settle()

    def _act(self, port: Port, driver: D) -> None:
        """Do what the driver wants, in its order."""
        for effect in driver.take():
            match effect:
                case Send(data):
                    self._record(Direction.LAPTOP, self.sends, data)
                    port.write(data)
                case Linked():
                    self._linked()
                case Rebooted():
                    self.boots += 1
                case TimedOut(note):
                    self._record(Direction.NOTE, Kind.TIMEOUT, note)
                case _:
                    self._heed(effect)

    async def _until_again(self, gone_s: float) -> None:
        """Wait before the port is tried again; one that has come meanwhile is tried at once."""
        was_there = await asyncio.to_thread(os.path.exists, self.settings.device)
        end = self._loop.time() + again_s(gone_s)
        while (left := end - self._loop.time()) > 0:
            await asyncio.sleep(min(left, AGAIN_S))
            if await self._is_elsewhere():
                return
            if not was_there and await asyncio.to_thread(os.path.exists, self.settings.device):
                return

    async def _is_elsewhere(self) -> bool:
        """The adapter that was lost has come back under another name, which is used from now on."""
        device = await asyncio.to_thread(device_of, self._adapter) if self._adapter is not None else None
        if device is None or await asyncio.to_thread(_same, device, self.settings.device):
            return False
        self.settings = self.settings._replace(device=device)
        return True

    async def _listen(self, port: Port, driver: D) -> None:
        """Until bytes came, something is to be said, or it is time to."""
        at = min(driver.deadline, self._loop.time() + self.quiet_s)
        try:
            async with asyncio.timeout_at(at if at != float("inf") else None):
                data = await port.read()
        except TimeoutError:
            self._still(driver)
        else:
            self._hear(driver, data)

    def _linked(self) -> None:
        """There is such a charger: noted before what it says, which belongs to it already."""
        if not self.answers:
            self.answers = True
            note = {"identity": self.identity, "protocol": self.protocol, "path": self.settings.device}
            self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())

    def _settle(self, ended: E) -> None:
        """Whoever waits for this command goes on."""
        future = self._waiting.get(ended.number)
        if future is not None and not future.done():
            future.set_result(ended)

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self.number, direction, kind, data)


def _same(device: str, other: str) -> bool:
    return os.path.realpath(device) == os.path.realpath(other)
