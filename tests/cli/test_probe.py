from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cli.running import Ran, techtool
from tests.serviceport.chargers import charger
from tests.serviceport.ptys import cable, needs_terminals

pytestmark = needs_terminals


async def looked(folder: Path, *options: str, silent: bool = False) -> Ran:
    with cable(folder) as wire:
        async with charger(wire) as there:
            there.silent = silent
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


def test_a_port_that_cannot_be_opened_is_exit_1(tmp_path: Path) -> None:
    ran = techtool("probe", str(tmp_path / "none"), "--json", journal=tmp_path / "j.sqlite3")
    assert (ran.code, ran.json["error"]["code"]) == (1, "port")
