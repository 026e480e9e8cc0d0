"""Consoles at a service port, from one process to another."""

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

from tests.cli.running import Ran, command, environment, techtool
from tests.cli.test_modbus import wanted

terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
SMART, ZEPHYR = "smartevse-v2-cli", "zephyr-shell"


class Box:
    """``techtool simulate console`` in another process."""

    def __init__(self, process: Process, device: Path) -> None:
        self.process, self.device = process, device

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    async def reported(self, text: str) -> None:
        """Until it has said this."""
        assert self.process.stderr is not None
        while text.encode() not in (said := await self.process.stderr.readline()):
            assert said, f"it ended without saying {text!r}"

    def where(self, *profile: str) -> tuple[str, ...]:
        journal = self.device.parent / "j.sqlite3"
        return ("--serial", str(self.device), *profile, "--journal", str(journal))

    async def run(self, *words: str, name: str = SMART) -> Ran:
        process = await asyncio.create_subprocess_exec(
            *command(*words, *self.where("--profile", name)), stdout=PIPE, stderr=PIPE, env=environment()
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return Ran(process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def box(folder: Path, kind: str = "smartevse") -> AsyncIterator[Box]:
    link = folder / "ttyBOX"
    process = await asyncio.create_subprocess_exec(
        *command("simulate", "console", kind, "--link", str(link), "--json"),
        stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert json.loads(await process.stdout.readline()) == {"device": str(link)}
        yield Box(process, link)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@terminals
async def test_status_is_the_same_document_as_of_ocpp(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        there.type("car C")
        there.type("chatter on")
        there.type("help")
        await there.reported("car A|B|C|D")
        ran = await there.run("status", "--json", "--settle", "0.2")
    assert ran.code == 0, ran.err
    told = ran.json
    assert (told["verdict"], told["charger"]["protocol"], told["charger"]["firmware"]) == (
        "proved",
        "console",
        "2.20",
    )
    (evse,) = told["result"]["evses"]
    assert evse["connectors"][0]["status"] == "Charging"


@terminals
async def test_lines_and_settings_by_command(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        ran = await there.run("call", "STATE?", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
        assert ran.json["result"][0].startswith("EVSE0:A(16.0A)")
        ran = await there.run("call", "set", '["MAX", 16]')
        assert ran.code == 2 and "The box does not know its fuse" in ran.err and "--force" in ran.err
        ran = await there.run("call", "set", '["MAX", 16]', "--force", "--json")
        assert (ran.code, ran.json["result"]) == (0, {"written": "16", "read": "16 A"})
        ran = await there.run("call", "get", '["MAX"]', "--json")
        assert (ran.code, ran.json["result"]) == (0, {"MAX": "16 A"})
        ran = await there.run("call", "STATE?\rMODE")
        assert ran.code == 2 and "cannot be typed" in ran.err
        there.type("stubborn on")
        there.type("help")
        await there.reported("car A|B|C|D")
        ran = await there.run("call", "set", '["MIN", 7]', "--json")
        assert (ran.code, ran.json["verdict"]) == (1, "contradicted")


@terminals
async def test_a_shell_has_no_status_and_that_is_said(tmp_path: Path) -> None:
    async with box(tmp_path, "zephyr") as there:
        ran = await there.run("status", "--settle", "0.2", name=ZEPHYR)
        assert ran.code == 6 and "4.4.0" in ran.out and "knows nothing of charging" in ran.err
        ran = await there.run("call", "nosuch 1", "--json", name=ZEPHYR)
        assert (ran.code, ran.json["result"]) == (1, ["nosuch: command not found"])
        ran = await there.run("call", "help", "--json", name=ZEPHYR)
        assert ran.code == 5 and "Available commands:" in ran.json["result"]


@terminals
async def test_a_terminal_tells_every_line_and_the_trace_goes_on(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        process = await asyncio.create_subprocess_exec(
            *command("listen", "--json", *there.where("--protocol", "console")),
            stdout=PIPE, stderr=PIPE, env=environment(),
        )  # fmt: skip
        assert process.stdout is not None

        async def event(name: str) -> dict[str, object]:
            assert process.stdout is not None
            async with asyncio.timeout(20):
                while True:
                    told: dict[str, object] = json.loads(await process.stdout.readline())
                    if told["event"] == name:
                        return told

        try:
            assert (await event("connected"))["protocol"] == "console"
            there.type("chat")
            assert (await event("text"))["text"] == "STATE A->B"
            there.type("reboot")
            assert (await event("text"))["text"] == "Smart EVSE powerup."
            there.type("garble on")
            there.type("reboot")
            assert "no whole frame" in str((await event("finding"))["text"])
            follow = await asyncio.create_subprocess_exec(
                *command("trace", "show", "--follow", "--journal", str(tmp_path / "j.sqlite3")),
                stdout=PIPE, env=environment(),
            )  # fmt: skip
            there.type("quit")
            assert (await event("disconnected"))["by"] == "port"
            process.send_signal(signal.SIGINT)
            await process.communicate()
            assert process.returncode == 130
            shown, _ = await follow.communicate()
            assert "STATE A->B" in shown.decode() and "port lost" in shown.decode()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@terminals
@pytest.mark.parametrize(("kind", "name"), [("smartevse", SMART), ("zephyr", ZEPHYR)])
async def test_a_probe_says_how_to_go_on(tmp_path: Path, kind: str, name: str) -> None:
    async with box(tmp_path, kind) as there:
        process = await asyncio.create_subprocess_exec(
            *command("probe", str(there.device), "--journal", str(tmp_path / "j.sqlite3")),
            stdout=PIPE, stderr=PIPE, env=environment(),
        )  # fmt: skip
        out, _ = await process.communicate()
    assert f"Go on with: techtool --serial {there.device} --profile {name}" in out.decode()


@terminals
async def test_who_says_nothing_is_exit_3_with_what_to_look_at(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        there.type("silent on")
        there.type("help")
        await there.reported("car A|B|C|D")
        ran = await there.run("status", "--wait", "1.5", "--json")
    assert ran.code == 3 and "are RX and TX crossed" in ran.json["error"]["text"]


def test_a_console_without_a_profile_is_a_terminal() -> None:
    found = wanted(protocol="console")
    assert found.chosen is not None and found.chosen.entry.profile.id == "generic-console"
    assert wanted(protocol="console", profile=SMART).chosen is not None


def test_there_are_two_consoles() -> None:
    ran = techtool("simulate", "console", "keba")
    assert ran.code == 2 and "is none of smartevse, zephyr" in ran.err
