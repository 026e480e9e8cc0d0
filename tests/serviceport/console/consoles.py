"""Consoles, as values and at the other end of a cable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from techtool.journal.store import Journal
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles import ConsoleProfile, named
from techtool.session import Session
from techtool.simulator.console.console import Console
from techtool.simulator.console.menu import Menu
from techtool.simulator.console.shell import Shell
from techtool.station.model import Station
from techtool.station.records import Direction, Kind, Record
from tests.serviceport.ptys import Cable, cable

SMART, ZEPHYR, ANY = "smartevse-v2-cli", "zephyr-shell", "generic-console"
Said = tuple[Direction, Kind, bytes]


def profile_of(name: str) -> ConsoleProfile:
    found = named(name).profile
    assert isinstance(found, ConsoleProfile)
    return found


def records(said: Iterable[Said], name: str = SMART, *, text: str | None = None) -> list[Record]:
    """A visit to a console that answers: what was said, a tenth of a second apart."""
    opened = {"wire": "console", "peer": "ttyUSB0", "local": "", "profile": name}
    opened["text"] = named(name).text if text is None else text
    linked = {"identity": "box", "protocol": "console", "path": "ttyUSB0"}
    whole: list[Said] = [
        (Direction.NOTE, Kind.OPENED, json.dumps(opened).encode()),
        (Direction.NOTE, Kind.LINKED, json.dumps(linked).encode()),
        *said,
    ]
    return [
        Record(number, 1, 1_777_891_200_000_000_000 + number * 100_000_000, number * 100_000_000, *one)
        for number, one in enumerate(whole, 1)
    ]


class Wired:
    """A console at this end of a cable; ``carry`` puts what it says on the wire, well or badly."""

    def __init__(self, wire: Cable, console: Console) -> None:
        self.wire, self.console = wire, console
        self.carry: Callable[[bytes], None] = wire.say
        self.typed = b""
        self._came = asyncio.Event()
        self.living: asyncio.Task[None] | None = None

    async def live(self) -> None:
        while True:
            data = await self.wire.hear()
            self.typed += data
            self._came.set()
            if said := self.console.received(data):
                self.carry(said)

    async def hears(self, ending: bytes) -> None:
        """Until this was typed last."""
        async with asyncio.timeout(10):
            while not self.typed.endswith(ending):
                self._came.clear()
                await self._came.wait()

    async def unplug(self) -> None:
        """Nobody may wait at an end that is closed: its number soon belongs to another one."""
        assert self.living is not None
        self.living.cancel()
        await asyncio.wait([self.living])
        self.wire.unplug()


@asynccontextmanager
async def wired(wire: Cable, console: Console) -> AsyncIterator[Wired]:
    there = Wired(wire, console)
    async with asyncio.TaskGroup() as group:
        there.living = group.create_task(there.live())
        try:
            yield there
        finally:
            there.living.cancel()


class Visit:
    """A session with a console at its service port."""

    def __init__(self, session: Session, there: Wired) -> None:
        self.session, self.there = session, there

    @property
    def station(self) -> Station:
        return self.session.picture.stations["ttyUSB0"]

    @property
    def menu(self) -> Menu:
        assert isinstance(self.there.console, Menu)
        return self.there.console

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to become true; it is looked at whenever something came."""
        came = asyncio.Event()
        unwatch = self.session.watch(lambda taken: came.set())
        try:
            async with asyncio.timeout(20):
                while not true():
                    came.clear()
                    await came.wait()
        finally:
            unwatch()

    def known(self) -> bool:
        """Everything that it tells of itself has been asked for."""
        line = self.session.serial
        return line is not None and line.surveyed and "ttyUSB0" in self.session.picture.stations

    def heard(self, kind: Kind) -> list[bytes]:
        return [one.data for one in self.session.tape.since(0) if one.kind is kind]

    def codes(self) -> set[str]:
        if "ttyUSB0" not in self.session.picture.stations:
            return set()
        return {one.code.value for one in self.station.findings.values()}


@asynccontextmanager
async def plugged(folder: Path, name: str = SMART, profile: Path | None = None) -> AsyncIterator[Visit]:
    with cable(folder) as wire, Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)
        console = Shell() if name == ZEPHYR else Menu()
        async with wired(wire, console) as there, asyncio.TaskGroup() as group:
            chosen = Chosen(named(str(profile or name)))
            plug = group.create_task(session.plug(Settings(str(wire.device)), chosen))
            try:
                yield Visit(session, there)
            finally:
                plug.cancel()
        await session.close()
