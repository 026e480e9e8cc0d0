"""``techtool profile``, as a technician and a script meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from tests.cli.running import environment, techtool
from tests.serviceport.profiles.making import MODBUS

SHAPE = {"command", "charger", "verdict", "result", "findings", "error"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's own profiles lie in this test."""
    monkeypatch.setattr("techtool.serviceport.profiles.library.own_folder", lambda: tmp_path)
    return tmp_path


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["profile", *words], env={"COLUMNS": "100"})


def test_the_list_tells_what_each_can_do(folder: Path) -> None:
    ran = run("list")
    assert ran.exit_code == 0
    assert "heidelberg-energy-control    modbus-rtu  status, config, auth" in ran.stdout
    assert len(ran.stdout.splitlines()) == 8
    assert str(folder) in ran.stderr


def test_own_profiles_are_listed_and_broken_ones_are_said(folder: Path) -> None:
    (folder / "a.toml").write_text(MODBUS.replace("a-box", "abl-emh1"))
    (folder / "b.toml").write_text(MODBUS + "bogus = 1\n")
    ran = run("list")
    assert ran.exit_code == 0
    assert f"Your {folder / 'a.toml'} is used instead of the abl-emh1 that comes with techtool." in ran.stdout
    assert f"{folder / 'b.toml'}:8: [line] has a key " in ran.stderr
    told = json.loads(run("list", "--json").stdout)
    assert set(told) == SHAPE and (told["command"], told["verdict"]) == ("profile list", "proved")
    (mine,) = [one for one in told["result"]["profiles"] if one["origin"] == "own"]
    assert mine["id"] == "abl-emh1" and mine["note"].startswith("Your ")
    (problem,) = told["result"]["problems"]
    assert (problem["line"], problem["file"]) == (8, str(folder / "b.toml"))


def test_a_profile_is_shown_with_places_ranges_and_doubts(folder: Path) -> None:
    ran = run("show", "phoenix-ev-ser")
    assert ran.exit_code == 0
    said = " ".join(ran.stdout.split())
    assert "max_current holding 22000 (0x55F0) u16, safety: most that the car may take takes 6 to 63 A" in said
    assert "NOT VERIFIED. 0 is no error. The page counts bits up to 16" in said
    assert "no firmware: The manual documents no firmware update over Modbus." in said
    assert "Not verified, see their notes: line, info.switches_a, status.error_bits." in said
    assert "reboot 1 to coil 21000" in said


@pytest.mark.parametrize("name", ["smartevse-v2-cli", "mennekes-compact", "abl-emh1", "generic-console"])
def test_every_kind_of_profile_is_shown_in_words_and_as_a_document(folder: Path, name: str) -> None:
    assert run("show", name).exit_code == 0
    told = json.loads(run("show", name, "--json").stdout)
    assert set(told) == SHAPE and told["charger"] is None
    result = told["result"]
    assert {"id", "name", "transport", "origin", "abilities", "cannot", "unverified", "line", "status"} <= set(
        result
    )
    assert all(one["takes"] for one in result["settings"])


def test_a_document_has_every_place(folder: Path) -> None:
    result = json.loads(run("show", "heidelberg-energy-control", "--json").stdout)["result"]
    current = next(one for one in result["status"] if one["name"] == "current_a")
    assert (current["space"], current["address"], current["count"], current["scale"]) == ("input", 6, 3, 0.1)
    limit = next(one for one in result["settings"] if one["name"] == "max_current")
    assert (limit["takes"], limit["risk"]) == ("0 or 6.0 to 16.0 A", "safety")
    assert result["auth"][0]["grant"] == 1 and result["unverified"] == []


def test_a_name_that_is_nobodys_is_exit_2(folder: Path) -> None:
    ran = run("show", "heidelberg-energy")
    assert ran.exit_code == 2 and 'did you mean "heidelberg-energy-control"?' in ran.stderr
    told = json.loads(run("show", "zzz", "--json").stdout)
    assert told["error"]["code"] == "no-profile"


def test_a_broken_file_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "box.toml"
    file.write_text(MODBUS + "bogus = 1\nmore = 2\n")
    ran = run("show", str(file))
    assert ran.exit_code == 2 and ran.stdout == ""
    assert f"{file}:8: " in ran.stderr and f"{file}:9: " in ran.stderr
    told = json.loads(run("show", str(file), "--json").stdout)
    assert told["error"]["code"] == "profile" and [one["line"] for one in told["result"]["problems"]] == [8, 9]


def test_check_tells_every_problem_with_file_and_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(MODBUS)
    bad.write_text(MODBUS.replace("19200", '"fast"') + "bogus = 1\n")
    ran = run("check", str(good), str(bad))
    assert ran.exit_code == 2
    assert ran.stdout.splitlines() == [
        f"{good}: fine. a-box, modbus-rtu: raw only.",
        f'{bad}:6: baud must be a whole number from 300 to 4000000, not "fast".',
        f'{bad}:8: [line] has a key "bogus" that techtool does not know; known here: baud, format, test_override, '
        "source, note, verified.",
    ]
    assert ran.stderr == "2 problems in 1 file.\n"
    assert run("check", str(good)).exit_code == 0


def test_check_for_scripts(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("schema = = 1\n")
    ran = run("check", str(bad), "--json")
    told = json.loads(ran.stdout)
    assert ran.exit_code == 2 and set(told) == SHAPE
    assert told["verdict"] == "refused" and told["error"] == {"code": "profile", "text": "1 problem in 1 file."}
    (file,) = told["result"]["files"]
    assert (file["id"], file["problems"][0]["line"]) == (None, 1)


def test_check_says_that_a_shipped_one_is_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(MODBUS.replace("a-box", "abl-emh1"))
    assert "it is used instead of the one of this id that comes with techtool" in run("check", str(file)).stdout


def test_nothing_in_a_file_moves_the_cursor(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(MODBUS.replace("vendor", "\\u001b[2Jvendor").replace("a-box", "x"))
    assert "\x1b" not in run("show", str(file)).stdout


def test_it_is_there_as_a_program_and_teaches() -> None:
    ran = techtool("profile", "--help")
    assert ran.code == 0
    for word in ("list", "show", "check"):
        assert f" {word} " in ran.out
    assert "docs/service-port-profiles.md explains every key" in " ".join(
        techtool("profile", "check", "--help").out.split()
    )
    assert techtool("profile", "list", XDG_CONFIG_HOME="/nonexistent").code == 0


def test_help_reads_no_profile() -> None:
    script = (
        "import sys\nfrom techtool.cli import main\nsys.argv = ['techtool', 'profile', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('HEAVY', sorted(one for one in sys.modules if 'serviceport' in one or one == 'tomllib'))\n"
    )
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    assert ran.stdout.endswith("HEAVY []\n"), ran.stdout
