"""A laptop at a service port: its session, its journal, and who is at the other end of the cable."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Generic, TypeVar

from techtool.journal.store import Journal
from techtool.serviceport.chosen import Choice
from techtool.serviceport.port import Settings
from techtool.session import Session
from techtool.station.model import Station
from techtool.station.records import Kind
from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable, cable

F = TypeVar("F", bound=Far)


async def until(session: Session, true: Callable[[], object]) -> None:
    """Wait for something to become true; it is looked at whenever something came."""
    came = asyncio.Event()
    unwatch = session.watch(lambda taken: came.set())
    try:
        async with asyncio.timeout(20):
            while not true():
                came.clear()
                await came.wait()
    finally:
        unwatch()


def surveyed(session: Session) -> bool:
    """Everything that the charger tells of itself has been asked for."""
    return session.serial is not None and session.serial.surveyed


@asynccontextmanager
async def session_at(device: Path | str, folder: Path, chosen: Choice | None = None) -> AsyncIterator[Session]:
    with Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)
        async with asyncio.TaskGroup() as group:
            plug = group.create_task(session.plug(Settings(str(device)), chosen))
            try:
                yield session
            finally:
                plug.cancel()
        await session.close()


class Visit(Generic[F]):
    """A session with somebody at its service port."""

    def __init__(self, session: Session, there: F) -> None:
        self.session, self.there = session, there

    @property
    def station(self) -> Station:
        return self.session.picture.stations["ttyUSB0"]

    async def until(self, true: Callable[[], object]) -> None:
        await until(self.session, true)

    def known(self) -> bool:
        return surveyed(self.session) and "ttyUSB0" in self.session.picture.stations

    def heard(self, kind: Kind) -> list[bytes]:
        return [one.data for one in self.session.tape.since(0) if one.kind is kind]

    def codes(self) -> set[str]:
        if "ttyUSB0" not in self.session.picture.stations:
            return set()
        return {one.code.value for one in self.station.findings.values()}


@asynccontextmanager
async def plugged_in(
    folder: Path, far: Callable[[Cable], AbstractAsyncContextManager[F]], chosen: Choice | None = None
) -> AsyncIterator[Visit[F]]:
    with cable(folder) as wire:
        async with far(wire) as there, session_at(wire.device, folder, chosen) as session:
            yield Visit(session, there)
