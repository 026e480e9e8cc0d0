"""``techtool config`` at service ports, in another process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.cli.config import _code as code
from techtool.serviceport.profiles import named
from techtool.station.settings import Listed, Setting
from tests.cli.forked import Ran
from tests.cli.ports import journal_at, run_at, simulated
from tests.cli.running import techtool
from tests.cli.started import started
from tests.serviceport.chargers import Charger, charger
from tests.serviceport.ptys import Cable, cable, needs_terminals

HEIDELBERG, SMART, ZEPHYR = "heidelberg-energy-control", "smartevse-v2-cli", "zephyr-shell"
FIELDS = {"name", "value", "readonly", "type", "unit", "known"}


@needs_terminals
async def test_a_box_with_registers_is_listed_set_and_proved(tmp_path: Path) -> None:
    async with simulated(tmp_path, HEIDELBERG, "modbus", HEIDELBERG) as there:
        ran = await there.run("config", "list", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["command"]) == (0, "proved", "config list")
        listed = ran.json["result"]
        assert (listed["unknown"], listed["silent"]) == ([], [])
        assert all(set(one) == FIELDS for one in listed["settings"])
        ran = await there.run("config", "set", "max_current", "12", "--force", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
        assert ran.json["result"] == {"written": "12.0", "read": "12.0"}
        ran = await there.run("config", "get", "max_current")
        assert ran.code == 0 and ran.out.split()[:3] == ["max_current", "12.0", "A"]
        ran = await there.run("config", "set", "max_current", "abc", "--json")
        assert ran.code == 2 and ran.json["error"]["code"] == "refused"
        assert "'abc' is no number" in ran.json["error"]["text"]
        ran = await there.run("config", "get", "colour")
        assert ran.code == 2 and "there are:" in ran.err


@needs_terminals
async def test_an_openevse_tells_what_it_does_not_have(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with charger(wire) as there:
            there.answers |= {"G3": "0", "GH": "0"}
            ran = await run_at(wire.device, "config", "list")
            assert ran.code == 0 and "current_a" in ran.out
            assert "It does not show: " in ran.err and "voltmeter" in ran.err
            ran = await run_at(wire.device, "config", "get", "current_a", "voltmeter", "--json")
            assert (ran.code, ran.json["verdict"]) == (1, "refused")
            assert ran.json["result"]["unknown"] == ["voltmeter"]


@needs_terminals
@pytest.mark.parametrize("name", ["abb-terra-ac", "abl-emh1"])
async def test_what_can_only_be_set_is_no_missing_answer(tmp_path: Path, name: str) -> None:
    async with simulated(tmp_path, name, "modbus", name) as there:
        ran = await there.run("config", "list", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["error"]) == (0, "proved", None), ran.err
        first, *_ = (one["name"] for one in ran.json["result"]["settings"])
        ran = await there.run("config", "list")
        assert ran.code == 0 and first in ran.out and "cannot be read, only set" in ran.err
        ran = await there.run("config", "get", first, "--json")
        assert (ran.code, ran.json["verdict"]) == (6, None)
        assert ran.json["error"] == {"code": "unable", "text": f"{first} cannot be read, only set."}
        await there.do("silent on")
        ran = await run_at(there.device, "config", "list", "--profile", name, "--wait", "1", "--json")
        assert ran.code == 3


def test_silence_and_refusals_are_no_write_only_settings() -> None:
    told, hidden = Setting("a", "1"), Setting("b", None, writeonly=True)
    assert code(Listed((told, hidden)), all_wanted=False) == 0
    assert code(Listed((told, hidden)), all_wanted=True) == 6
    assert code(Listed((hidden,), silent=("c",)), all_wanted=False) == 4
    assert code(Listed((hidden,), silent=("c",)), all_wanted=True) == 4
    assert code(Listed((hidden,), unknown=("c",)), all_wanted=True) == 1
    assert code(Listed((hidden,), unknown=("c",)), all_wanted=False) == 1, "it answers, and shows nothing"
    assert code(Listed((hidden,), ("c",), ("d",)), all_wanted=False) == 4
    assert code(Listed((hidden, Setting("d", None))), all_wanted=False) == 4


@needs_terminals
async def test_what_has_no_settings_is_exit_6(tmp_path: Path) -> None:
    async with simulated(tmp_path, ZEPHYR, "console", "zephyr") as there:
        ran = await there.run("config", "list", "--json")
        assert ran.code == 6 and ran.json["error"]["code"] == "unable"
        assert ran.json["charger"]["protocol"] == "console"


def demo(version: str, journal: Path, *words: str) -> Ran:
    return techtool("config", *words, "--demo", version, "--wait", "20", "--json", journal=journal / "j.sqlite3")


@pytest.mark.parametrize(
    ("version", "name"),
    [("1.6", "HeartbeatInterval"), *((one, "OCPPCommCtrlr/HeartbeatInterval") for one in ("2.0.1", "2.1"))],
)
def test_over_ocpp_it_reads_and_writes_in_every_version(tmp_path: Path, version: str, name: str) -> None:
    ran = demo(version, tmp_path, "list")
    assert (ran.code, ran.json["verdict"], ran.json["result"]["silent"]) == (0, "proved", [])
    found = {one["name"]: one for one in ran.json["result"]["settings"]}
    assert len(found) > 40
    wanted = {"name": name, "value": "300", "readonly": False, "type": "number", "unit": "s", "known": True}
    assert found[name] == wanted
    ran = demo(version, tmp_path, "set", name, "120")
    assert (ran.code, ran.json["verdict"], ran.json["result"]) == (0, "proved", {"written": "120", "read": "120"})
    ran = demo(version, tmp_path, "set", name, "abc")
    assert ran.code == 2 and f'{name} "abc" is no whole number' in ran.json["error"]["text"]
    ran = demo(version, tmp_path, "get", name, "No/Such")
    assert (ran.code, ran.json["result"]["unknown"]) == (1, ["No/Such"])
    assert [one["value"] for one in ran.json["result"]["settings"]] == ["300"], "each demo begins anew"


def test_a_key_of_16_is_no_name_in_2x(tmp_path: Path) -> None:
    ran = demo("2.0.1", tmp_path, "get", "HeartbeatInterval")
    assert ran.code == 2 and "Perhaps OCPPCommCtrlr/HeartbeatInterval?" in ran.json["error"]["text"]


def test_what_cannot_be_taken_back_wants_force(tmp_path: Path) -> None:
    ran = demo("1.6", tmp_path, "set", "AuthorizationKey", "00112233445566778899aabbccddeeff")
    assert ran.code == 2 and "calls again with the new password" in ran.json["error"]["text"]
    assert "00112233" not in ran.out + ran.err


@needs_terminals
async def test_a_password_among_the_settings_is_masked(tmp_path: Path) -> None:
    file = tmp_path / "box.toml"
    file.write_text(named(HEIDELBERG).text.replace("[config.max_current]", "[config.wifi_password]"))
    async with simulated(tmp_path, str(file), "modbus", str(file)) as there:
        ran = await there.run("config", "set", "wifi_password", "12", "--force", "--json")
        assert ran.code == 0 and ran.json["result"] == {"written": "********", "read": "********"}
        assert "wifi_password = ******** was taken" in ran.err and "12" not in ran.err.split(":", 1)[1]
        ran = await there.run("config", "get", "wifi_password", "--json")
        assert ran.json["result"]["settings"][0]["value"] == "********"
        assert "********" in (await there.run("config", "get", "wifi_password")).out


class Hesitates(Charger):
    """It takes a new current in, and does not answer that."""

    def __init__(self, wire: Cable) -> None:
        super().__init__(wire)
        self.took = asyncio.Event()

    def received(self, data: bytes) -> bytes:
        if b"$SC" in data:
            self.took.set()
            return b""
        return super().received(data)


@needs_terminals
async def test_ctrl_c_says_that_nobody_knows_whether_it_was_written(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with Hesitates(wire).alive() as there:
            there.answers["GC"] = "6 32 16 32"
            where = ("--serial", str(wire.device), "--journal", str(journal_at(wire.device)))
            async with started("config", "set", "current_a", "20", "--json", *where) as setting:
                async with asyncio.timeout(20):
                    await there.took.wait()
                setting.interrupt()
                ran = await setting.ended()
            assert ran.code == 130 and ran.json["result"] == {"name": "current_a", "written": None}
            assert "Whether current_a was written is unknown" in ran.err
