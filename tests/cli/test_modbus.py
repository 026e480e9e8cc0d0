"""A simulated box in one process, commands in another."""

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

from techtool.cli.checking import OptionError, line_format, linking
from techtool.cli.linking import Linking
from techtool.serviceport.profiles.common import Line
from tests.cli.running import Ran, command, environment, techtool

terminals = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")
HEIDELBERG = "heidelberg-energy-control"


class Box:
    """``techtool simulate modbus`` in another process."""

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

    def where(self, name: str = HEIDELBERG) -> tuple[str, ...]:
        journal = self.device.parent / "j.sqlite3"
        return ("--serial", str(self.device), "--profile", name, "--journal", str(journal))

    async def run(self, *words: str, name: str = HEIDELBERG) -> Ran:
        process = await asyncio.create_subprocess_exec(
            *command(*words, *self.where(name)), stdout=PIPE, stderr=PIPE, env=environment()
        )
        out, err = await process.communicate()
        assert process.returncode is not None
        return Ran(process.returncode, out.decode(), err.decode())


@asynccontextmanager
async def box(folder: Path, name: str = HEIDELBERG) -> AsyncIterator[Box]:
    link = folder / "ttyBOX"
    process = await asyncio.create_subprocess_exec(
        *command("simulate", "modbus", name, "--link", str(link), "--json"),
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
@pytest.mark.parametrize("name", [HEIDELBERG, "abl-emh1"])
async def test_status_is_the_same_document_as_of_ocpp(tmp_path: Path, name: str) -> None:
    async with box(tmp_path, name) as there:
        there.type("amps 12")
        there.type("car C")
        there.type("help")
        await there.reported("car A|B|C|D")
        ran = await there.run("status", "--json", "--settle", "0.2", name=name)
    assert ran.code == 0, ran.err
    told = ran.json
    assert (told["command"], told["verdict"], told["charger"]["protocol"]) == ("status", "proved", "modbus")
    (evse,) = told["result"]["evses"]
    assert evse["connectors"][0]["status"] == "Charging"
    currents = [one["value"] for one in evse["meter"] if one["measurand"] == "Current.Import"]
    assert currents == [12.0, 12.0, 12.0]


@terminals
async def test_registers_are_read_written_and_judged(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        ran = await there.run("call", "read", '["input", 5, 3]', "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved")
        assert ran.json["result"] == {"space": "input", "address": 5, "values": [3, 0, 0]}
        ran = await there.run("call", "write", '["holding", 261, 120]')
        assert ran.code == 2 and "--force sends it anyway" in ran.err
        ran = await there.run("call", "write", '["holding", 261, 120]', "--force", "--json")
        assert (ran.code, ran.json["result"]) == (0, {"written": [120], "read": [120]})
        ran = await there.run("call", "read", '["holding", 261]', "--json")
        assert ran.json["result"]["values"] == [120]
        ran = await there.run("call", "read", '["holding", 999]', "--json")
        assert (ran.code, ran.json["verdict"], ran.json["result"]) == (1, "refused", {"exception": 2})
        ran = await there.run("call", "read", '["input", 70000]')
        assert ran.code == 2 and "addresses go from 0 to 65535" in ran.err
        ran = await there.run("call", "GS")
        assert ran.code == 2 and "is neither read nor write" in ran.err


@terminals
async def test_events_come_and_a_silent_box_is_told_of(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        process = await asyncio.create_subprocess_exec(
            *command("listen", "--json", *there.where()), stdout=PIPE, stderr=PIPE, env=environment()
        )
        assert process.stdout is not None

        async def event(name: str) -> dict[str, object]:
            assert process.stdout is not None
            while True:
                told: dict[str, object] = json.loads(await process.stdout.readline())
                if told["event"] == name:
                    return told

        try:
            assert (await event("listening"))["device"] == str(there.device)
            assert (await event("connected"))["protocol"] == "modbus"
            assert (await event("status"))["status"] == "Available"
            there.type("fault")
            assert (await event("status"))["error"] == "OtherError"
            there.type("silent on")
            assert "No answer to the read of input" in str((await event("finding"))["text"])
            there.type("quit")
            assert (await event("disconnected"))["by"] == "port"
            process.send_signal(signal.SIGINT)
            await process.communicate()
            assert process.returncode == 130
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


@terminals
async def test_who_says_nothing_is_exit_3_with_what_to_look_at(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        there.type("silent on")
        there.type("help")
        await there.reported("car A|B|C|D")
        ran = await there.run("status", "--wait", "1.5", "--json")
    assert ran.code == 3 and ran.json["error"]["code"] == "no-charger"
    assert "is A on A and B on B, is its unit 1, is the line 19200 baud 8N1" in ran.json["error"]["text"]


@terminals
async def test_a_box_with_another_unit_is_not_there_until_it_is_named(tmp_path: Path) -> None:
    link = tmp_path / "ttyBOX"
    process = await asyncio.create_subprocess_exec(
        *command("simulate", "modbus", HEIDELBERG, "--unit", "7", "--link", str(link)),
        stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment(),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert (await process.stdout.readline()).decode() == f"modbus on {link}\n"
        there = Box(process, link)
        ran = await there.run("status", "--unit", "7", "--settle", "0.2", "--protocol", "modbus")
        assert ran.code == 0, ran.err
        assert "Available" in ran.out
    finally:
        process.kill()
        await process.communicate()


def wanted(
    serial: str | None = "/dev/ttyUSB0",
    *,
    baud: int | None = None,
    protocol: str = "auto",
    profile: str | None = None,
    unit: int | None = None,
) -> Linking:
    return linking(serial=serial, baud=baud, protocol=protocol, profile=profile, unit=unit)


def test_speed_and_format_are_the_profiles_unless_they_are_given() -> None:
    found = wanted(profile="mennekes-compact")
    assert (found.baud, found.format) == (57_600, "8N2") and found.chosen is not None
    assert wanted(profile="mennekes-compact", baud=9600).baud == 9600
    assert (wanted().baud, wanted().format, wanted().chosen) == (115_200, "8N1", None)
    found = wanted(profile="mennekes-compact", unit=50, protocol="Modbus")
    assert found.chosen is not None and found.chosen.unit == 50


@terminals
def test_a_pseudo_terminal_knows_no_parity() -> None:
    line = Line(19_200, "8E1", "8N1")
    assert line_format("/dev/ttyUSB0", line) == "8E1"
    import os
    import pty

    ends = pty.openpty()
    assert line_format(os.ttyname(ends[1]), line) == "8N1"
    for end in ends:
        os.close(end)


@pytest.mark.parametrize(
    ("given", "option", "sentence"),
    [
        ({"serial": None, "profile": HEIDELBERG}, "--profile", "say with --serial which one"),
        ({"serial": None, "protocol": "modbus"}, "--protocol", "say with --serial which one"),
        ({"serial": None, "unit": 1}, "--unit", "say with --serial which one"),
        ({"protocol": "profibus"}, "--protocol", "is none of auto, openevse, modbus"),
        ({"protocol": "modbus"}, "--protocol", "say with --profile which box it is"),
        ({"protocol": "openevse", "profile": HEIDELBERG}, "--profile", "has no profile"),
        ({"unit": 3}, "--unit", "say with --profile"),
        ({"profile": HEIDELBERG, "unit": 248}, "--unit", "from 1 to 247"),
        ({"profile": "heidelburg-energy-control"}, "--profile", "is no profile"),
        ({"profile": "zephyr-shell", "protocol": "modbus"}, "--protocol", "is no modbus profile"),
        ({"profile": HEIDELBERG, "protocol": "console"}, "--protocol", "is no console profile"),
        ({"profile": "zephyr-shell", "unit": 1}, "--unit", "Only Modbus has units"),
        ({"profile": "/nowhere/box.toml"}, "--profile", "cannot be read"),
    ],
)
def test_options_that_do_not_fit_are_explained(given: dict[str, object], option: str, sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence) as caught:
        wanted(**given)  # type: ignore[arg-type]
    assert caught.value.option == option


def test_a_broken_profile_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "box.toml"
    file.write_text("schema = 1\nid = ")
    ran = techtool("status", "--serial", "/dev/ttyUSB0", "--profile", str(file))
    assert ran.code == 2 and "box.toml:2" in ran.err.replace("\n", "").replace("│", "").replace(" ", "")


def test_a_simulated_box_wants_a_profile() -> None:
    ran = techtool("simulate", "modbus", "no-such-box")
    assert ran.code == 2 and "is no profile" in ran.err


def test_a_simulated_box_has_registers() -> None:
    ran = techtool("simulate", "modbus", "zephyr-shell")
    assert ran.code == 2 and "has no registers" in ran.err


def test_pymodbus_is_loaded_only_for_a_modbus_box() -> None:
    import subprocess

    code = (
        "import sys\n"
        "import techtool.cli.app, techtool.cli.checking, techtool.screens.app, techtool.session, techtool.trace\n"
        "techtool.cli.checking.linking(serial='x', profile='abl-emh1')\n"
        "print([one for one in ('pymodbus', 'serial') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
