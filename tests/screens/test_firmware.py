"""The Firmware page by keys, at boot loaders and controllers that take it, refuse it, and go away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from techtool.screens.app import TechtoolApp
from techtool.screens.push import Push
from techtool.serviceport.chosen import Bare, Chosen
from techtool.serviceport.console import firmware
from techtool.serviceport.profiles import named
from techtool.serviceport.xymodem.patience import Patience
from techtool.serviceport.xymodem.transfer import send
from techtool.simulator.smp.device import SmpDevice
from techtool.simulator.smp.images import made
from techtool.station.firmware import Known, Way
from tests.screens import making
from tests.screens.making import Visit, running, settled
from tests.screens.still import KNOWN, StillFirmware, StillPort, at_a_port, chosen, on_its_way, says
from tests.screens.test_serial import pages, until
from tests.serviceport.chargers import charger
from tests.serviceport.console.loaders import Loader, profile_at
from tests.serviceport.ptys import cable, needs_terminals
from tests.serviceport.smp.devices import wired as smp_at

IMAGE = bytes(range(250)) * 80


@pytest.fixture(autouse=True)
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it is, with every block."""
    monkeypatch.setattr("techtool.serviceport.xymodem.transfer.TOLD_S", 0.0)


class Holding(Loader):
    """Answers no block any more after so many, until it is let go."""

    holds_at: int | None = None

    def received(self, data: bytes) -> bytes:
        if self.holds_at is not None and self._blocks >= self.holds_at:
            self.heard = (self.heard + data)[-4000:]
            return b""
        return super().received(data)


@asynccontextmanager
async def at_a_loader(
    folder: Path, profile: str = "", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Holding, Pilot[None]]]:
    """The page, with a file in its folder."""
    folder.joinpath("fw.bin").write_bytes(IMAGE)
    with cable(folder) as wire:
        entry = Chosen(named(profile or profile_at(folder)))
        async with Holding(wire).alive() as there, pages(folder, wire, entry, size) as pilot:
            await until(pilot, "a line may wake it" if not profile else "Service port")
            await pilot.press("5")
            await until(pilot, "File none yet")
            yield there, pilot


async def choose(pilot: Pilot[None], name: str) -> None:
    await pilot.press("enter")
    await until(pilot, "type a path, or a part of the name")
    await pilot.press(*name, "enter")


async def sent(pilot: Pilot[None], name: str = "fw") -> None:
    """Chosen, asked, begun."""
    await choose(pilot, name)
    await until(pilot, "Send fw.bin to ttyUSB0")
    await pilot.press("enter")
    await until(pilot, "> Cancel")
    await pilot.press("down", "enter")


def job(pilot: Pilot[None]) -> Push:
    assert isinstance(pilot.app, TechtoolApp)
    push = making.pages(pilot.app).desk.jobs.push
    assert push is not None
    return push


