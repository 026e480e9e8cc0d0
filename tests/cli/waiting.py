"""A command that waits for chargers in another process, and the chargers that call it."""

from __future__ import annotations

import contextlib
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

from tests.chargers import Charger, Visit
from tests.cli.started import Started, started


class Waiting(Started):
    """A command under test, from the moment on in which it listens."""

    def __init__(self, process: Process, port: int) -> None:
        super().__init__(process)
        self._visit = Visit.__new__(Visit)
        self._visit.port = port

    @classmethod
    @contextlib.asynccontextmanager
    async def begin(cls, journal: Path, *words: str) -> AsyncIterator[Waiting]:
        async with started(*words, "--listen", "127.0.0.1:0", "--journal", str(journal)) as there:
            said = await there.words()
            yield cls(there.process, int(said.split("port ")[1].split(",")[0]))

    def charger(self, identity: str, protocol: str = "ocpp1.6") -> contextlib.AbstractAsyncContextManager[Charger]:
        """A charger that calls."""
        return self._visit.charger(f"/{identity}", protocol)

    async def knock(self, data: bytes) -> bytes:
        """Somebody who is not let in; what he is told."""
        return await self._visit.knock(data)
