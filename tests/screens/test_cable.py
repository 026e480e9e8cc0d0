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
from techtool.serviceport.choosing import scan_of
from techtool.serviceport.ports import PortSeen
from techtool.serviceport.profiles import named
from techtool.session import Session
from techtool.simulator.console.shell import Shell
from techtool.simulator.modbus.box import Box
from techtool.simulator.smp.device import SmpDevice
from tests.screens import making
from tests.screens.making import Visit, running, settled, shown
from tests.screens.test_serial import until
from tests.serviceport.chargers import charger
from tests.serviceport.console.consoles import wired as console_at
from tests.serviceport.far import Far
from tests.serviceport.modbus.boxes import HEIDELBERG, Wired, profile_of
from tests.serviceport.ptys import Cable, cable
from tests.serviceport.smp.devices import wired as smp_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


@pytest.fixture(autouse=True)
def short_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here is slow."""
    for name in ("LISTEN_S", "ANSWER_S"):
        monkeypatch.setattr(f"techtool.serviceport.probing.{name}", 0.15)


def port(wire: Cable, holder: Holder | None = None) -> PortSeen:
    return PortSeen(
        str(wire.device), "FT232R USB UART", "FTDI", usb="0403:6001", users=(holder,) if holder else ()
    )


def tech_app(pilot: Pilot[None]) -> TechtoolApp:
    assert isinstance(pilot.app, TechtoolApp)
    return pilot.app


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
            await tech.says("Leave the port")
            await tech.press("enter")
            screen = await tech.says("Waiting for a charger")
            assert tech.desk.session.serial is None and "u serial cable" in screen


async def test_a_name_that_no_port_can_have_is_told_at_once(tmp_path: Path) -> None:
    async with laptop(tmp_path) as tech:
        await tech.says("u serial cable")
        await tech.press("u", "end", "enter")
        await tech.says("Which port?")
        await tech.press(*"socket://h", "enter")
        await tech.says("socket://h names no port number: write socket://HOST:PORT")
        assert tech.desk.ports.probing is None


async def test_where_nothing_answers_everything_can_be_chosen(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there, laptop(tmp_path, port(wire)) as tech:
            there.silent = True
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            screen = await tech.says("What is at")
            assert "are RX and TX crossed" in screen and "115200 baud" in screen
            await tech.press("escape")
            assert tech.desk.session.serial is None
            await tech.press("end", "enter")
            await tech.says("What is at")
            await tech.press("end", "enter")
            screen = await tech.says("ABB Terra AC wallbox modbus")
            assert "Any console console" in screen and "A profile in a file ..." in screen
            await tech.press("enter")
            await tech.says("Nothing came: are RX and TX crossed")


async def test_what_proves_itself_is_used_at_once_and_anew_only_when_asked_for(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with smp_at(wire, SmpDevice()), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            screen = await tech.says("SMP (MCUmgr) answers")
            assert "opened as SMP (MCUmgr)" in screen and "115200 baud 8N1" in screen
            await tech.press("u", "down", "enter")
            assert "an SMP frame, with the right CRC" in await tech.says("SMP (MCUmgr) 100 %")
            await tech.press("escape")
            await tech.says("Waiting for a charger")
            assert tech.desk.session.serial is None
            await tech.press("end", "enter")
            await tech.says("SMP (MCUmgr) 100 %")
            await tech.press("enter")
            await tech.says("SMP (MCUmgr) answers")
            await tech.press("u", "enter")
            await tech.says("Waiting for a charger")


async def test_a_console_that_was_found_is_opened_with_its_profile(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with console_at(wire, Shell()), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            assert 'it says "uart:~$"' in await tech.says("Zephyr shell 90 %")
            await tech.press("enter")
            await tech.says("Zephyr shell answers")


class Boots(Far):
    """A boot loader that a key would stop."""

    typed = b""

    def received(self, data: bytes) -> bytes:
        self.typed += data
        return b""


async def test_nothing_is_typed_at_what_a_key_would_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.probing.LISTEN_S", 1.0)
    with cable(tmp_path) as wire:
        async with Boots(wire).alive() as there, laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            await tech.says("Looking what is at")
            there.carry(b"U-Boot 2023.01\r\nHit any key to stop autoboot:  3 ")
            screen = await tech.says("U-Boot 90 %")
            assert "it opens as a raw console" in screen and "Look on the RS-485 line" not in screen
            await tech.press("enter")
            await tech.says("opened as Any console")
            assert there.typed == b""


async def test_an_rs485_line_is_looked_through_only_when_wanted(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with Wired(wire, Box(profile_of(HEIDELBERG), 2)).alive(), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            await tech.says("Look on the RS-485 line")
            await tech.press("enter")
            screen = await tech.says("Heidelberg (Amperfied) Wallbox Energy Control 90 %")
            assert "unit 2, 19200 baud 8E1" in screen and "Ask all 247 units" in screen
            await tech.press("enter")
            screen = await tech.says("Wallbox Energy Control answers")
            assert "19200 baud 8N1" in screen, "a pseudo terminal knows no parity"


async def test_how_far_a_look_along_a_line_is_stands_on_top(visit: Visit) -> None:
    async with running(visit.app()) as pilot:
        desk = making.pages(tech_app(pilot)).desk
        desk.ports.probing, desk.ports.scan = "/dev/ttyUSB0", scan_of((1, 2))
        await settled(pilot)
        screen = " ".join(shown(tech_app(pilot)).split())
        assert ".. Asking unit 1 on /dev/ttyUSB0 at 9600 baud 8N1: 0 of up to" in screen and "u stops." in screen


async def test_an_own_profile_comes_first_and_its_unit_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    text = named(HEIDELBERG).text.replace(f'id = "{HEIDELBERG}"', 'id = "my-box"')
    (folder / "my-box.toml").write_text(text.replace('name = "Heidelberg', 'name = "My'))
    (folder / "broken.toml").write_text("id = 1")
    monkeypatch.setattr("techtool.serviceport.profiles.library.own_folder", lambda: folder)
    with cable(tmp_path) as wire:
        async with Wired(wire, Box(profile_of(HEIDELBERG), 7)).alive(), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            await tech.says("Something else ...")
            await tech.press("end", "enter")
            screen = await tech.says("My (Amperfied) Wallbox Energy Control modbus")
            assert screen.index("Yours") < screen.index("My (Amp") < screen.index("techtool's own")
            assert "1 profile of yours cannot be used" in screen
            await tech.press("down", "down", "enter")
            await tech.says("Which unit?")
            await tech.press("end", "backspace", "7", "enter")
            await tech.says("Wallbox Energy Control answers")


async def test_a_look_can_be_stopped_or_be_at_another_speed(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), laptop(tmp_path, port(wire)) as tech:
            await tech.says("FT232R USB UART")
            await tech.press("end", "enter")
            await tech.says("u stop looking")
            await tech.press("u")
            await tech.says("u serial cable")
            assert tech.desk.session.serial is None and tech.desk.ports.probing is None
            tech.desk.ports.was = str(wire.device)
            await tech.press("end", "enter")
            await tech.says("OpenEVSE 100 %")
            await tech.press("end", "up", "enter")
            await tech.says("Look at")
            await tech.press("enter")
            await tech.says(", 9600 baud |")
            await tech.press("enter")
            await tech.says("9600 baud 8N1")


async def test_the_next_cable_is_waited_for(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), laptop(tmp_path) as tech:
            assert "ttyUSB0" not in shown(tech.pilot.app)
            await tech.press("u")
            await tech.says("No serial port is there")
            await tech.press("enter")
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