@needs_terminals
async def test_a_file_is_chosen_looked_at_and_sent_and_the_loaders_word_is_shown(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as (there, pilot):
        await choose(pilot, "fw")
        screen = await until(pilot, "Send fw.bin to ttyUSB0")
        assert "YMODEM, every block acknowledged, at 115200 baud" in screen and 'typed before: "loady"' in screen
        assert "OK file 20,000 bytes, read whole" in screen and "0:02 at best" in screen
        assert "! idle not known here" in screen and "which version runs now is not known" in screen
        await pilot.press("enter")
        await until(pilot, "It takes 0:02 at best.")
        await pilot.press("enter")
        assert there.lines == [] and "Send fw.bin to" in await until(pilot, "OK time"), "Cancel comes first"
        await pilot.press("enter")
        await until(pilot, "> Cancel")
        await pilot.press("down", "enter")
        screen = await until(pilot, "OK Ended")
        assert "proved" in screen and '"## Total Size = 0x00001388".' in screen and "100 %" in screen
        assert there.took == {"fw.bin": IMAGE} and there.lines == [b"loady\r"]
        await pilot.press("down", "enter")
        await until(pilot, "Which firmware?")


@needs_terminals
async def test_an_image_goes_into_the_second_slot_on_a_wide_screen(tmp_path: Path) -> None:
    tmp_path.joinpath("fw.bin").write_bytes(made((1, 1, 0), 30_000))
    tmp_path.joinpath("fw.txt").write_text("no image")
    with cable(tmp_path) as wire:
        async with smp_at(wire, SmpDevice()), pages(tmp_path, wire, Bare("smp"), (160, 50)) as pilot:
            await until(pilot, "SMP (MCUmgr) answers")
            await pilot.press("5")
            await until(pilot, "into slot 1, which is empty")
            await choose(pilot, "fw.t")
            await until(pilot, "!! file fw.txt: it is no image for MCUboot")
            await sent(pilot, "fw.b")
            screen = await until(pilot, "OK Ended")
            assert "proved" in screen and "Version 1.1.0 is in slot 1, with its own hash" in screen
            assert "now 1.0.0" in screen
            await pilot.press("enter")
            await until(pilot, "> Cancel")


@needs_terminals
async def test_what_goes_on_is_seen_everywhere_and_ends_only_when_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firmware, "send", partial(send, patience=Patience(silent_s=60.0)))
    async with at_a_loader(tmp_path) as (there, pilot):
        there.holds_at = 12
        await sent(pilot)
        await until(pilot, "of 20,000 bytes acknowledged")
        await pilot.press("2")
        await until(pilot, ".. firmware")
        app = pilot.app
        assert isinstance(app, TechtoolApp)
        app.workers.cancel_node(making.pages(app))
        for key in ("q", "ctrl+c"):
            await pilot.press(key)
            screen = await until(pilot, "Quit techtool?")
            assert "fw.bin is on its way" in screen and "> Stay" in screen
            await pilot.press("enter")
            await until(pilot, "Last events")
        await pilot.press("1", "u", "enter")
        await until(pilot, "Leave the port?")
        await pilot.press("escape", "5", "x")
        await until(pilot, "> Go on sending")
        await pilot.press("enter")
        await until(pilot, "Do not unplug")
        assert job(pilot).outcome is None
        await pilot.press("x")
        await until(pilot, "Stop sending?")
        await pilot.press("down", "enter")
        screen = await until(pilot, "!! Ended")
        assert "cancelled" in screen and "Stopped here. Image incomplete" in screen
        assert b"\x18\x18" in there.heard[-40:] and there.took == {}
        await pilot.press("x")
        await until(pilot, "Nothing is being sent")


@needs_terminals
async def test_quitting_tells_the_receiver_first(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as (there, pilot):
        there.holds_at = 5
        await sent(pilot)
        await until(pilot, "bytes acknowledged")
        await pilot.press("q")
        await until(pilot, "> Stay")
        await pilot.press("down", "enter")
        while pilot.app.is_running:
            await pilot.pause(0.01)
        assert b"\x18\x18" in there.heard[-40:]


@needs_terminals
async def test_a_receiver_that_refuses_or_falls_silent_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firmware, "send", partial(send, patience=Patience(silent_s=0.4, repeat_s=0.2)))
    async with at_a_loader(tmp_path) as (there, pilot):
        there.cancels_at = 3
        await sent(pilot)
        screen = await until(pilot, "!! Ended")
        assert "refused" in screen and "The receiver cancelled" in screen
        there.cancels_at, there._blocks, there.holds_at = None, 0, 5
        await pilot.press("enter")
        await until(pilot, "> Cancel")
        await pilot.press("down", "enter", "2")
        await until(pilot, "!! firmware unanswered")
        await pilot.press("5")
        screen = await until(pilot, "!! Ended")
        assert "unanswered" in screen and "Image incomplete" in screen
        await pilot.press("2")
        assert "!! firmware" not in await until(pilot, "Last events"), "it was seen"


