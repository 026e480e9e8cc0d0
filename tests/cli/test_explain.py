"""``techtool config explain``: what a setting means, without a charger."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from tests.cli.running import environment


def explained(*words: str) -> Any:
    return CliRunner().invoke(app, ["config", "explain", *words], env={"COLUMNS": "100"})


def test_a_key_is_explained_with_what_it_takes_and_what_to_look_out_for() -> None:
    ran = explained("heartbeatinterval")
    assert ran.exit_code == 0, ran.stderr
    first, *_ = ran.stdout.split("\n\n")
    assert first.startswith("HeartbeatInterval   OCPP 1.6, Core, required\n  How long the line may be silent")
    assert "takes    whole number, 0 or more, 1 to 86400 make sense, in s" in first
    assert "makes some chargers flood" in " ".join(first.split())
    assert "KEBA" in ran.stdout and "OCPPCommCtrlr/HeartbeatInterval   OCPP 2.0.1 and 2.1" in ran.stdout
    assert all(len(line) <= 100 for line in ran.stdout.splitlines())


def test_of_one_version_alone() -> None:
    ran = explained("HeartbeatInterval", "--ocpp", "2.0.1")
    assert ran.stdout.startswith("OCPPCommCtrlr/HeartbeatInterval") and "KEBA" not in ran.stdout
    ran = explained("SampledDataCtrlr/TxUpdatedMeasurands", "--ocpp", "2.0.1")
    assert "Energy.Apparent.Net" in ran.stdout and "Display.PresentSOC" not in ran.stdout
    ran = explained("SampledDataCtrlr/TxUpdatedMeasurands", "--ocpp", "2.1")
    assert "Display.PresentSOC" in ran.stdout


def test_a_makes_own_says_how_sure_it_is() -> None:
    ran = explained("FreeModeActive")
    assert "Vestel EVC04 / Webasto Unite, not in the standard\n" in ran.stdout
    assert "known    name sure, meaning partly inferred" in ran.stdout
    assert "takes    TRUE or FALSE" in ran.stdout
    ran = explained("LogStreamingEnabled")
    assert "Only its name is known" in ran.stdout and ran.exit_code == 0


def test_a_script_gets_all_of_it() -> None:
    ran = explained("MeterValuesSampledData", "--json")
    document = json.loads(ran.stdout)
    assert (document["command"], document["charger"], document["verdict"]) == ("config explain", None, "proved")
    (fact,) = document["result"]["facts"]
    assert (fact["type"], fact["access"], fact["profile"], fact["versions"]) == ("list", "RW", "Core", ["1.6"])
    assert "Voltage" in fact["members"]["1.6"] and fact["make"] is None
    (fact,) = json.loads(explained("WebSocketPingInterval", "--ocpp", "1.6", "--json").stdout)["result"]["facts"]
    assert (fact["least"], fact["most"], fact["usual"], fact["unit"]) == (0, None, [0, 3600], "s")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["HartbeatInterval"], "techtool knows no setting HartbeatInterval. Perhaps: HeartbeatInterval"),
        (["zz[red]zz\x1b"], "techtool knows no setting zz[red]zz"),
        (["HeartbeatInterval", "--ocpp", "3"], "'3' is none of 1.6, 2.0.1 and 2.1."),
        (["FreeModeActive", "--ocpp", "2.1"], "techtool knows no setting FreeModeActive in OCPP 2.1."),
    ],
)
def test_what_nobody_knows_is_said_with_what_may_have_been_meant(words: list[str], said: str) -> None:
    ran = explained(*words)
    assert ran.exit_code == 2 and said in ran.stderr and "\x1b" not in ran.stderr and ran.stdout == ""
    if "--ocpp" not in words:
        document = json.loads(explained(*words, "--json").stdout)
        assert document["error"]["code"] == "unknown-setting"


def test_it_needs_neither_a_charger_nor_what_speaks_to_one() -> None:
    code = "import sys; from techtool.cli.app import app; app(['config', 'explain', 'HeartbeatInterval'], "
    code += (
        "standalone_mode=False); print([one for one in ('textual', 'ocpp', 'websockets') if one in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=50
    )
    assert ran.stdout.splitlines()[-1] == "[]", ran.stdout + ran.stderr
