"""``techtool config save`` and ``diff``, as a technician and a script meet them."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from techtool.jobs.saved import parse
from tests.cli.forked import Ran
from tests.cli.running import techtool


def run(folder: Path, *words: str) -> Ran:
    return techtool("config", *words, "--demo", "1.6", "--wait", "20", journal=folder / "j.sqlite3")


def test_what_was_saved_is_the_same_and_what_was_changed_is_told(tmp_path: Path) -> None:
    file = tmp_path / "as-found.toml"
    ran = run(tmp_path, "save", str(file), "--json")
    assert (ran.code, ran.json["verdict"], ran.json["charger"]["identity"]) == (0, "proved", "DEMO-001")
    result = ran.json["result"]
    kept = parse(file.read_text(encoding="utf-8"))
    assert result["settings"] == len(kept.all) > 40 and result["file"] == str(file) and len(result["sha256"]) == 64
    assert (kept.charger["protocol"], kept.charger["vendor"]) == ("ocpp1.6", "Techtool")
    assert run(tmp_path, "diff", str(file)).code == 0
    changed = file.read_text(encoding="utf-8").replace('HeartbeatInterval = "300"', "HeartbeatInterval = 60")
    other = tmp_path / "wanted.toml"
    other.write_text(
        changed.replace('LocalPreAuthorize = "false"', 'LocalPreAuthorize = "False"'), encoding="utf-8"
    )
    ran = run(tmp_path, "diff", str(other))
    assert ran.code == 1 and "HeartbeatInterval  60           300" in ran.out and "LocalPre" not in ran.out
    assert f"1 of {len(kept.all)} settings differ: wanted.toml and DEMO-001." in ran.err


def test_two_files_need_no_charger_and_a_password_is_not_shown(tmp_path: Path) -> None:
    left, right = tmp_path / "a.toml", tmp_path / "b.toml"
    left.write_text('[settings]\nWifiPassword = "geheim1"\nA = "1"\n', encoding="utf-8")
    right.write_text('\ufeff[settings]\nWifiPassword = "geheim2"\nA = 1\n', encoding="utf-8")
    ran = techtool("config", "diff", str(left), str(right), "--json")
    assert ran.code == 1 and ran.json["charger"] is None and "geheim" not in ran.out + ran.err
    assert ran.json["result"]["different"] == [{"name": "WifiPassword", "left": "********", "right": "********"}]
    ran = techtool("config", "diff", str(left), str(right))
    assert ran.code == 1 and "geheim" not in ran.out + ran.err and "********" in ran.out


def test_secrets_are_written_for_nobody_elses_eyes(tmp_path: Path) -> None:
    file = tmp_path / "all.toml"
    assert run(tmp_path, "save", str(file), "--secrets").code == 0
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"[settings", "It is no TOML"),
        (b"\xff\xfe", "It is no text in UTF-8."),
        (b"x = 1", "It has no table [settings]."),
    ],
)
def test_what_is_no_such_file_is_said_before_a_charger_is_waited_for(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_bytes(content)
    ran = techtool(
        "config", "diff", str(file), "--json", "--listen", "127.0.0.1:0", journal=tmp_path / "j.sqlite3"
    )
    assert ran.code == 2 and said in ran.json["error"]["text"]


def test_no_file_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("mine")
    ran = techtool("config", "save", str(file), "--listen", "127.0.0.1:0", journal=tmp_path / "j.sqlite3")
    assert ran.code == 2 and "exists already; nothing was read" in ran.err and file.read_text() == "mine"


WANTED = """[settings]
heartbeatinterval = 60
LightIntensity = 80
AuthorizeRemoteTxRequests = "maybe"
NumberOfConnectors = 3
AuthorizationKey = "00112233445566778899aabbccddeeff"
Nosuch = "1"
"""


def test_a_file_is_applied_setting_by_setting(tmp_path: Path) -> None:
    file = tmp_path / "depot.toml"
    file.write_text(WANTED)
    ran = run(tmp_path, "apply", str(file), "--dry-run")
    assert ran.code == 1 and ran.out == "" and "00112233" not in ran.err
    assert "send          HeartbeatInterval: 300 -> 60" in ran.err
    assert "1 of 6 settings were as wanted, 1 would be sent, 4 would not." in ran.err
    ran = run(tmp_path, "apply", str(file), "--json")
    assert (ran.code, ran.json["verdict"]) == (1, "contradicted") and "00112233" not in ran.out + ran.err
    fates = {one["name"]: (one["fate"], one["verdict"]) for one in ran.json["result"]["settings"]}
    assert fates == {
        "HeartbeatInterval": ("send", "proved"),
        "LightIntensity": ("same", None),
        "AuthorizeRemoteTxRequests": ("unfit", None),
        "NumberOfConnectors": ("read only", None),
        "AuthorizationKey": ("dangerous", None),
        "Nosuch": ("missing", None),
    }
    file.write_text("[settings]\nHeartbeatInterval = 60\n")
    ran = run(tmp_path, "apply", str(file), "--json")
    assert (ran.code, ran.json["verdict"]) == (0, "proved")
    assert "0 of 1 settings were as wanted, 1 of 1 that were to be sent are now." in ran.err
