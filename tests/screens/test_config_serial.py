"""The Config page at service ports: whatever is spoken there, it is the same page."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from techtool.screens.app import TechtoolApp
from techtool.screens.widgets.sheet import Sheet
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.profiles import named
from techtool.serviceport.rapi import commanding
from techtool.simulator.console.menu import Menu
from tests.screens.test_serial import pages, until
from tests.serviceport.console.consoles import SMART
from tests.serviceport.console.consoles import wired as console_at
from tests.serviceport.far import Far
from tests.serviceport.modbus.boxes import HEIDELBERG, faster
from tests.serviceport.modbus.boxes import wired as box_at
from tests.serviceport.ptys import Cable, cable
from tests.simulator.openevse.bench import Bench

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


class OpenEvse(Far):
    """The simulated firmware at this end of a cable; its own time goes by at once."""

    def __init__(self, wire: Cable) -> None:
        super().__init__(wire)
        self.bench = Bench()
        self.deaf = b"nothing"
        """It does not hear this."""
        self.was_deaf = asyncio.Event()

    def received(self, data: bytes) -> bytes:
        if self.deaf in data:
            self.was_deaf.set()
            return b""
        self.bench.send(data)
        self.bench.wait(0.1)
        return self.bench.said()


def openevse(wire: Cable) -> AbstractAsyncContextManager[OpenEvse]:
    return OpenEvse(wire).alive()


def boxed(pilot: Pilot[None]) -> str:
    assert isinstance(pilot.app, TechtoolApp)
    return " ".join(pilot.app.screen.query_one("#box-sheet", Sheet).plain.split())


async def test_an_openevse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commanding, "BETWEEN_S", 0.0)
    with cable(tmp_path) as wire:
        async with openevse(wire) as there, pages(tmp_path, wire) as pilot:
            await until(pilot, "OpenEVSE answers")
            await pilot.press("4")
            screen = await until(pilot, "current_a 32 A current offered to the car")
            assert "20 settings" in screen
            await pilot.press("enter", *"72")
            await until(pilot, "72 A is not between the 6 and 32 A of its")
            await pilot.press("escape", *("down",) * 10, "enter", *"30", "enter")
            await pilot.press(*("up",) * 7, "enter", "down", "enter")
            await until(pilot, "2 changes staged.")
            await pilot.press("S")
            await until(pilot, "Send diode_check?")
            assert "this switches the diode check off, which protects people" in boxed(pilot)
            await pilot.press(*"write", "enter")
            screen = await until(pilot, "Done: 1 proved, 1 refused.")
            assert "time_limit_min = 30 was refused: $NK. It reads as 0 now." in screen
            assert "diode_check = off was taken, and reads as off." in screen
            await pilot.press("escape")
            await until(pilot, "diode_check off (was on)")
            await pilot.press("u", "up", "enter", "up", "enter")
            await until(pilot, "2 changes staged.")
            there.deaf = b"$FF"
            await pilot.press("S")
            await there.was_deaf.wait()
            await there.unplug()
            screen = await until(pilot, "The port was lost before $FF was answered")
            assert "whether the charger acted on it is unknown" in screen
            assert "service_level 2 1 -- not sent" in screen
            await pilot.press("escape")
            screen = await until(pilot, "2 changes staged.")
            assert "!! port lost" in screen and "!! not connected, read" in screen
            assert "service_level 2 1" in screen and "diode_check off on" in screen


async def test_a_modbus_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cable(tmp_path) as wire:
        async with box_at(wire) as there, pages(tmp_path, wire, faster(HEIDELBERG, tmp_path, gap_ms=5)) as pilot:
            await until(pilot, "answers")
            await pilot.press("4")
            await until(pilot, "max_current 16.0 A most that the car may take")
            await pilot.press("enter", *"20000", "enter", "down", "enter", "down", "enter")
            await until(pilot, "2 changes staged.")
            monkeypatch.setattr(there.box.memory, "write", lambda space, address, words: True)
            await pilot.press("S")
            screen = await until(pilot, "Done: 2 contradicted.")
            assert "watchdog_ms = 20000 was taken, but reads as" in screen


async def test_a_menu(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with console_at(wire, Menu()) as there, pages(tmp_path, wire, Chosen(named(SMART))) as pilot:
            await until(pilot, "answers")
            await pilot.press("4")
            screen = await until(pilot, "settings")
            assert "MIN 6 A least that the car is offered" in await until(pilot, "MIN 6 A")
            await pilot.press("slash", *"mode", "enter", "enter")
            await until(pilot, "NORMAL")
            assert "NORMAL on charger, as found" in boxed(pilot)
            await pilot.press("down", "enter", "S")
            screen = await until(pilot, "Done: 1 proved.")
            assert "MODE Normal SMART OK proved" in screen and there.typed
            await pilot.press("escape", "u")
            await until(pilot, "MODE Smart NORMAL")
