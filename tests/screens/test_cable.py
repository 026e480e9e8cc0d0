"""Service ports on the Link page: they come and go, are looked at, used and left."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from techtool.interfaces import Holder
from techtool.journal.store import Journal
from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.serviceport.ports import PortSeen
from techtool.session import Session
from tests.screens.making import shown
from tests.screens.test_serial import until
from tests.serviceport.chargers import charger
from tests.serviceport.ptys import Cable, cable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


def port(wire: Cable, holder: Holder | None = None) -> PortSeen:
    return PortSeen(str(wire.device), "FT232R USB UART", "FTDI", usb="0403:6001", user=holder)


class Laptop:
    """The app, and the ports that its laptop has."""

    def __init__(self, pilot: Pilot[None], desk: Desk, ports: list[PortSeen]) -> None:
        self.pilot = pilot
        self.desk = desk
        self.ports = ports

    async def says(self, text: str) -> str:
        return await until(self.pilot, text)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)


@asynccontextmanager
async def laptop(folder: Path, *ports: PortSeen) -> AsyncIterator[Laptop]:
    there, desks = list(ports), list[Desk]()
    with Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)

        async def open_desk() -> Desk:
            async def start() -> None:
                await session.listen("127.0.0.1", 0)

            desk = Desk(session, start, look_for_interfaces=list, look_for_ports=lambda: list(there))
            desks.append(desk)
            return desk

        app = TechtoolApp(open_desk, theme="night")
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            while app.pages is None or not app.pages.is_mounted:
                await pilot.pause(0.005)
            yield Laptop(pilot, desks[0], there)
        await session.close()


async def test_a_port_is_chosen_looked_at_used_and_left(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART, FTDI")
            await tech.press("u")
            await tech.says("Which serial port?")
            await tech.press("enter")
            await tech.says("Looking what is at")
            await tech.says("OpenEVSE answers")
            await tech.press("2")
            await tech.says("15.4 A")
            await tech.press("1", "u")
            screen = await tech.says("Waiting for a charger")
            assert tech.desk.session.serial is None and "u serial cable" in screen


async def test_enter_on_a_port_looks_at_it_and_tells_what_else_it_is(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there, laptop(tmp_path, port(wire)) as tech:
            there.silent = True
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            screen = await tech.says("What is at")
            assert "are RX and TX crossed" in screen and "Open it as an OpenEVSE all the same" in screen
            await tech.press("escape")
            assert tech.desk.session.serial is None
            await tech.press("end", "enter")
            await tech.says("What is at")
            await tech.press("enter")
            await tech.says("nothing readable came")


async def test_the_next_cable_is_waited_for(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), laptop(tmp_path) as tech:
            assert "ttyUSB0" not in shown(tech.pilot.app)
            await tech.press("u")
            await tech.says("No serial port. Plug the cable in: this page is watching")
            tech.ports.append(port(wire))
            tech.desk.ports.look()
            await tech.says("OpenEVSE answers")


async def test_ports_that_go_are_not_shown_any_more(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            tech.ports.clear()
            tech.desk.ports.look()
            while "FT232R" in shown(tech.pilot.app):
                await tech.pilot.pause(0.02)


async def test_a_port_that_another_program_has_is_not_opened(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with laptop(tmp_path, port(wire, Holder(4123, "minicom"))) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("u", "enter")
            await tech.says("is in use by another program (pid 4123, minicom)")
            assert tech.desk.session.serial is None
