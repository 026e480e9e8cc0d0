"""Boxes with registers, as values and at the other end of a cable."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from techtool.serviceport.chosen import Chosen
from techtool.serviceport.modbus.asks import Ask, pdu_of
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.profiles import ModbusProfile, named, shipped
from techtool.simulator.modbus.box import Box
from techtool.station.records import Direction, Kind, Record
from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable
from tests.serviceport.recorded import Said, visit_records
from tests.serviceport.visits import Visit, plugged_in

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


def records(said: Iterable[Said], name: str = HEIDELBERG, *, text: str | None = None) -> list[Record]:
    return visit_records("modbus", said, name, text, unit="1")


def exchange(box: Box, ask: Ask, name: str = HEIDELBERG) -> list[Said]:
    """A request and its answer."""
    sent = request(ask, name)
    return [(Direction.LAPTOP, Kind.MODBUS, sent), (Direction.CHARGER, Kind.MODBUS, box.received(sent))]


class Wired(Far):
    """A box at this end of a cable."""

    def __init__(self, wire: Cable, box: Box) -> None:
        super().__init__(wire)
        self.box = box
        self.asked: list[bytes] = []

    def received(self, data: bytes) -> bytes:
        self.asked.append(data)
        return self.box.received(data)


def wired(wire: Cable, name: str = HEIDELBERG) -> AbstractAsyncContextManager[Wired]:
    return Wired(wire, Box(profile_of(name))).alive()


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


def plugged(folder: Path, name: str = HEIDELBERG, **bus: int) -> AbstractAsyncContextManager[Visit[Wired]]:
    return plugged_in(folder, lambda wire: wired(wire, name), faster(name, folder, **bus))
