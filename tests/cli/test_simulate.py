"""``techtool simulate openevse`` in another process."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import typer

from techtool.cli.simulate import openevse
from techtool.serviceport.port import Port, Settings
from techtool.simulator.openevse.quirks import QUIRKS
from tests.cli.running import command, environment, techtool

terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


@asynccontextmanager
async def simulator(*words: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *command("simulate", "openevse", *words), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment()
    )
    try:
        async with asyncio.timeout(30):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def first_line(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode()


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


@terminals
async def test_a_session_at_the_device_it_names() -> None:
    async with simulator() as process:
        words = (await first_line(process)).split()
        assert words[:2] == ["openevse", "on"]
        await told(words[2], b"$GV :2A^5C\r", b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        assert process.stdin is not None
        process.stdin.write(b"quit\n")
        assert await process.wait() == 0


@terminals
async def test_the_end_of_its_input_ends_nothing_and_ctrl_c_does(tmp_path: Path) -> None:
    link = tmp_path / "tty"
    async with simulator("--json", "--link", str(link)) as process:
        assert json.loads(await first_line(process)) == {"device": str(link)}
        assert process.stdin is not None
        process.stdin.close()
        await told(str(link), b"$GV :2A^5C\r", b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        assert (process.returncode, out) == (130, b"")
        assert b"Traceback" not in err
    assert not link.is_symlink()


def test_its_quirks_are_listed_and_checked() -> None:
    listed = techtool("simulate", "openevse", "--quirks")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == sorted(QUIRKS)
    wrong = techtool("simulate", "openevse", "--quirk", "split,nonsense", "--json")
    assert wrong.code == 2
    assert "no such quirk: nonsense" in wrong.json["error"]["text"]


@terminals
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
    assert "needs a pseudo terminal" in capsys.readouterr().err
