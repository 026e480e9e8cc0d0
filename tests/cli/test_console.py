"""Consoles at a service port, from one process to another."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from techtool.cli.checking import linking
from techtool.serviceport.chosen import Chosen
from tests.cli.ports import Simulated, journal_at, listening_at, simulated
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.ptys import needs_terminals

SMART, ZEPHYR = "smartevse-v2-cli", "zephyr-shell"
PROFILES = {"smartevse": SMART, "zephyr": ZEPHYR}


def box(folder: Path, kind: str = "smartevse") -> AbstractAsyncContextManager[Simulated]:
    return simulated(folder, PROFILES[kind], "console", kind)


@needs_terminals
async def test_status_is_the_same_document_as_of_ocpp(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        await there.do("car C", "chatter on")
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


@needs_terminals
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
        await there.do("stubborn on")
        ran = await there.run("call", "set", '["MIN", 7]', "--json")
        assert (ran.code, ran.json["verdict"]) == (1, "contradicted")


@needs_terminals
async def test_a_shell_has_no_status_and_that_is_said(tmp_path: Path) -> None:
    async with box(tmp_path, "zephyr") as there:
        ran = await there.run("status", "--settle", "0.2")
        assert ran.code == 6 and "4.4.0" in ran.out and "knows nothing of charging" in ran.err
        ran = await there.run("call", "nosuch 1", "--json")
        assert (ran.code, ran.json["result"]) == (1, ["nosuch: command not found"])
        ran = await there.run("call", "help", "--json")
        assert ran.code == 5 and "Available commands:" in ran.json["result"]


@needs_terminals
async def test_a_terminal_tells_every_line_and_the_trace_goes_on(tmp_path: Path) -> None:
    async with box(tmp_path) as there, listening_at(there.device, "--protocol", "console") as listener:
        assert (await listener.event("connected"))["protocol"] == "console"
        there.type("chat")
        assert (await listener.event("text"))["text"] == "STATE A->B"
        there.type("reboot")
        assert (await listener.event("text"))["text"] == "Smart EVSE powerup."
        there.type("garble on")
        there.type("reboot")
        assert "no whole frame" in (await listener.event("finding"))["text"]
        async with started("trace", "show", "--follow", "--journal", str(journal_at(there.device))) as follow:
            there.type("quit")
            assert (await listener.event("disconnected"))["by"] == "port"
            listener.interrupt()
            assert (await listener.ended()).code == 130
            shown = (await follow.ended()).out
        assert "STATE A->B" in shown and "port lost" in shown


@needs_terminals
@pytest.mark.parametrize(("kind", "name"), PROFILES.items())
async def test_a_probe_says_how_to_go_on(tmp_path: Path, kind: str, name: str) -> None:
    async with box(tmp_path, kind) as there:
        ran = await asyncio.to_thread(techtool, "probe", str(there.device), journal=journal_at(there.device))
    assert f"Go on with: techtool --serial {there.device} --profile {name}" in ran.out


@needs_terminals
async def test_who_says_nothing_is_exit_3_with_what_to_look_at(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        await there.do("silent on")
        ran = await there.run("status", "--wait", "1.5", "--json")
    assert ran.code == 3 and "are RX and TX crossed" in ran.json["error"]["text"]


def test_a_console_without_a_profile_is_a_terminal() -> None:
    found = linking(serial="/dev/ttyUSB0", protocol="console")
    assert isinstance(found.chosen, Chosen) and found.chosen.entry.profile.id == "generic-console"
    assert linking(serial="/dev/ttyUSB0", protocol="console", profile=SMART).chosen is not None


def test_there_are_two_consoles() -> None:
    ran = techtool("simulate", "console", "keba")
    assert ran.code == 2 and "is none of smartevse, zephyr" in ran.err
