"""``techtool simulate openevse`` in another process."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
import typer

from techtool.cli.simulate import openevse
from techtool.serviceport.port import Port, Settings
from techtool.simulator.openevse.quirks import QUIRKS
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.ptys import needs_terminals


async def told(device: str, question: bytes, answer: bytes) -> None:
    port = await Port.open(Settings(device))
    try:
        heard = b""
        while answer not in heard:
            if b"$AT 01" in heard or not heard:
                port.write(question)
            heard += await port.read()
    finally:
        await port.close()


@needs_terminals
async def test_a_session_at_the_device_it_names() -> None:
    async with asyncio.timeout(30), started("simulate", "openevse") as simulator:
        words = (await simulator.line()).split()
        assert words[:2] == ["openevse", "on"]
        await told(words[2], b"$GV :2A^5C\r", b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        simulator.type("quit")
        assert await simulator.process.wait() == 0


@needs_terminals
async def test_the_end_of_its_input_ends_nothing_and_ctrl_c_does(tmp_path: Path) -> None:
    link = tmp_path / "tty"
    words = ("simulate", "openevse", "--json", "--link", str(link))
    async with asyncio.timeout(30), started(*words) as simulator:
        assert json.loads(await simulator.line()) == {"device": str(link)}
        simulator.stdin.close()
        await told(str(link), b"$GV :2A^5C\r", b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        simulator.interrupt()
        ran = await simulator.ended()
        assert (ran.code, ran.out) == (130, "")
        assert "Traceback" not in ran.err
    assert not link.is_symlink()


def test_its_quirks_are_listed_and_checked() -> None:
    listed = techtool("simulate", "openevse", "--quirks")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == sorted(QUIRKS)
    wrong = techtool("simulate", "openevse", "--quirk", "split,nonsense", "--json")
    assert wrong.code == 2
    assert "no such quirk: nonsense" in wrong.json["error"]["text"]


@needs_terminals
def test_a_name_that_is_taken_is_exit_1(tmp_path: Path) -> None:
    taken = tmp_path / "tty"
    taken.touch()
    ran = techtool("simulate", "openevse", "--link", str(taken))
    assert ran.code == 1 and "cannot be made" in ran.err


def test_where_there_are_no_pseudo_terminals_it_is_exit_6(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pty", None)
    with pytest.raises(typer.Exit) as ended:
        openevse()
    assert ended.value.exit_code == 6
    assert "--socket 0" in capsys.readouterr().err


async def test_a_port_is_given_out_over_tcp_and_commands_reach_it(tmp_path: Path) -> None:
    async with started("simulate", "openevse", "--socket", "0", "--json") as there:
        device = json.loads(await there.line())["device"]
        assert device.startswith("socket://127.0.0.1:")
        words = ("status", "--json", "--settle", "0.2", "--serial", device)
        ran = await asyncio.to_thread(techtool, *words, journal=tmp_path / "j.sqlite3")
        assert ran.code == 0, ran.err
        assert ran.json["charger"]["protocol"] == "openevse"


def test_a_socket_has_no_link(tmp_path: Path) -> None:
    ran = techtool("simulate", "openevse", "--socket", "0", "--link", str(tmp_path / "tty"))
    assert ran.code == 2 and "leave --link out" in ran.err
