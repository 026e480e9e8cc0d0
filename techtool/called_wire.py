"""A charger that calls this laptop, as the operations see it: by its identity, on whatever link it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from techtool.abilities import NoLinkError
from techtool.csms.dialogue import Ended
from techtool.picture import Taken
from techtool.station.model import Station
from techtool.station.records import Record
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
    def vendor(self) -> str | None:
        """As it told it, in this visit."""
        station = self._visit.known(self._identity)
        return station.make.vendor if station is not None else None

    async def ask(self, action: str, payload: Any, *, force: bool = False, within: float | None = None) -> Ended:
        """Send a message and wait for its end. Raises NoLinkError and CallRefusedError."""
        line = self._visit.line(self._identity)
        return await self._visit.ask(line, action, payload, force=force, within=within)

    async def back(self, seconds: float) -> bool:
        """Wait until it is connected."""
        if self._is_here():
            return True
        came = asyncio.Event()
        unwatch = self._visit.watch(lambda taken: came.set() if taken.identity == self._identity else None)
        try:
            async with asyncio.timeout(seconds):
                while not self._is_here():
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
