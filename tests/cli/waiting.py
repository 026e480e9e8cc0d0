"""A command that waits for chargers in another process, and the chargers that call it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

from tests.chargers import Charger, Visit
from tests.cli.running import Ran, command, environment


class Waiting:
    """A command under test, from the moment on in which it listens."""

    def __init__(self, process: Process, port: int) -> None:
        self._process = process
        self._visit = Visit.__new__(Visit)
        self._visit.port = port

    @classmethod
    @contextlib.asynccontextmanager
    async def begin(cls, journal: Path, *words: str) -> AsyncIterator[Waiting]:
        process = await asyncio.create_subprocess_exec(
            *command(*words, "--listen", "127.0.0.1:0", "--journal", str(journal)),
            stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(),
        )  # fmt: skip
        try:
            assert process.stderr is not None
            said = (await process.stderr.readline()).decode()
            yield cls(process, int(said.split("port ")[1].split(",")[0]))
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def charger(self, identity: str, protocol: str = "ocpp1.6") -> contextlib.AbstractAsyncContextManager[Charger]:
        """A charger that calls."""
        return self._visit.charger(f"/{identity}", protocol)

    async def knock(self, data: bytes) -> bytes:
        """Somebody who is not let in; what he is told."""
        return await self._visit.knock(data)

    async def line(self) -> str:
        """The next line of its results."""
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode()

    async def words_with(self, text: str) -> str:
        """The first of its next words that has this in it."""
        assert self._process.stderr is not None
        while text not in (said := (await self._process.stderr.readline()).decode()):
            assert said, f"it ended without saying {text!r}"
        return said

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def ended(self) -> Ran:
        """What is left of its output, and its exit code."""
        out, err = await self._process.communicate()
        assert self._process.returncode is not None
        return Ran(self._process.returncode, out.decode(), err.decode())
