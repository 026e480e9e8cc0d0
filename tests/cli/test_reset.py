"""``techtool reset``, in another process; what a wire cannot do is exit 6."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.ports import run_at, simulated
from tests.cli.running import techtool
from tests.serviceport.console.consoles import ZEPHYR
from tests.serviceport.modbus.boxes import wired
from tests.serviceport.ptys import cable, needs_terminals

PHOENIX = "phoenix-ev-ser"


@needs_terminals
async def test_a_shell_starts_anew_and_releases_nothing(tmp_path: Path) -> None:
    async with simulated(tmp_path, ZEPHYR, "console", "zephyr") as there:
        ran = await there.run("reset", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["command"]) == (0, "proved", "reset"), ran.err
        assert ran.json["result"]["records"] and ran.json["error"] is None
        ran = await there.run("auth", "test", "--json")
        assert ran.code == 6 and ran.json["error"]["text"] == "The shell has no command that releases charging."


@needs_terminals
async def test_a_box_that_refuses_is_exit_1(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with wired(wire, PHOENIX) as there:
            there.box.memory.write = lambda space, address, words: False  # type: ignore[method-assign]
            ran = await run_at(wire.device, "reset", "--profile", PHOENIX)
            assert ran.code == 1 and "was refused: it has no such address (2)." in ran.err


@pytest.mark.parametrize("version", ["1.6", "2.0.1", "2.1"])
def test_over_ocpp_a_boot_proves_it(tmp_path: Path, version: str) -> None:
    ran = techtool("reset", "--demo", version, "--force", "--json", journal=tmp_path / "j.sqlite3")
    assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
    assert "It has booted: Reset was answered Accepted." in ran.err
