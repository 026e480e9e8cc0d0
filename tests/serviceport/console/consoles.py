"""Consoles, as values and at the other end of a cable."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from techtool.serviceport.chosen import Chosen
from techtool.serviceport.profiles import ConsoleProfile, named
from techtool.simulator.console.console import Console
from techtool.simulator.console.menu import Menu
from techtool.simulator.console.shell import Shell
from techtool.station.records import Record
from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable
from tests.serviceport.recorded import Said, visit_records
from tests.serviceport.visits import Visit, plugged_in

SMART, ZEPHYR, ANY = "smartevse-v2-cli", "zephyr-shell", "generic-console"


def profile_of(name: str) -> ConsoleProfile:
    found = named(name).profile
    assert isinstance(found, ConsoleProfile)
    return found


def records(said: Iterable[Said], name: str = SMART, *, text: str | None = None) -> list[Record]:
    return visit_records("console", said, name, text)


class Wired(Far):
    """A console at this end of a cable."""

    def __init__(self, wire: Cable, console: Console) -> None:
        super().__init__(wire)
        self.console = console
        self.typed = b""
        self._came = asyncio.Event()

    @property
    def menu(self) -> Menu:
        assert isinstance(self.console, Menu)
        return self.console

    def received(self, data: bytes) -> bytes:
        self.typed += data
        self._came.set()
        return self.console.received(data)

    async def hears(self, ending: bytes) -> None:
        """Until this was typed last."""
        async with asyncio.timeout(10):
            while not self.typed.endswith(ending):
                self._came.clear()
                await self._came.wait()


def wired(wire: Cable, console: Console) -> AbstractAsyncContextManager[Wired]:
    return Wired(wire, console).alive()


def plugged(
    folder: Path, name: str = SMART, profile: Path | None = None
) -> AbstractAsyncContextManager[Visit[Wired]]:
    console = Shell() if name == ZEPHYR else Menu()
    return plugged_in(folder, lambda wire: wired(wire, console), Chosen(named(str(profile or name))))
