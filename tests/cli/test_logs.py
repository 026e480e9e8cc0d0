"""``techtool logs``: what a console says by itself, from one process to another."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.ports import journal_at, run_at, simulated
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.chargers import charger, line
from tests.serviceport.ptys import cable, needs_terminals

SMART = "smartevse-v2-cli"


@needs_terminals
async def test_what_it_says_is_kept_with_its_time_until_ctrl_c(tmp_path: Path) -> None:
    log = tmp_path / "boot.log"
    async with simulated(tmp_path, SMART, "console", "smartevse") as there:
        where = ("--serial", str(there.device), "--journal", str(journal_at(there.device)))
        async with started("logs", "fetch", *where, "--protocol", "console", "--to", str(log)) as fetching:
            await fetching.words_with("Listening at")
            for command, text in (("chat", "STATE A->B"), ("reboot", "powerup")):
                while text not in log.read_text():  # nobody tells when the port is open
                    await there.do(command)
            fetching.interrupt()
            ran = await fetching.ended()
    assert ran.code == 130, ran.err
    lines = log.read_text().splitlines()
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3}  .+", line) for line in lines)
    assert {"STATE A->B", "Smart EVSE powerup."} <= {line[14:] for line in lines}


@needs_terminals
async def test_a_script_gets_its_lines_and_a_silent_device_said_nothing(tmp_path: Path) -> None:
    async with simulated(tmp_path, SMART, "console", "smartevse") as there:
        await there.do("chatter on")
        ran = await there.run("logs", "fetch", "--for", "2.5", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
        assert ran.json["result"]["count"] == len(ran.json["result"]["lines"]) > 0
        await there.do("chatter off")
        ran = await run_at(there.device, "logs", "fetch", "--for", "0.5", "--protocol", "console")
        assert ran.code == 4 and ran.out == "" and "It said nothing." in ran.err


@needs_terminals
async def test_an_openevse_tells_its_states_in_words(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there:
            there.carry = lambda answer: wire.say(b"\nrelayCloseMs: 100\r\n" + line("$AT 06 03 16 0582") + answer)
            ran = await run_at(wire.device, "logs", "fetch", "--for", "2")
            lines = [one[14:] for one in ran.out.splitlines()]
            assert ran.code == 0 and lines[:2] == [
                "relayCloseMs: 100",
                "$AT 06 03 16 0582   Faulted: GFCI tripped",
            ]
            assert not any("$OK" in one for one in lines), "answers are in the trace"
            there.carry = wire.say
            assert (await run_at(wire.device, "logs", "fetch", "--for", "1")).code == 4


@needs_terminals
async def test_what_has_no_log_says_why(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        ran = await run_at(wire.device, "logs", "fetch", "--profile", "heidelberg-energy-control")
        assert ran.code == 6 and "The error memory and the diagnostic registers" in ran.err
    ran = techtool("logs", "fetch", "--json")
    assert ran.code == 6 and "GetDiagnostics" in ran.json["error"]["text"]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept.log"
    kept.write_text("mine")
    ran = techtool("logs", "fetch", "--serial", "COM99", "--to", str(kept))
    assert ran.code == 2 and "exists already" in ran.err and kept.read_text() == "mine"
