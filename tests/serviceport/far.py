"""Whoever is at the other end of a cable."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from tests.serviceport.ptys import Cable


class Far(ABC):
    """The charger's end of a cable; ``carry`` puts what it says on the wire, well or badly."""

    def __init__(self, wire: Cable) -> None:
        self.wire = wire
        self.carry: Callable[[bytes], None] = wire.say
        self._living: asyncio.Task[None] | None = None

    @abstractmethod
    def received(self, data: bytes) -> bytes:
        """What it says to this."""

    async def unplug(self) -> None:
        """Nobody may wait at an end that is closed: its number soon belongs to another one."""
        assert self._living is not None
        self._living.cancel()
        await asyncio.wait([self._living])
        self.wire.unplug()

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[Self]:
        async with asyncio.TaskGroup() as group:
            self._living = group.create_task(self._live())
            try:
                yield self
            finally:
                self._living.cancel()

    async def _live(self) -> None:
        while True:
            if said := self.received(await self.wire.hear()):
                self.carry(said)
