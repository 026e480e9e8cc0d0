"""An OpenEVSE starts anew, and tells of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.line import RapiLine
from techtool.serviceport.rapi.reboot import RapiReboot
from techtool.station.outcomes import CallRefusedError, Verdict
from tests.serviceport.chargers import Charger, charger
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.rapi.wires import Wire
from tests.serviceport.visits import plugged_in


class Told(Wire):
    """Says this to ``$FR``, and boots or does not."""

    def __init__(self, ending: Ending, boots: bool) -> None:
        super().__init__("FR")
        self.ending, self.comes_back = ending, boots

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        ended = await super().call(command, within)
        return ended._replace(ending=self.ending) if command.name == "FR" else ended

    async def booted(self, boots: int, seconds: float) -> bool:
        return self.comes_back


@pytest.mark.parametrize(
    ("ending", "boots", "verdict"),
    [
        (Ending.TIMED_OUT, True, Verdict.PROVED),
        (Ending.TIMED_OUT, False, Verdict.UNANSWERED),
        (Ending.ACCEPTED, False, Verdict.ACCEPTED),
        (Ending.REFUSED, False, Verdict.REFUSED),
        (Ending.LINK_LOST, False, Verdict.UNANSWERED),
    ],
)
async def test_the_boot_is_the_proof(ending: Ending, boots: bool, verdict: Verdict) -> None:
    outcome = await RapiReboot(Told(ending, boots)).reboot()
    assert outcome.verdict is verdict, outcome.text


async def test_a_session_is_not_ended_without_force() -> None:
    wire = Told(Ending.TIMED_OUT, True)
    wire.bench.type("car C")
    wire.bench.wait(3)
    with pytest.raises(CallRefusedError, match=r"It is charging .*--force"):
        await RapiReboot(wire).reboot()
    assert wire.asked == [Frame("GS")]
    assert (await RapiReboot(wire).reboot(force=True)).verdict is Verdict.PROVED


async def test_where_nobody_knows_what_it_does_it_is_left_alone() -> None:
    wire = Wire("GS")
    assert (await RapiReboot(wire).reboot()).verdict is Verdict.UNANSWERED and wire.asked == [Frame("GS")]


class Booting(Charger):
    """Says nothing to ``$FR`` but that it booted."""

    def received(self, data: bytes) -> bytes:
        if b"$FR" in data:
            self.say("$AB 00 8.2.3.EU")
            return b""
        return super().received(data)


@needs_terminals
async def test_over_a_cable_its_records_show_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.rapi.dialogue.TIMEOUT_S", 0.1)

    async with plugged_in(tmp_path, lambda wire: Booting(wire).alive()) as visit:
        visit.there.answers["GS"] = "01 0 01 0200"
        await visit.until(visit.known)
        outcome = await visit.session.able.reboot()
        assert (outcome.verdict, outcome.text) == (Verdict.PROVED, "It has booted again ($AB).")
        shown = [visit.session.tape[number].data[:4] for number in outcome.records]
        assert shown == [b"$FR ", b"$AB "]


@needs_terminals
async def test_who_waits_for_a_boot_goes_on_with_it(tmp_path: Path) -> None:
    async with plugged_in(tmp_path, charger) as visit:
        await visit.until(visit.known)
        line = visit.session.serial
        assert isinstance(line, RapiLine)
        assert not await line.booted(line.boots, 0.01), "it has not booted"
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            waiting = group.create_task(line.booted(line.boots, 600))
            await asyncio.sleep(0)  # it begins to wait
            visit.there.say("$AB 00 8.2.3.EU")
        assert waiting.result()
