"""A charger that calls this laptop, as the operations see it: by its identity, on whatever link it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from techtool.csms.dialogue import Ended
from techtool.jobs.configuration import OcppConfiguration
from techtool.jobs.resetting import OcppReboot
from techtool.picture import Taken
from techtool.station.model import Station
from techtool.station.outcomes import NoLinkError
from techtool.station.reboot import Reboot
from techtool.station.records import Record
from techtool.station.settings import Configuration
from techtool.tape import Tape

if TYPE_CHECKING:  # importing websockets costs more than the first frame may wait
    from techtool.csms.line import Line


class Visited(Protocol):
    """What it needs of a session."""

    def line(self, identity: str | None) -> Line:
        """The link of a charger. Raises NoLinkError."""

    async def ask(
        self, line: Line, action: str, payload: Any, *, force: bool = False, within: float | None = None
    ) -> Ended:
        """Send a message and wait for its end. Raises CallRefusedError."""

    def known(self, identity: str) -> Station | None:
        """What the records tell of it so far."""

    def watch(self, watcher: Callable[[Taken], None]) -> Callable[[], None]:
        """Have ``watcher`` called with everything that is taken in."""

    @property
    def tape(self) -> Tape:
        """What was recorded."""


class CalledWire:
    """A :class:`techtool.jobs.wire.Ocpp`."""

    def __init__(self, visit: Visited, identity: str) -> None:
        self._visit = visit
        self._identity = identity

    @property
    def protocol(self) -> str:
        """Of the link that stands now. Raises NoLinkError."""
        protocol = self._visit.line(self._identity).protocol
        assert protocol is not None
        return protocol

    @property
    def station(self) -> Station | None:
        """What is known of it."""
        return self._visit.known(self._identity)

    @property
    def vendor(self) -> str | None:
        """As it told it, in this visit or an earlier one."""
        return self.station.make.vendor if self.station is not None else None

    async def ask(self, action: str, payload: Any, *, force: bool = False, within: float | None = None) -> Ended:
        """Send a message and wait for its end. Raises NoLinkError and CallRefusedError."""
        line = self._visit.line(self._identity)
        return await self._visit.ask(line, action, payload, force=force, within=within)

    async def back(self, seconds: float) -> bool:
        """Wait until it is connected."""
        return await self._wait(self._is_here, seconds)

    async def until(self, true: Callable[[Station], bool], seconds: float) -> bool:
        """Wait until something is true of it."""
        return await self._wait(lambda: self.station is not None and true(self.station), seconds)

    async def _wait(self, true: Callable[[], bool], seconds: float) -> bool:
        if true():
            return True
        came = asyncio.Event()
        unwatch = self._visit.watch(lambda taken: came.set() if taken.identity == self._identity else None)
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    came.clear()
                    await came.wait()
        except TimeoutError:
            return False
        finally:
            unwatch()
        return True

    def mark(self) -> int:
        """The number of the last record."""
        return self._visit.tape.last

    def watch(self, told: Callable[[Record], None]) -> Callable[[], None]:
        """Have ``told`` called with each record of this charger."""

        def taken(one: Taken) -> None:
            if one.identity == self._identity:
                told(one.record)

        return self._visit.watch(taken)

    def _is_here(self) -> bool:
        try:
            self._visit.line(self._identity)
        except NoLinkError:
            return False
        return True


class Called:
    """What a charger that calls this laptop is able to do. What was read of it is kept."""

    def __init__(self, visit: Visited, identity: str) -> None:
        wire = CalledWire(visit, identity)
        self.configuration: Configuration = OcppConfiguration(wire)
        self.reboot: Reboot = OcppReboot(wire)
