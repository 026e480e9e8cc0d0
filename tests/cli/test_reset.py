"""``techtool reset`` at service ports, in another process."""

from __future__ import annotations

from pathlib import Path

from tests.cli.ports import run_at, simulated
from tests.cli.running import techtool
from tests.serviceport.console.consoles import SMART, ZEPHYR
from tests.serviceport.modbus.boxes import wired
from tests.serviceport.ptys import cable, needs_terminals

PHOENIX = "phoenix-ev-ser"


@needs_terminals
async def test_a_restart_is_proved_or_cannot_be_had(tmp_path: Path) -> None:
    async with simulated(tmp_path, ZEPHYR, "console", "zephyr") as there:
        ran = await there.run("reset", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["command"]) == (0, "proved", "reset"), ran.err
        assert ran.json["result"]["records"] and ran.json["error"] is None
        ran = await run_at(there.device, "reset", "--profile", SMART, "--wait", "0.5", "--json")
        assert ran.code == 3, "it is no SmartEVSE"


@needs_terminals
async def test_a_session_is_not_ended_and_a_box_that_refuses_is_exit_1(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with wired(wire, PHOENIX) as there:
            there.box.car = "C"
            there.box.measure()
            ran = await run_at(wire.device, "reset", "--profile", PHOENIX, "--json")
            assert (ran.code, ran.json["error"]["code"], there.box.restarts) == (2, "refused", 0)
            there.box.memory.write = lambda space, address, words: False  # type: ignore[method-assign]
            ran = await run_at(wire.device, "reset", "--profile", PHOENIX, "--force")
            assert ran.code == 1 and "was refused: it has no such address (2)." in ran.err


def test_over_ocpp_it_says_what_does_it(tmp_path: Path) -> None:
    ran = techtool("reset", "--demo", "1.6", "--wait", "20", "--json", journal=tmp_path / "j.sqlite3")
    assert ran.code == 6 and 'techtool call Reset \'{"type": "Soft"}\'' in ran.json["error"]["text"]
