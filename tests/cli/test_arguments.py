from __future__ import annotations

import pytest

from techtool.cli.arguments import completed, plain
from techtool.cli.linking import Linking, for_demo


def test_without_options_nothing_needs_to_be_parsed() -> None:
    assert plain([], {"HOME": "/home/k"}) == Linking("0.0.0.0", 9000)
    assert plain(["demo"], {}) == for_demo() == Linking("127.0.0.1", 0, demo="ocpp1.6")


@pytest.mark.parametrize("arguments", [["status"], ["--id", "CP1"], ["demo", "2.1"], ["--help"]])
def test_whatever_was_said_is_left_to_typer(arguments: list[str]) -> None:
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
