"""Commands at a service port; somebody else is at its other end."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from tests.cli.forked import Ran
from tests.cli.running import techtool
from tests.cli.started import Started, started


def journal_at(device: Path) -> Path:
    return device.parent / "j.sqlite3"


async def run_at(device: Path, *words: str) -> Ran:
    return await asyncio.to_thread(techtool, *words, "--serial", str(device), journal=journal_at(device))


def listening_at(device: Path, *words: str) -> AbstractAsyncContextManager[Started]:
    where = ("--serial", str(device), "--journal", str(journal_at(device)))
    return started("listen", "--json", *words, *where)


class Simulated(Started):
    """``techtool simulate`` in another process, and commands at its device with the profile that fits it."""

    def __init__(self, process: Process, device: Path, profile: str) -> None:
        super().__init__(process)
        self.device, self.profile = device, profile

    async def do(self, *lines: str) -> None:
        """It has done all this when it answers what is typed last."""
        for line in (*lines, "help"):
            self.type(line)
        await self.words_with("car A|B|C|D")

    async def run(self, *words: str) -> Ran:
        return await run_at(self.device, *words, "--profile", self.profile)


@asynccontextmanager
async def simulated(folder: Path, profile: str, *words: str) -> AsyncIterator[Simulated]:
    link = folder / "ttyBOX"
    async with started("simulate", *words, "--link", str(link), "--json") as there:
        assert json.loads(await there.line()) == {"device": str(link)}
        yield Simulated(there.process, link, profile)
