"""The pages over a service port."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.serviceport.chosen import Bare, Choice, Chosen
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles import named
from techtool.session import Session
from techtool.simulator.console.shell import Shell
from techtool.simulator.smp.device import SmpDevice
from tests.screens.making import shown
from tests.serviceport.chargers import charger
from tests.serviceport.console.consoles import wired as console_at
from tests.serviceport.modbus.boxes import HEIDELBERG, wired
from tests.serviceport.ptys import Cable, cable
from tests.serviceport.smp.devices import wired as smp_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


async def until(pilot: Pilot[None], text: str) -> str:
    """The screen as soon as it says this."""
    assert isinstance(pilot.app, TechtoolApp)
    try:
        async with asyncio.timeout(10):
            while text not in (screen := " ".join(shown(pilot.app).split())):
                await pilot.pause(0.02)
    except TimeoutError:
        raise AssertionError(f"never said {text!r}:\n{shown(pilot.app)}") from None
    return screen


@asynccontextmanager
async def pages(
    folder: Path, wire: Cable, chosen: Choice | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    from techtool.journal.store import Journal

    with Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)

        async def open_desk() -> Desk:
            async def start() -> None:
                plug = session.plug(Settings(str(wire.device)), chosen)
                app.run_worker(plug, group="service port", exit_on_error=False)

            return Desk(session, start, look_for_interfaces=list, look_for_ports=list, folder=folder)

        app = TechtoolApp(open_desk, theme="night")
        async with app.run_test(size=size, notifications=True) as pilot:
            while app.pages is None or not app.pages.is_mounted:
                await pilot.pause(0.005)
            yield pilot
        await session.close()


async def test_the_pages_tell_of_port_charger_and_loss(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there, pages(tmp_path, wire) as pilot:
            screen = await until(pilot, "OpenEVSE answers")
            assert "Service port" in screen and "115200 baud" in screen
            assert "URL" not in screen and "password" not in screen
            await pilot.press("Q")
            await until(pilot, "There is no URL here")
            await pilot.press("2")
            screen = await until(pilot, "15.4 A")
            assert "OpenEVSE" in screen and "8.2.3.EU" in screen and "Charging" in screen
            assert "subprotocol" not in screen and "trigger now" not in screen
            await pilot.press("t")
            await until(pilot, "there is nothing to trigger")
            there.say("$AT 06 03 16 0582")
            screen = await until(pilot, "GroundFailure")
            assert "!! FAULT" in screen
            await pilot.press("6")
            screen = await until(pilot, "which state?")
            await pilot.press("2")
            await there.unplug()
            screen = await until(pilot, "The port was lost")
            assert "!! port lost" in screen and "Waiting for it to come back" in screen
            await pilot.press("1")
            await until(pilot, "is not there: plug the cable in. This page is watching.")


async def test_what_only_ocpp_has_is_no_lack_at_a_port(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there, pages(tmp_path, wire) as pilot:
            await until(pilot, "OpenEVSE answers")
            await pilot.press("2")
            screen = await until(pilot, "Firmware 8.2.3.EU")
            assert "b reboot (asks)" in screen
            for word in ("none yet", "meter --", "iccid", "serial --"):
                assert word not in screen
            await pilot.press("home", "enter")
            screen = await until(pilot, "links so far")
            assert "port" in screen and "openevse" in screen
            for word in ("ping", "user name", "path", "offered", "older one"):
                assert word not in screen
            await pilot.press("escape")
            await there.unplug()
            assert "b reboot (asks)" not in await until(pilot, "The port was lost")


async def test_nobody_who_never_answered_is_said_to_reboot(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there:
            there.deaf = True
            async with pages(tmp_path, wire) as pilot:
                await pilot.press("2")
                assert "b reboot" not in await until(pilot, "Available")
                await there.unplug()
                assert "b reboot" not in await until(pilot, "The port was lost")


async def test_before_anything_answers_the_pages_say_what_to_look_at(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with pages(tmp_path, wire) as pilot:
            await until(pilot, "Nothing came: are RX and TX crossed")
            await pilot.press("2")
            await until(pilot, "No charger has answered at the service port.")


async def test_one_that_talks_and_answers_nothing_is_not_said_to_answer(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there:
            there.deaf = True
            async with pages(tmp_path, wire) as pilot:
                assert "OpenEVSE answers" not in await until(pilot, "what is sent does not reach it")


async def test_a_silent_console_does_not_answer_before_it_says_something(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with pages(tmp_path, wire, Chosen(named("generic-console"))) as pilot:
            assert "answers." not in await until(pilot, "a line may wake it (s on page 6")
            wire.say(b"login: \r\n")
            await until(pilot, "Any console answers.")


async def test_a_modbus_box_has_the_same_pages(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with wired(wire) as there, pages(tmp_path, wire, Chosen(named(HEIDELBERG))) as pilot:
            await until(pilot, "Heidelberg (Amperfied) Wallbox Energy Control answers")
            there.box.car, there.box.amps = "C", 12.0
            there.box.measure()
            await pilot.press("2")
            screen = await until(pilot, "12.0 A")
            assert "Charging" in screen and "Heidelberg" in screen
            there.box.faulty = True
            there.box.measure()
            assert "!! FAULT" in await until(pilot, "state F")
            await pilot.press("6")
            await until(pilot, "input 5 to 18")


async def test_a_line_is_typed_into_a_console_and_its_answer_shows(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with (
            console_at(wire, Shell()) as there,
            pages(tmp_path, wire, Chosen(named("zephyr-shell"))) as pilot,
        ):
            await until(pilot, "Zephyr shell answers")
            await pilot.press("6")
            await until(pilot, "Zephyr version 4.4.0")
            await pilot.press("s")
            await until(pilot, "It goes out as it stands")
            await pilot.press(*"help", "enter")
            await until(pilot, "Available commands:")
            assert there.typed.endswith(b"help\r")


async def test_an_smp_device_has_the_same_pages_and_no_connectors(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with smp_at(wire, SmpDevice()) as there, pages(tmp_path, wire, Bare("smp")) as pilot:
            await until(pilot, "SMP (MCUmgr) answers")
            await pilot.press("2")
            await until(pilot, "SMP tells what software runs, and nothing of connectors")
            screen = await until(pilot, "Firmware 1.0.0")
            assert "charger_controlle" in screen and "Press t" not in screen
            await pilot.press("6")
            await until(pilot, "slot 0: 1.0.0 active")
            there.do("chat")
            await until(pilot, "<inf> char")


async def test_what_is_no_console_takes_no_lines(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), pages(tmp_path, wire) as pilot:
            await until(pilot, "OpenEVSE answers")
            await pilot.press("6", "s")
            await until(pilot, "this is no console")
