"""Boxes with registers, as values and at the other end of a cable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from techtool.journal.store import Journal
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.modbus.asks import Ask, pdu_of
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles import ModbusProfile, named, shipped
from techtool.session import Session
from techtool.simulator.modbus.box import Box
from techtool.station.model import Station
from techtool.station.records import Direction, Kind, Record
from tests.serviceport.ptys import Cable, cable

HEIDELBERG = "heidelberg-energy-control"
SHIPPED = [one.profile.id for one in shipped() if isinstance(one.profile, ModbusProfile)]


def profile_of(name: str) -> ModbusProfile:
    found = named(name).profile
    assert isinstance(found, ModbusProfile)
    return found


def request(ask: Ask, name: str = HEIDELBERG) -> bytes:
    """The frame that goes out."""
    profile = profile_of(name)
    return WIRES[profile.transport].wrap(profile.bus.unit, pdu_of(ask))


Said = tuple[Direction, Kind, bytes]


def records(said: Iterable[Said], name: str = HEIDELBERG, *, text: str | None = None) -> list[Record]:
    """A visit to a box that answers: what was said, a tenth of a second apart."""
    opened = {"wire": "modbus", "peer": "ttyUSB0", "local": "", "profile": name, "unit": "1"}
    opened["text"] = named(name).text if text is None else text
    linked = {"identity": "box", "protocol": "modbus", "path": "ttyUSB0"}
    whole: list[Said] = [
        (Direction.NOTE, Kind.OPENED, json.dumps(opened).encode()),
        (Direction.NOTE, Kind.LINKED, json.dumps(linked).encode()),
        *said,
    ]
    return [
        Record(number, 1, 1_777_891_200_000_000_000 + number * 100_000_000, number * 100_000_000, *one)
        for number, one in enumerate(whole, 1)
    ]


def exchange(box: Box, ask: Ask, name: str = HEIDELBERG) -> list[Said]:
    """A request and its answer."""
    sent = request(ask, name)
    return [(Direction.LAPTOP, Kind.MODBUS, sent), (Direction.CHARGER, Kind.MODBUS, box.received(sent))]


class Wired:
    """A box at this end of a cable; ``carry`` puts what it says on the wire, well or badly."""

    def __init__(self, wire: Cable, box: Box) -> None:
        self.wire, self.box = wire, box
        self.carry: Callable[[bytes], None] = wire.say
        self.asked: list[bytes] = []
        self.living: asyncio.Task[None] | None = None

    async def live(self) -> None:
        while True:
            data = await self.wire.hear()
            self.asked.append(data)
            if said := self.box.received(data):
                self.carry(said)

    async def unplug(self) -> None:
        """Nobody may wait at an end that is closed: its number soon belongs to another one."""
        assert self.living is not None
        self.living.cancel()
        await asyncio.wait([self.living])
        self.wire.unplug()


@asynccontextmanager
async def wired(wire: Cable, name: str = HEIDELBERG) -> AsyncIterator[Wired]:
    there = Wired(wire, Box(profile_of(name)))
    async with asyncio.TaskGroup() as group:
        there.living = group.create_task(there.live())
        try:
            yield there
        finally:
            there.living.cancel()


class Visit:
    """A session with a box at its service port."""

    def __init__(self, session: Session, there: Wired) -> None:
        self.session, self.there = session, there

    @property
    def station(self) -> Station:
        return self.session.picture.stations["ttyUSB0"]

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

    def heard(self, kind: Kind) -> list[Record]:
        return [one for one in self.session.tape.since(0) if one.kind is kind]

    def codes(self) -> set[str]:
        if "ttyUSB0" not in self.session.picture.stations:
            return set()
        return {one.code.value for one in self.station.findings.values()}


def faster(name: str, folder: Path, **bus: int) -> Chosen:
    """A shipped profile with other times: tests shall not wait for a second."""
    text = named(name).text
    for key, value in bus.items():
        lines = [f"{key} = {value}" if one.startswith(f"{key} = ") else one for one in text.splitlines()]
        text = "\n".join(lines) + "\n"
        assert f"\n{key} = {value}\n" in text
    file = folder / f"{name}.toml"
    file.write_text(text)
    return Chosen(named(str(file)))


@asynccontextmanager
async def plugged(folder: Path, name: str = HEIDELBERG, **bus: int) -> AsyncIterator[Visit]:
    with cable(folder) as wire, Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)
        chosen = faster(name, folder, **bus)
        async with wired(wire, name) as there, asyncio.TaskGroup() as group:
            plug = group.create_task(session.plug(Settings(str(wire.device)), chosen))
            try:
                yield Visit(session, there)
            finally:
                plug.cancel()
        await session.close()
