from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cli.forked import Ran
from tests.cli.ports import simulated
from tests.cli.running import techtool
from tests.serviceport.chargers import charger
from tests.serviceport.ptys import cable, needs_terminals

pytestmark = needs_terminals
HEIDELBERG = "heidelberg-energy-control"


async def looked(folder: Path, *options: str, silent: bool = False, deaf: bool = False) -> Ran:
    with cable(folder) as wire:
        async with charger(wire) as there:
            there.silent, there.deaf = silent, deaf
            words = ("probe", str(wire.device), *options)
            return await asyncio.to_thread(techtool, *words, journal=folder / "j.sqlite3")


async def test_what_is_there_is_said_with_its_evidence(tmp_path: Path) -> None:
    ran = await looked(tmp_path)
    assert ran.code == 0
    assert 'OpenEVSE             100 %  it says "$OK 8.2.3.EU 5.2.1", with the right checksum' in ran.out
    assert f"Go on with: techtool --serial {tmp_path / 'ttyUSB0'}" in ran.out


async def test_a_script_gets_candidates(tmp_path: Path) -> None:
    ran = await looked(tmp_path, "--json")
    assert (ran.code, ran.json["verdict"], ran.json["result"]["advice"]) == (0, "proved", None)
    (one,) = ran.json["result"]["candidates"]
    assert (one["protocol"], one["sure"]) == ("openevse", 100)


async def test_nothing_is_exit_3_with_what_to_look_at(tmp_path: Path) -> None:
    ran = await looked(tmp_path, silent=True)
    assert ran.code == 3 and "are RX and TX crossed" in ran.out


async def test_one_that_only_talks_is_exit_5_and_nobody_is_sent_on(tmp_path: Path) -> None:
    ran = await looked(tmp_path, deaf=True)
    assert ran.code == 5 and "OpenEVSE             100 %" in ran.out
    assert "half-open wiring" in ran.out and "Go on with" not in ran.out
    ran = await looked(tmp_path, "--json", deaf=True)
    assert (ran.code, ran.json["verdict"]) == (5, "accepted") and "TX on its RX" in ran.json["result"]["advice"]


async def test_in_a_flood_an_openevse_is_found(tmp_path: Path) -> None:
    async with simulated(tmp_path, "", "openevse", "--quirk", "flood") as there:
        ran = await asyncio.to_thread(techtool, "probe", str(there.device), journal=tmp_path / "j.sqlite3")
        assert ran.code == 0 and "OpenEVSE             100 %" in ran.out, "its answer is found, not only its news"


def test_a_port_that_cannot_be_opened_is_exit_1(tmp_path: Path) -> None:
    ran = techtool("probe", str(tmp_path / "none"), "--json", journal=tmp_path / "j.sqlite3")
    assert (ran.code, ran.json["error"]["code"]) == (1, "port")


async def test_a_box_on_an_rs485_line_is_found(tmp_path: Path) -> None:
    async with simulated(tmp_path, HEIDELBERG, "modbus", HEIDELBERG, "--unit", "2") as there:
        ran = await asyncio.to_thread(
            techtool, "probe", str(there.device), "--unit", "2", journal=tmp_path / "j.sqlite3"
        )
        assert ran.code == 0, ran.err
        assert "unit 2, 19200 baud 8E1: read of input 5 gave" in ran.out
        assert f"Go on with: techtool --serial {there.device} --profile {HEIDELBERG} --unit 2" in ran.out
        assert "Nothing is written" in ran.err and "9600 baud 8N1 ..." in ran.err
        ran = await asyncio.to_thread(
            techtool, "probe", str(there.device), "--unit", "3", "--json", journal=tmp_path / "j.sqlite3"
        )
        advice = ran.json["result"]["advice"]
        assert ran.code == 3 and advice.endswith("--scan asks all units, which takes minutes.")


def test_one_unit_and_all_of_them_is_wrong_usage() -> None:
    ran = techtool("probe", "x", "--scan", "--unit", "2", "--json")
    assert ran.code == 2 and "--scan asks all units, --unit only one." in ran.json["error"]["text"]
