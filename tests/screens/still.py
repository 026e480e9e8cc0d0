"""A service port at which a firmware is on its way, and stays there: for pictures, and for questions."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from techtool.screens.app import TechtoolApp
from techtool.serviceport.port import Settings
from techtool.serviceport.smp import asks
from techtool.simulator.smp.images import made
from techtool.simulator.smp.server import Server
from techtool.station.firmware import Examined, Firmware, Image, Known, Step, Way
from techtool.station.outcomes import Outcome, Verdict
from techtool.station.reboot import Reboot
from techtool.station.records import Kind
from techtool.station.release import Release
from techtool.station.settings import Configuration
from tests.screens.making import START, Visit, pages, shown
from tests.serviceport.smp.devices import exchange

NAME, SIZE = "app_update.bin", 411_576
KNOWN = Known(
    "SMP, into slot 1, where version 0.9.4 is now, at 115200 baud",
    "What runs now goes on running. The same file goes on where it was, unless the device is reset before.",
    6912.0,
)


class StillFirmware:
    """Takes 64 percent."""

    def __init__(self, visit: Visit, known: Known) -> None:
        self._visit, self.known = visit, known
        self.pushed: list[tuple[Image, Way]] = []

    def examine(self, image: Image, way: Way) -> Examined:
        return Examined("version 1.1.0, for MCUboot")

    async def push(self, image: Image, way: Way, told: Callable[[Step], None]) -> Outcome:
        self.pushed.append((image, way))
        total = len(image.data)
        self._visit.clock.advance(2)
        told(Step(1, total, None))
        self._visit.clock.advance(38)
        told(Step(total * 64 // 100 + 1, total, 21.4))
        await asyncio.Event().wait()
        return Outcome(Verdict.PROVED, "never")


class StillPort:
    """A :class:`techtool.serviceport.link.ServiceLine` without a wire."""

    protocol, name, advice = "smp", "SMP (MCUmgr)", ""
    answers = heard = surveyed = True

    def __init__(self, firmware: StillFirmware) -> None:
        self.identity, self.number = "ttyUSB0", 1
        self.settings = Settings("/dev/ttyUSB0")
        self.problem: str | None = None
        self.configuration: Configuration | None = None
        self.firmware: Firmware | None = firmware
        self.reboot: Reboot | None = None
        self.release: Release | None = None
        self.cannot = {"status": "SMP tells nothing of charging.", "url": "There is no URL here."}

    async def run(self) -> None:
        await asyncio.Event().wait()

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        raise NotImplementedError


def at_a_port(visit: Visit, known: Known = KNOWN) -> StillFirmware:
    """A controller that says what runs there, and a file for it in the folder."""
    firmware = StillFirmware(visit, known)
    visit.session.serial = StillPort(firmware)
    visit.note(Kind.OPENED, {"wire": "smp", "peer": "/dev/ttyUSB0", "local": ""})
    visit.note(Kind.LINKED, {"identity": "ttyUSB0", "protocol": "smp", "path": "/dev/ttyUSB0"})
    for said in exchange(Server(), asks.images()):
        visit.raw(*said)
    file = visit.folder / NAME
    file.write_bytes(made((1, 1, 0), SIZE))
    os.utime(file, (START.timestamp() - 3000, START.timestamp() - 3000))
    return firmware


async def says(pilot: Pilot[None], text: str) -> str:
    """The screen as soon as it says this; nothing that was begun need be done."""
    assert isinstance(pilot.app, TechtoolApp)
    async with asyncio.timeout(10):
        while text not in (screen := " ".join(shown(pilot.app).split())):
            await pilot.pause(0.01)
    return screen


async def chosen(pilot: Pilot[None]) -> None:
    """The file is chosen."""
    await pilot.press("5")
    await says(pilot, "File none yet")
    await pilot.press("enter")
    await says(pilot, NAME)
    await pilot.press("a", "p", "p", "enter")
    await says(pilot, "Send app_update.bin to")


async def on_its_way(pilot: Pilot[None]) -> None:
    """The file is chosen, and 64 percent of it are there."""
    await chosen(pilot)
    await pilot.press("enter")
    await says(pilot, "Send this firmware?")
    await pilot.press("down", "enter")
    await says(pilot, "64 % 0:21 left")
    assert isinstance(pilot.app, TechtoolApp)
    pages(pilot.app).tick()
    await pilot.pause()
