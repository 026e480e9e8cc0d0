"""A device with a console starts anew, where a profile says how."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.serviceport.profiles import named
from techtool.simulator.console.shell import Shell
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.records import Kind
from tests.serviceport.console.consoles import SMART, ZEPHYR, plugged
from tests.serviceport.ptys import needs_terminals

pytestmark = needs_terminals


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.restarting.STEADY_S", 0.2)
    monkeypatch.setattr("techtool.serviceport.console.dialogue.TIMEOUT_S", 0.1)
    monkeypatch.setattr("techtool.serviceport.console.reboot.PROBE_S", 0.1)


async def test_it_says_that_it_starts_and_answers_again(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.able.reboot()
        assert outcome.verdict is Verdict.PROVED, outcome.text
        said = 'The "kernel reboot cold" was accepted; it said that it starts, and it answers again.'
        assert outcome.text == said
        shown = [visit.session.tape[number] for number in outcome.records]
        assert shown[0].data == b"kernel reboot cold\r"
        assert any(one.kind is Kind.CHATTER and b"*** Booting Zephyr" in one.data for one in shown)
        assert visit.station.boot is not None


async def test_a_device_without_it_refuses(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)
        assert isinstance(visit.there.console, Shell)
        visit.there.console.restarts = False
        outcome = await visit.session.able.reboot()
        assert outcome.verdict is Verdict.REFUSED
        said = "kernel reboot cold was refused: Please specify a subcommand. This device may not have it."
        assert outcome.text == said


async def test_one_that_says_nothing_of_a_start_is_only_accepted(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)
        shell = visit.there.console
        shell.started = lambda: shell.entered("")  # type: ignore[method-assign]
        outcome = await visit.session.able.reboot()
        assert outcome.verdict is Verdict.ACCEPTED and "was not seen" in outcome.text


async def test_one_that_falls_silent_has_not_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.restarting.BACK_S", 0.3)
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)

        def gone() -> bytes:
            visit.there.console.silent = True
            return b""

        visit.there.console.started = gone  # type: ignore[method-assign]
        outcome = await visit.session.able.reboot()
        assert outcome.verdict is Verdict.UNANSWERED and "it has not come back" in outcome.text


async def test_a_menu_whose_profile_knows_how_is_not_restarted_out_of_a_session(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(named(SMART).text + '\n[reboot]\nsend = "BOOT\\r"\nexpect = "powerup"\n')
    async with plugged(tmp_path, SMART, mine) as visit:
        await visit.until(visit.known)
        visit.there.menu.car = "C"
        with pytest.raises(CallRefusedError, match=r"It is charging \(state C.*--force"):
            await visit.session.able.reboot()
        assert b"BOOT" not in visit.there.typed
