"""A simulated box in one process, commands in another."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from techtool.cli.checking import OptionError, linking
from techtool.serviceport.chosen import Chosen
from tests.cli.ports import Simulated, listening_at, run_at, simulated
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.ptys import needs_terminals

HEIDELBERG = "heidelberg-energy-control"


def box(folder: Path, name: str = HEIDELBERG) -> AbstractAsyncContextManager[Simulated]:
    return simulated(folder, name, "modbus", name)


@needs_terminals
@pytest.mark.parametrize("name", [HEIDELBERG, "abl-emh1"])
async def test_status_is_the_same_document_as_of_ocpp(tmp_path: Path, name: str) -> None:
    async with box(tmp_path, name) as there:
        await there.do("amps 12", "car C")
        ran = await there.run("status", "--json", "--settle", "0.2")
    assert ran.code == 0, ran.err
    told = ran.json
    assert (told["command"], told["verdict"], told["charger"]["protocol"]) == ("status", "proved", "modbus")
    (evse,) = told["result"]["evses"]
    assert evse["connectors"][0]["status"] == "Charging"
    currents = [one["value"] for one in evse["meter"] if one["measurand"] == "Current.Import"]
    assert currents == [12.0, 12.0, 12.0]


@needs_terminals
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


@needs_terminals
async def test_events_come_and_a_silent_box_is_told_of(tmp_path: Path) -> None:
    async with box(tmp_path) as there, listening_at(there.device, "--profile", HEIDELBERG) as listener:
        assert (await listener.event("listening"))["device"] == str(there.device)
        assert (await listener.event("connected"))["protocol"] == "modbus"
        assert (await listener.event("status"))["status"] == "Available"
        there.type("fault")
        assert (await listener.event("status"))["error"] == "OtherError"
        there.type("silent on")
        assert "No answer to the read of input" in (await listener.event("finding"))["text"]
        there.type("quit")
        assert (await listener.event("disconnected"))["by"] == "port"
        listener.interrupt()
        assert (await listener.ended()).code == 130


@needs_terminals
async def test_who_says_nothing_is_exit_3_with_what_to_look_at(tmp_path: Path) -> None:
    async with box(tmp_path) as there:
        await there.do("silent on")
        ran = await there.run("status", "--wait", "1.5", "--json")
    assert ran.code == 3 and ran.json["error"]["code"] == "no-charger"
    assert "is A on A and B on B, is its unit 1, is the line 19200 baud 8N1" in ran.json["error"]["text"]


@needs_terminals
async def test_a_box_with_another_unit_is_not_there_until_it_is_named(tmp_path: Path) -> None:
    link = tmp_path / "ttyBOX"
    async with started("simulate", "modbus", HEIDELBERG, "--unit", "7", "--link", str(link)) as there:
        assert await there.line() == f"modbus on {link}\n"
        words = ("--unit", "7", "--settle", "0.2", "--protocol", "modbus", "--profile", HEIDELBERG)
        ran = await run_at(link, "status", *words)
    assert ran.code == 0, ran.err
    assert "Available" in ran.out


wanted = partial(linking, serial="/dev/ttyUSB0")


def test_speed_and_format_are_the_profiles_unless_they_are_given() -> None:
    found = wanted(profile="mennekes-compact")
    assert (found.baud, found.format) == (57_600, "8N2") and found.chosen is not None
    assert wanted(profile="mennekes-compact", baud=9600).baud == 9600
    assert (wanted().baud, wanted().format, wanted().chosen) == (115_200, "8N1", None)
    found = wanted(profile="mennekes-compact", unit=50, protocol="Modbus")
    assert isinstance(found.chosen, Chosen) and found.chosen.unit == 50


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
