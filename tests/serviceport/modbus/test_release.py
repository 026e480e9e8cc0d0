"""Whether boxes with registers may charge: every shipped profile that says how, against its simulated twin."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.abilities import UnableError
from techtool.serviceport.modbus.release import RegisterRelease
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.releasing import Patience
from techtool.simulator.modbus.box import Box
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.release import Report
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, plugged, profile_of
from tests.serviceport.modbus.direct import Wire
from tests.serviceport.ptys import needs_terminals

WITH_RELEASE = [name for name in SHIPPED if profile_of(name).releases]
PHOENIX, ABL = "phoenix-ev-ser", "abl-emh1"
AT_ONCE = Patience(shown=0.0, charging=0.0, back=0.1, between=0.0)


async def trial(wire: Wire, *names: str, force: bool = False) -> Report:
    return await RegisterRelease(wire, wire.profile, AT_ONCE).test(names, force=force)


def with_car(name: str, car: str) -> Wire:
    wire = Wire(name)
    wire.box.car = car
    wire.box.measure()
    return wire


@pytest.mark.parametrize("car", ["A", "B", "C"])
@pytest.mark.parametrize("name", WITH_RELEASE)
async def test_every_release_is_tried_and_put_back(name: str, car: str) -> None:
    wire = with_car(name, car)
    report = await trial(wire, force=True)
    assert (report.verdict, report.restored) == (Verdict.PROVED, True), report.text
    charge = report.steps[3]
    assert charge.verdict is (None if car == "A" else Verdict.PROVED), charge
    assert not wire.box.denied and wire.controls[0] is True and wire.controls[-1] is False
    assert "The profile says: " in report.text


@pytest.mark.parametrize("car", ["A", "B"])
async def test_a_box_that_may_not_charge_after_its_release_is_contradicted(
    monkeypatch: pytest.MonkeyPatch, car: str
) -> None:
    """Heidelberg's external lock: the register stores what is written, and the state stays at 1, "not allowed"."""
    monkeypatch.setattr(Box, "denied", True)
    wire = with_car(HEIDELBERG, car)
    report = await trial(wire)
    release = report.steps[2]
    assert (report.verdict, release.verdict) == (Verdict.CONTRADICTED, Verdict.CONTRADICTED), report.text
    assert f"state {car}1" in release.seen


async def test_what_was_denied_is_denied_again() -> None:
    wire = with_car(PHOENIX, "C")
    wire.box.memory.put(Space.COIL, 20000, [0])
    wire.box.measure()
    report = await trial(wire)
    assert report.verdict is Verdict.PROVED and wire.box.denied
    assert (
        report.steps[0].seen == "reads as deny, state C1" and report.steps[4].expected == "as found: reads as deny"
    )


async def test_a_number_that_is_neither_is_put_back() -> None:
    wire = Wire(HEIDELBERG)
    wire.box.memory.put(Space.HOLDING, 259, [7])
    report = await trial(wire)
    assert report.restored and wire.box.memory.get(Space.HOLDING, 259, 1) == [7], report.text


async def test_a_box_that_says_yes_and_goes_on_is_contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = with_car(HEIDELBERG, "C")
    monkeypatch.setattr(type(wire.box), "denied", False)
    report = await trial(wire, force=True)
    assert report.verdict is Verdict.CONTRADICTED and report.restored
    assert report.steps[1].seen.startswith("reads as deny, state C2; ") and len(report.steps) == 3


@pytest.mark.parametrize(("takes", "verdict"), [(True, Verdict.CONTRADICTED), (False, Verdict.REFUSED)])
async def test_a_box_that_keeps_its_own_mind(
    monkeypatch: pytest.MonkeyPatch, takes: bool, verdict: Verdict
) -> None:
    wire = Wire(PHOENIX)
    monkeypatch.setattr(wire.box.memory, "write", lambda space, address, words: takes)
    report = await trial(wire)
    assert (report.verdict, report.restored) == (verdict, True), report.text


async def test_what_shows_elsewhere_and_does_not_change_is_only_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(ABL)
    monkeypatch.setattr(wire.box, "_show_release", lambda release: None)
    monkeypatch.setattr(type(wire.box), "denied", False)
    report = await trial(wire)
    assert report.verdict is Verdict.ACCEPTED and "NOT VERIFIED" in report.text


async def test_a_box_that_falls_silent_is_told_with_what_to_do() -> None:
    wire = Wire(PHOENIX)

    def told(report: Report) -> None:
        if report.steps[-1].name == "block":
            wire.lost |= {(Space.COIL, 20000), (Space.HOLDING, 24000)}

    report = await RegisterRelease(wire, wire.profile, AT_ONCE).test(told=told)
    assert (report.verdict, report.restored) == (Verdict.UNANSWERED, False)
    by_hand = (
        "`techtool call write '[\"coil\", 20000, 1]' --force --serial /dev/ttyUSB0 --profile phoenix-ev-ser`."
    )
    assert f"NOT PUT BACK. By hand: {by_hand}" in report.text


async def test_what_cannot_be_read_is_not_tried() -> None:
    wire = Wire(PHOENIX)
    wire.lost.add((Space.COIL, 20000))
    report = await trial(wire)
    assert report.verdict is Verdict.UNANSWERED and report.restored and len(report.steps) == 1
    assert all(not ask.writes for ask in wire.asked)


async def test_a_session_a_fault_and_a_name_that_there_is_not() -> None:
    wire = with_car(PHOENIX, "C")
    with pytest.raises(CallRefusedError, match="It is charging"):
        await trial(wire)
    with pytest.raises(CallRefusedError, match=r"is no way to release Phoenix .* there is: release"):
        await trial(wire, "relay")
    wire.box.faulty = True
    wire.box.measure()
    report = await trial(wire)
    assert report.verdict is Verdict.CONTRADICTED and "a fault, so nothing is tried" in report.text
    assert all(not ask.writes for ask in wire.asked)


@needs_terminals
async def test_over_a_cable_it_is_put_back_also_for_who_gives_up(tmp_path: Path) -> None:
    async with plugged(tmp_path, PHOENIX, gap_ms=5) as visit:
        await visit.until(visit.known)
        assert (await visit.session.able.test_release()).verdict is Verdict.PROVED
        memory = visit.there.box.memory
        memory.put(Space.COIL, 20000, [0])
        last = Report()

        def told(report: Report) -> None:
            nonlocal last
            last = report
            if report.steps[-1].name == "release":
                assert memory.get(Space.COIL, 20000, 1) == [1]
                task.cancel()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(visit.session.able.test_release(told=told))
        assert task.cancelled() and last.restored and memory.get(Space.COIL, 20000, 1) == [0]


@needs_terminals
async def test_who_has_none_says_why(tmp_path: Path) -> None:
    async with plugged(tmp_path, "abb-terra-ac") as visit:
        await visit.until(visit.known)
        with pytest.raises(UnableError, match="cannot be undone from here"):
            await visit.session.able.test_release()