@needs_terminals
async def test_a_port_that_goes_ends_it(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as (there, pilot):
        there.holds_at = 5
        await sent(pilot)
        await until(pilot, "bytes acknowledged")
        await there.unplug()
        screen = await until(pilot, "!! Ended")
        assert "unanswered" in screen and "Image incomplete" in screen
        await until(pilot, "!! port lost")
        await pilot.press("enter")
        await until(pilot, "> Cancel")
        await pilot.press("down", "enter")
        screen = await until(pilot, "Nothing of the image was acknowledged")
        assert "is not open" in screen or "is not there: plug the cable in" in screen


@needs_terminals
async def test_files_that_cannot_be_sent_are_told_in_words(tmp_path: Path) -> None:
    tmp_path.joinpath("empty.bin").write_bytes(b"")
    async with at_a_loader(tmp_path) as (_, pilot):
        await choose(pilot, "empty.bin")
        await until(pilot, "empty.bin is empty.")
        await choose(pilot, "none")
        screen = await until(pilot, "cannot be read: No such file")
        assert "!! file" in screen and "Send" not in screen.replace("Sent", "")


@needs_terminals
async def test_what_starts_the_receiver_is_said_once_for_the_visit(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path, "generic-console") as (there, pilot):
        await until(pilot, "Start nothing is typed")
        await pilot.press("down", "enter")
        await until(pilot, "How is it sent?")
        await pilot.press("down", "enter")
        await until(pilot, "XMODEM-1K, every block")
        await pilot.press("enter")
        await until(pilot, "How is it sent?")
        await pilot.press("up", "enter")
        await until(pilot, "YMODEM, every block")
        await pilot.press("down", "enter")
        await until(pilot, "What is typed before?")
        await pilot.press(*"loady", "enter")
        await until(pilot, 'typed before: "loady"')
        await pilot.press("home")
        await sent(pilot)
        screen = await until(pilot, "! Ended")
        assert "accepted" in screen and "look at its version" in screen, screen
        assert there.lines == [b"loady\r"]


@needs_terminals
async def test_a_wire_that_takes_none_says_why(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire), pages(tmp_path, wire) as pilot:
            await until(pilot, "OpenEVSE answers")
            await until(pilot, "(5 Firmware)")
            await pilot.press("5")
            await until(pilot, "ISP header")


async def test_without_a_service_port_there_is_no_such_page(visit: Visit) -> None:
    visit.charging()
    async with running(visit.app()) as pilot:
        await pilot.press("5")
        await settled(pilot)
        app = pilot.app
        assert isinstance(app, TechtoolApp) and making.pages(app).page.id == "link"
        assert "Firmware" not in making.shown(app)


async def test_where_a_car_charges_a_word_is_wanted(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    there = at_a_port(visit)
    async with running(visit.app()) as pilot:
        await chosen(pilot)
        monkeypatch.setattr("techtool.screens.firmware.energy", lambda station: "transaction 1007 runs on EVSE 1")
        await pilot.press("enter")
        await says(pilot, "A car is charging: type stop")
        await pilot.press(*"yes", "enter")
        assert there.pushed == []
        await pilot.press("enter")
        await says(pilot, "A car is charging: type stop")
        await pilot.press(*"stop", "enter")
        await says(pilot, "64 %")


async def test_in_the_header_of_every_page_it_has_its_place(visit: Visit) -> None:
    at_a_port(visit)
    async with running(visit.app(), (80, 24)) as pilot:
        await on_its_way(pilot)
        for key in "126":
            await pilot.press(key)
            await says(pilot, ".. firmware 64 % 0:21")
        await pilot.press("space")
        assert "PAUSED" in await says(pilot, ".. firmware 64 % 0:21")


async def test_at_another_port_the_file_is_looked_at_again(visit: Visit) -> None:
    first = at_a_port(visit, Known("at the first", "Nothing.", takes_start=True, by=("ymodem", "xmodem")))
    async with running(visit.app()) as pilot:
        await chosen(pilot)
        await pilot.press("up", "enter")
        await says(pilot, "What is typed before?")
        await pilot.press("x", "enter")
        await says(pilot, 'typed before: "x"')
        second = StillFirmware(visit, KNOWN)
        visit.session.serial = StillPort(second)
        visit.clock.advance(1)
        await says(pilot, "Sent by SMP, into slot 1")
        await pilot.press("end", "enter")
        await says(pilot, "> Cancel")
        await pilot.press("down", "enter")
        await says(pilot, "64 %")
        assert first.pushed == [] and second.pushed[0][1] == Way()


async def test_y_copies_the_hash_of_the_file(visit: Visit) -> None:
    at_a_port(visit)
    async with running(visit.app()) as pilot:
        await chosen(pilot)
        await pilot.press("y")
        await says(pilot, "b6d212516fda1df65994dc9d")
