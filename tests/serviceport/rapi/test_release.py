"""Whether an OpenEVSE may charge, against the simulated firmware."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from techtool.serviceport.rapi import commanding
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.release import Gate, RapiRelease, sight
from techtool.serviceport.releasing import Patience, Sight
from techtool.session import Session
from techtool.simulator.openevse.bits import State
from techtool.simulator.openevse.charger import Charger
from techtool.simulator.serviceport.runner import run as simulate
from techtool.simulator.serviceport.terminals import Terminal
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.records import Direction
from techtool.station.release import Report
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.rapi.wires import Wire
from tests.serviceport.visits import session_at, until

SOON = Patience(shown=1.0, charging=1.0, back=0.2, between=0.0)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commanding, "BETWEEN_S", 0.0)


def names(report: Report) -> dict[str, Verdict | None]:
    return {step.name: step.verdict for step in report.steps}


def board(wire: Wire) -> State:
    return wire.bench.charger._firmware.board.state


@pytest.mark.parametrize(("car", "charge"), [("A", None), ("C", Verdict.PROVED)])
async def test_it_is_put_to_sleep_woken_up_and_looked_at(car: str, charge: Verdict | None) -> None:
    wire = Wire()
    wire.seconds = 1.5
    wire.bench.type(f"car {car}")
    wire.bench.wait(3)
    report = await RapiRelease(wire, SOON).test(force=True)
    proved = Verdict.PROVED
    assert names(report) == {
        "found": proved, "block": proved, "release": proved, "charge": charge, "put back": proved,
    }, report.text  # fmt: skip
    assert report.steps[1].seen == "state FE (sleeping), relay open", "the car had its 3 s to stop"
    assert report.restored and board(wire) is (State.C if car == "C" else State.A)


@pytest.mark.parametrize(("command", "state"), [("FS", State.SLEEPING), ("FD", State.DISABLED)])
async def test_one_that_was_asleep_or_disabled_is_so_again(command: str, state: State) -> None:
    wire = Wire()
    wire.bench.ask(command)
    report = await RapiRelease(wire, SOON).test()
    assert report.verdict is Verdict.PROVED and report.restored and board(wire) is state
    assert wire.asked[-1] == Frame("GS") and Frame(command) in wire.asked[-8:]


async def test_a_session_is_not_ended_without_force() -> None:
    wire = Wire()
    wire.bench.type("car C")
    wire.bench.wait(3)
    with pytest.raises(CallRefusedError, match=r"It is charging .*--force"):
        await RapiRelease(wire, SOON).test()
    assert wire.asked == [Frame("GS")]


async def test_a_name_that_there_is_not() -> None:
    wire = Wire()
    with pytest.raises(CallRefusedError, match="there is: sleep"):
        await RapiRelease(wire, SOON).test(["relay"])
    assert wire.asked == []
    assert (await RapiRelease(wire, SOON).test(["sleep"])).verdict is Verdict.PROVED


class Odd(Wire):
    """One that says OK to everything and does nothing, or refuses, or says nothing any more."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        if command.name in ("FS", "FE") and self.how in ("OK", "NK"):
            self.asked.append(command)
            ending = Ending.ACCEPTED if self.how == "OK" else Ending.REFUSED
            return Ended(1, command._replace(sequence="2A"), ending, Frame(self.how, (), "2A"), 0.03, True)
        ended = await super().call(command, within)
        if command.name == "FS" and self.how == "silent":
            self.silent = ("GS", "FS", "FE")
        return ended


@pytest.mark.parametrize(
    ("how", "verdict", "restored"),
    [("OK", Verdict.CONTRADICTED, True), ("NK", Verdict.REFUSED, True), ("silent", Verdict.UNANSWERED, False)],
)
async def test_what_it_says_is_not_believed(how: str, verdict: Verdict, restored: bool) -> None:
    report = await RapiRelease(Odd(how), SOON._replace(shown=0.0)).test()
    assert (report.verdict, report.restored) == (verdict, restored), report.text
    assert list(names(report)) == ["found", "block", "put back"]
    if not restored:
        assert "NOT PUT BACK. By hand: `techtool call FE --serial /dev/ttyUSB0`." in report.text


