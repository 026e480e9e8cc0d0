from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from techtool.cli.arguments import completed, plain, wants_json
from techtool.cli.linking import BootAnswer, Linking, for_demo


def test_without_options_nothing_needs_to_be_parsed() -> None:
    assert plain([], {"HOME": "/home/k"}) == Linking("0.0.0.0", 9000)
    assert plain(["demo"], {}) == for_demo() == Linking("127.0.0.1", 0, demo="ocpp1.6")


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--id", "CP1"], Linking(identity="CP1")),
        (["--listen", "127.0.0.1:9100", "--ocpp", "2.0.1"], Linking("127.0.0.1", 9100, protocol="ocpp2.0.1")),
        (["--password", "geheim", "--journal", "x.db"], Linking(password=b"geheim", journal=Path("x.db"))),
        (["--serial", "/dev/ttyUSB0", "--baud", "9600"], Linking(serial="/dev/ttyUSB0", baud=9600)),
        (["--boot", "Pending:20"], Linking(boot=BootAnswer("Pending", 20))),
        (["--demo", "--boot", "rejected"], replace(for_demo(), boot=BootAnswer("Rejected"))),
        (["demo", "2.1"], for_demo("ocpp2.1")),
        (["demo", "--journal", "x.db"], replace(for_demo(), journal=Path("x.db"))),
        (["--demo"], for_demo()),
        (["--demo", "openevse"], for_demo("openevse")),
        (["demo", "OpenEVSE"], for_demo("openevse")),
        (["--demo", "2.0.1", "--listen", "9100"], for_demo("ocpp2.0.1", 9100)),
    ],
)
def test_options_that_are_written_plainly_need_no_typer(arguments: list[str], wanted: Linking) -> None:
    assert plain(arguments, {}) == wanted


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["status"],
            ["--help"],
            ["--listen=9100"],
            ["--listen"],
            ["--listen", "x"],
            ["--id", "--json"],
            ["--id", ""],
            ["--boot", "yes"],
            ["--boot", "accepted:0"],
            ["--boot", "accepted:"],
            ["--strict"],
        ),
        *(["--ocpp", "3.0"], ["demo", "3.0"], ["demo", "--id", "X"], ["--baud", "12"], ["--id", "A", "--id", "B"]),
        *(["--wait", "3"], ["--demo", "1.6", "--password", "x"], ["status", "--id", "CP1"]),
    ],
)
def test_whatever_else_was_said_is_left_to_typer(arguments: list[str]) -> None:
    assert plain(arguments, {}) is None


@pytest.mark.parametrize("name", ["TECHTOOL_LISTEN", "_TECHTOOL_COMPLETE"])
def test_the_environment_says_something_too(name: str) -> None:
    assert plain([], {name: "x"}) is None


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["--demo"], ["--demo", "1.6"]),
        (["status", "--demo", "--json"], ["status", "--demo", "1.6", "--json"]),
        (["call", "--demo", "Heartbeat"], ["call", "--demo", "1.6", "Heartbeat"]),
        (["--demo", "2.1"], ["--demo", "2.1"]),
        (["--demo", "ocpp2.0.1", "status"], ["--demo", "ocpp2.0.1", "status"]),
        (["--demo", "1.7"], ["--demo", "1.7"]),
        (["--demo=2.1"], ["--demo=2.1"]),
        ([], []),
    ],
)
def test_the_demo_may_leave_out_its_version(given: list[str], meant: list[str]) -> None:
    assert completed(given) == meant


@pytest.mark.parametrize(
    ("given", "variables", "wanted"),
    [
        (["status"], {}, False),
        (["status", "--json"], {}, True),
        (["status"], {"TECHTOOL_JSON": "1"}, True),
        (["status"], {"TECHTOOL_JSON": "Yes"}, True),
        (["status"], {"TECHTOOL_JSON": "0"}, False),
        (["status"], {"TECHTOOL_JSON": " False "}, False),
        (["status"], {"TECHTOOL_JSON": ""}, False),
        (["status", "--json"], {"TECHTOOL_JSON": "0"}, True),
    ],
)
def test_who_wants_json(given: list[str], variables: dict[str, str], wanted: bool) -> None:
    assert wants_json(given, variables) is wanted


@pytest.mark.parametrize("value", ["0", "false", " Off ", "1", "on", "Y", "T"])
def test_the_variable_means_the_same_to_typer(value: str, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["trace", "list", "--journal", str(tmp_path / "none")], env={"TECHTOOL_JSON": value}
    )
    assert ran.stdout.startswith("{") is wants_json([], {"TECHTOOL_JSON": value})
