"""The Test page by keys: at chargers that do as they are told, that do not, and that go away."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from techtool.cli.signals import when_asked_to_stop
from techtool.screens.app import TechtoolApp
from techtool.screens.jobs import Jobs
from techtool.screens.widgets.trace_view import TraceView
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.modbus.release import RegisterRelease
from techtool.serviceport.profiles import named
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.rapi import commanding
from techtool.serviceport.rapi.release import RapiRelease
from techtool.serviceport.releasing import Patience
from techtool.session import Session
from techtool.simulator.console.shell import Shell
from techtool.simulator.openevse.bits import State
from tests.screens import making
from tests.screens.making import Visit, running, settled
from tests.screens.test_config_serial import OpenEvse
from tests.screens.test_serial import pages, until
from tests.serviceport.chargers import line
from tests.serviceport.console.consoles import wired as console_at
from tests.serviceport.modbus.boxes import HEIDELBERG, faster
from tests.serviceport.modbus.boxes import wired as box_at
from tests.serviceport.ptys import cable, needs_terminals

SOON = Patience(shown=1.0, charging=0.0, back=0.3, between=0.0)
SIZES = ((80, 24), (160, 50))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commanding, "BETWEEN_S", 0.0)


class Charger(OpenEvse):
    """Needs a second before its relay closes; may say that it sleeps, and go on."""

    seconds = 0.1
    stays = False

    def received(self, data: bytes) -> bytes:
        if self.stays and b"$FS" in data:
            return line(f"$OK :{data.split(b':')[1][:2].decode()}")
        if (said := super().received(data)) and self.seconds > 0.1:
            self.bench.wait(self.seconds)
            said += self.bench.said()
        return said

    @property
    def state(self) -> State:
        return self.bench.charger._firmware.board.state

    def car(self, car: str) -> None:
        self.seconds = 1.5
        self.bench.type(f"car {car}")
        self.bench.wait(3)
        self.say_all()

    def say_all(self) -> None:
        if said := self.bench.said():
            self.wire.say(said)


def app_of(pilot: Pilot[None]) -> TechtoolApp:
    assert isinstance(pilot.app, TechtoolApp)
    return pilot.app


def session_of(pilot: Pilot[None]) -> Session:
    session: Session = making.pages(app_of(pilot)).desk.session
    return session


def jobs(pilot: Pilot[None]) -> Jobs:
    return making.pages(app_of(pilot)).desk.jobs


@asynccontextmanager
async def at_a_charger(
    folder: Path, size: tuple[int, int] = (80, 24), patience: Patience = SOON
) -> AsyncIterator[tuple[Charger, Pilot[None]]]:
    """The page, before anything was tried."""
    with cable(folder) as wire:
        async with Charger(wire).alive() as there, pages(folder, wire, None, size) as pilot:
            await until(pilot, "OpenEVSE answers")
            serial = session_of(pilot).serial
            assert serial is not None and isinstance(serial.release, RapiRelease)
            serial.release.patience = patience
            await pilot.press("3")
            await until(pilot, "Try it at ttyUSB0")
            yield there, pilot


async def tried(pilot: Pilot[None]) -> None:
    """Asked, begun."""
    await pilot.press("enter")
    await until(pilot, "> Cancel")
    await pilot.press("down", "enter")


@needs_terminals
@pytest.mark.parametrize("size", SIZES)
async def test_every_step_is_shown_with_what_was_seen_and_leads_to_its_records(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_a_charger(tmp_path, size) as (there, pilot):
        there.car("B")
        screen = await until(pilot, "SuspendedEV ")
        assert "3 Test may it charge, not whether a card is accepted" in screen and "No card is tested" in screen
        assert "Blocked asleep (state FE), relay open" in screen
        await pilot.press("enter")
        await until(pilot, "is blocked for some seconds")
        await pilot.press("enter", "enter")
        await until(pilot, "> Cancel")
        assert jobs(pilot).trial is None, "Cancel comes first"
        await pilot.press("down", "enter")
        screen = await until(pilot, "OK Ended proved")
        for name in ("found", "block", "release", "charge", "put back"):
            assert f"OK {name}" in screen
        assert "it is offered, and the car takes" in screen and "as found: awake" in screen
        assert there.state is State.B and "!!" not in screen
        await pilot.press("y")
        await until(pilot, "It is ")
        await pilot.press("up", "up", "up", "up", "enter")
        await until(pilot, "6 Trace")
        trial = jobs(pilot).trial
        assert trial is not None and (block := trial.report.steps[1]).name == "block"
        assert making.pages(app_of(pilot)).query_one(TraceView).number == block.records[0]
        assert session_of(pilot).tape[block.records[0]].data.startswith(b"$FS")


@needs_terminals
async def test_one_that_says_yes_and_stays_released_is_contradicted(tmp_path: Path) -> None:
    async with at_a_charger(tmp_path, (160, 50), SOON._replace(shown=0.0)) as (there, pilot):
        there.stays = True
        await tried(pilot)
        screen = await until(pilot, "!! Ended contradicted")
        assert "!! block" in screen and "OK put back" in screen and "OK release" not in screen
        assert "NOT PUT BACK" not in screen
        await pilot.press("2")
        assert "!! test" not in await until(pilot, "Last events"), "it was seen"


@needs_terminals
async def test_a_port_that_goes_in_the_middle_is_told_until_the_next_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_a_charger(tmp_path) as (there, pilot):
        there.deaf = b"$FE"
        await tried(pilot)
        await there.was_deaf.wait()
        await there.unplug()
        screen = await until(pilot, "!! NOT PUT BACK. By hand:")
        assert "`techtool call FE --serial" in screen and "leave it (1, then u)" in screen
        await pilot.press("end")
        assert "!! Ended unanswered" in await until(pilot, "Try it again")
        await pilot.press("2")
        await until(pilot, "!! NOT PUT BACK")
        await pilot.press("3", "1", "q")
        assert "By hand: `techtool call FE" in await until(pilot, "Quit techtool?")
        await pilot.press("enter", "1", "u", "enter")
        await until(pilot, "Waiting for a charger.")
        await pilot.press("3")
        assert "By hand: `techtool call FE" in await until(pilot, "3 Test may it"), "also where the port was left"


@needs_terminals
async def test_where_a_car_charges_a_word_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_a_charger(tmp_path) as (there, pilot):
        there.car("C")
        await until(pilot, "its session would be interrupted, or end")
        await pilot.press("enter")
        await until(pilot, "A car is charging: type stop")
        await pilot.press(*"yes", "enter")
        assert jobs(pilot).trial is None
        # one that began to charge a moment ago is found by the test itself
        monkeypatch.setattr("techtool.screens.release.energy", lambda station: None)
        await tried(pilot)
        screen = await until(pilot, "!! Ended refused")
        assert "It is charging (state 03" in screen and "--force" not in screen and there.state is State.C
        await pilot.press("enter")
        await until(pilot, "somebody's session: type stop")
        await pilot.press(*"stop", "enter")
        await until(pilot, "OK Ended proved")
        assert there.state is State.C


@asynccontextmanager
async def blocked(folder: Path, back: float = 5.0) -> AsyncIterator[tuple[Charger, Pilot[None]]]:
    """A test in the middle: it sleeps, and has not heard yet that it is to wake up."""
    async with at_a_charger(folder, patience=SOON._replace(back=back)) as (there, pilot):
        there.deaf = b"$FE"
        await tried(pilot)
        await there.was_deaf.wait()
        there.deaf = b"nothing"
        await until(pilot, ".. release")
        assert there.state is State.SLEEPING
        yield there, pilot


@needs_terminals
async def test_who_stops_in_the_middle_leaves_it_as_it_was(tmp_path: Path) -> None:
    async with blocked(tmp_path) as (there, pilot):
        await pilot.press("2")
        await until(pilot, ".. test: release")
        await pilot.press("3", "x")
        screen = await until(pilot, "! Ended stopped")
        assert there.state in (State.UNKNOWN, State.A) and "OK put back" in screen
        assert "It was interrupted, and is as it was found." in screen
        await pilot.press("x")
        await until(pilot, "No test runs.")


@needs_terminals
async def test_who_quits_is_asked_and_it_is_put_back_first(tmp_path: Path) -> None:
    async with blocked(tmp_path) as (there, pilot):
        await pilot.press("q")
        screen = await until(pilot, "Quit techtool?")
        assert "A release test of ttyUSB0 runs" in screen and "put back first" in screen and "> Stay" in screen
        await pilot.press("down", "enter")
        while pilot.app.is_running:
            await pilot.pause(0.01)
        assert there.state in (State.UNKNOWN, State.A)


@needs_terminals
@pytest.mark.parametrize("number", [signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)])
async def test_a_signal_asks_nobody_and_it_is_put_back_first(tmp_path: Path, number: int) -> None:
    """An end of the session at the computer, a closed window, a lost ssh."""
    async with blocked(tmp_path) as (there, pilot):
        assert isinstance(pilot.app, TechtoolApp)
        when_asked_to_stop(pilot.app.stop)
        os.kill(os.getpid(), number)
        while pilot.app.is_running:
            await pilot.pause(0.01)
        assert there.state in (State.UNKNOWN, State.A)
        assert pilot.app.return_code == 130
        assert pilot.app.last_words == ["It was interrupted, and is as it was found."]


@needs_terminals
async def test_a_signal_where_it_cannot_be_put_back_tells_what_to_do(tmp_path: Path) -> None:
    async with blocked(tmp_path, back=0.1) as (there, pilot):
        assert isinstance(pilot.app, TechtoolApp)
        there.deaf = b"$"
        pilot.app.stop()
        while pilot.app.is_running:
            await pilot.pause(0.01)
        assert "NOT PUT BACK. By hand: `techtool call FE" in pilot.app.last_words[0]


@needs_terminals
async def test_who_quits_where_it_cannot_be_put_back_must_read_what_to_do(tmp_path: Path) -> None:
    async with blocked(tmp_path, back=0.1) as (there, pilot):
        there.deaf = b"$"
        await pilot.press("2", "q")
        await until(pilot, "Quit techtool?")
        await pilot.press("down", "enter")
        screen = await until(pilot, "!! NOT PUT BACK. By hand: `techtool call FE")
        assert "3 Test may it" in screen and pilot.app.is_running


@needs_terminals
async def test_a_box_with_registers_has_the_same_page(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        chosen = faster(HEIDELBERG, tmp_path, gap_ms=5)
        async with box_at(wire, HEIDELBERG) as there, pages(tmp_path, wire, chosen) as pilot:
            await until(pilot, "Wallbox Energy Control answers")
            serial = session_of(pilot).serial
            assert serial is not None and isinstance(serial.release, RegisterRelease)
            serial.release.patience = SOON
            await pilot.press("3")
            screen = await until(pilot, "Try it at ttyUSB0")
            assert "Blocked holding 259 reads as deny (0)" in screen and "the external lock is open" in screen
            await tried(pilot)
            screen = await until(pilot, "OK Ended proved")
            assert "-- charge" in screen and "not applicable: no car is plugged in" in screen
            assert there.box.memory.get(Space.HOLDING, 259, 1) == [1]


@needs_terminals
async def test_a_console_says_why_it_cannot(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        entry = Chosen(named("zephyr-shell"))
        async with console_at(wire, Shell()), pages(tmp_path, wire, entry) as pilot:
            await until(pilot, "Zephyr shell answers")
            await until(pilot, "(3 Test)")
            await pilot.press("3")
            screen = await until(pilot, "3 Test may it charge")
            assert "releases charging" in screen or "release" in screen
            await pilot.press("x")
            await until(pilot, "No test runs.")


async def test_without_a_service_port_there_is_no_such_page(visit: Visit) -> None:
    visit.charging()
    async with running(visit.app()) as pilot:
        await pilot.press("3")
        await settled(pilot)
        assert making.pages(app_of(pilot)).page.id == "link" and "3 Test" not in making.shown(app_of(pilot))