async def test_no_state_is_no_test() -> None:
    report = await RapiRelease(Wire("GS"), SOON).test()
    assert (report.verdict, names(report)) == (Verdict.UNANSWERED, {"found": Verdict.UNANSWERED})


def test_what_the_flags_mean() -> None:
    locked = sight(0x02, 0x0108)
    assert locked.offered is False and locked.car and "authorization lock on" in locked.words
    limited = sight(0xFE, 0x0104)
    assert limited.lasting == "sleeps because a limit was reached" and limited.released is False
    assert sight(0x00, 0).settled is False and sight(0x06, 0x0080).fault == "GFCI tripped"
    assert sight(0xFE, 0x0140).charging, "the relay has not opened yet"
    assert not sight(0x03, 0x0100).settled and sight(0x03, 0x0140).settled, (
        "it tests itself before the relay closes"
    )


def test_old_firmware_tells_no_relay() -> None:
    old = sight(0x03, None)
    assert old.settled and old.charging and old.words == "state 03 (Charging)"
    assert sight(0xFE, None).car is None and sight(0x01, None).car is False


@pytest.mark.parametrize(("told", "words"), [("254 0", "state FE (sleeping)"), ("10 0", "state 0A (too hot)")])
async def test_old_firmware_tells_its_state_in_decimal(told: str, words: str) -> None:
    class Old(Wire):
        async def call(self, command: Frame, within: float | None = None) -> Ended:
            return Ended(1, command, Ending.ACCEPTED, Frame("OK", tuple(told.split())), 0.03, True)

    seen = await Gate(Old()).look()
    assert isinstance(seen, Sight) and seen.words == words


# --- at a cable --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def at_a_cable(folder: Path) -> AsyncIterator[tuple[Charger, Session]]:
    """The simulated charger on a pseudo terminal, long after its power came."""
    charger, device = Charger(time.monotonic() - 5), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(
            simulate(charger, Terminal(folder / "ttyUSB0"), on_device=lambda name: device.set())
        )
        await device.wait()
        async with session_at(folder / "ttyUSB0", folder) as session:
            await until(session, lambda: session.picture.stations and session.picture.stations["ttyUSB0"].evses)
            yield charger, session
        running.cancel()


@needs_terminals
async def test_its_records_show_every_step(tmp_path: Path) -> None:
    async with at_a_cable(tmp_path) as (_, session):
        report = await session.able.test_release()
        assert report.verdict is Verdict.PROVED and report.restored, report.text
        block = [session.tape[number] for number in report.steps[1].records]
        assert [one.direction for one in block][:2] == [Direction.LAPTOP, Direction.CHARGER]
        assert block[0].data.startswith(b"$FS :") and b"$OK fe " in block[-1].data
        assert set(report.steps[4].records) <= set(report.outcome.records)


@needs_terminals
async def test_a_cable_that_is_out_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with at_a_cable(tmp_path) as (charger, session):
        assert session.serial is not None and isinstance(session.serial.release, RapiRelease)
        session.serial.release.patience = Patience(between=0.02)
        out = False

        def told(report: Report) -> None:
            nonlocal out
            if report.steps[-1].name == "block" and not out:
                out = True
                charger._effects += charger.command(time.monotonic(), "unplug 0.3")

        report = await session.able.test_release(told=told)
        assert names(report)["put back"] is Verdict.PROVED and report.restored, report.text
        assert report.verdict is Verdict.UNANSWERED and charger._firmware.board.state is State.A


@needs_terminals
async def test_who_gives_up_in_the_middle_leaves_it_awake(tmp_path: Path) -> None:
    async with at_a_cable(tmp_path) as (charger, session):
        last = Report()

        def told(report: Report) -> None:
            nonlocal last
            last = report
            if report.steps[-1].name == "block" and not report.interrupted:
                assert charger._firmware.board.state is State.SLEEPING
                task.cancel()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(session.able.test_release(told=told))
        assert task.cancelled() and last.interrupted and last.restored
        assert charger._firmware.board.state in (State.UNKNOWN, State.A)
