"""A command that goes on in another process while the test does something else."""

from __future__ import annotations

import asyncio
import json
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.cli.forked import Ran
from tests.cli.running import command, environment


class Started:
    """A command under test, and what it says as it comes."""

    def __init__(self, process: Process) -> None:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        self.process = process
        self.stdin, self._results, self._words = process.stdin, process.stdout, process.stderr

    def type(self, line: str) -> None:
        self.stdin.write(f"{line}\n".encode())

    async def line(self) -> str:
        """The next line of its results."""
        return (await self._results.readline()).decode()

    async def event(self, name: str) -> dict[str, Any]:
        """The next of its events that has this name."""
        async with asyncio.timeout(20):
            while True:
                told: dict[str, Any] = json.loads(await self.line())
                if told["event"] == name:
                    return told

    async def words(self) -> str:
        """The next line of what it says beside its results."""
        return (await self._words.readline()).decode()

    async def words_with(self, text: str) -> str:
        """The first of its next words that has this in it."""
        while text not in (said := await self.words()):
            assert said, f"it ended without saying {text!r}"
        return said

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    async def ended(self) -> Ran:
        """What is left of its output, and its exit code."""
        out, err = await self.process.communicate()
        assert self.process.returncode is not None
        return Ran(self.process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def started(*words: str) -> AsyncIterator[Started]:
    process = await asyncio.create_subprocess_exec(
        *command(*words), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
    )
    try:
        yield Started(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
