"""A box with registers starts anew: only its silence shows it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.reboot import RegisterReboot
from techtool.serviceport.profiles.registers import Space
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict
from techtool.station.records import Record
from tests.serviceport.modbus.boxes import plugged
from tests.serviceport.modbus.direct import Wire
from tests.serviceport.ptys import needs_terminals

PHOENIX = "phoenix-ev-ser"
RESTART, STATE = (Space.COIL, 21000), (Space.HOLDING, 24000)


class Restarting(Wire):
    """Falls silent for so many questions once it was told."""

    def __init__(self, silent: int) -> None:
        super().__init__(PHOENIX)
        self.left = silent

    async def call(self, command: Ask, within: float | None = None) -> Ended:
        if self.box.restarts and not command.writes and self.left:
            self.left -= 1
            return Ended(1, command, Ending.TIMED_OUT, None, 1.0, True)
        return await super().call(command, within)

    async def opened(self) -> None:
        raise AssertionError("it was never closed")

    def all_since(self, mark: int) -> list[Record]:
        return []


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.restarting.BETWEEN_S", 0.0)
    monkeypatch.setattr("techtool.serviceport.restarting.STEADY_S", 0.02)
    monkeypatch.setattr("techtool.serviceport.restarting.BACK_S", 0.2)


async def reboot(wire: Restarting, *, force: bool = False) -> Outcome:
    assert wire.profile.reboot is not None
    return await RegisterReboot(wire, wire.profile, wire.profile.reboot).reboot(force=force)


async def test_a_silence_and_an_answer_after_it_prove_it() -> None:
    wire = Restarting(2)
    outcome = await reboot(wire)
    assert outcome.verdict is Verdict.PROVED and "it was silent for" in outcome.text and wire.box.restarts == 1


async def test_one_that_goes_on_answering_is_only_accepted() -> None:
    outcome = await reboot(Restarting(0))
    assert outcome.verdict is Verdict.ACCEPTED and "that it started anew was not seen" in outcome.text


async def test_one_that_restarts_before_it_answers_is_proved_too() -> None:
    wire = Restarting(1)
    wire.lost.add(RESTART)
    wire.box.restarts = 1
    wire.left = 0

    async def call(command: Ask, within: float | None = None) -> Ended:
        if command.writes:
            wire.left = 1
        return await Restarting.call(wire, command, within)

    wire.call = call  # type: ignore[method-assign]
    outcome = await reboot(wire)
    assert outcome.verdict is Verdict.PROVED and "was not answered; it was silent" in outcome.text


async def test_one_that_refuses_and_one_that_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    away = await reboot(Restarting(10**9))
    assert away.verdict is Verdict.UNANSWERED and "it has not come back" in away.text
    wire = Restarting(0)
    monkeypatch.setattr(wire.box.memory, "write", lambda space, address, words: False)
    assert (await reboot(wire)).verdict is Verdict.REFUSED


async def test_a_session_is_not_ended_without_force() -> None:
    wire = Restarting(1)
    wire.box.car = "C"
    wire.box.measure()
    with pytest.raises(CallRefusedError, match=r"It is charging \(state C2\): .* --force does it"):
        await reboot(wire)
    assert wire.box.restarts == 0
    assert (await reboot(wire, force=True)).verdict is Verdict.PROVED
    wire.lost.add(STATE)
    assert (await reboot(wire)).verdict is Verdict.UNANSWERED and wire.box.restarts == 1


@needs_terminals
async def test_over_a_cable_its_records_show_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with plugged(tmp_path, PHOENIX, timeout_ms=100, gap_ms=5) as visit:
        await visit.until(visit.known)
        box, loop = visit.there.box, asyncio.get_running_loop()
        carry = visit.there.carry

        def wake() -> None:
            box.silent = False

        def dark(data: bytes) -> None:
            carry(data)
            if box.restarts and not box.silent:
                box.silent, visit.there.carry = True, carry
                loop.call_later(0.5, wake)

        visit.there.carry = dark
        monkeypatch.setattr("techtool.serviceport.restarting.BACK_S", 5.0)
        monkeypatch.setattr("techtool.serviceport.restarting.STEADY_S", 5.0)
        outcome = await visit.session.able.reboot()
        assert outcome.verdict is Verdict.PROVED and len(outcome.records) >= 4, outcome.text
