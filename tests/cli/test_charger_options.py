"""The options that lead to a charger, in front of a command of the test's own."""

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from techtool.cli.charger_options import for_a_charger
from techtool.cli.linking import Linking

seen: list[tuple[str, Linking, bool]] = []
app = typer.Typer()


@app.callback(invoke_without_command=True)
@for_a_charger(waits=False)
def front(wanted: Linking) -> None:
    seen.append(("front", wanted, False))


@app.command()
@for_a_charger()
def ask(
    action: Annotated[str, typer.Argument()] = "X",
    *,
    wanted: Linking,
    loud: Annotated[bool, typer.Option("--loud")] = False,
) -> None:
    seen.append((action, wanted, loud))


def run(*words: str, **environment: str) -> tuple[int, str]:
    seen.clear()
    result = CliRunner().invoke(app, words, env={f"TECHTOOL_{name}": value for name, value in environment.items()})
    return result.exit_code, result.output


def asked(*words: str, **environment: str) -> Linking:
    code, told = run("ask", *words, **environment)
    assert code == 0, told
    return seen[0][1]


def test_a_command_gets_what_they_mean_and_its_own() -> None:
    assert run("ask", "GS", "--serial", "ttyX", "--loud", "--wait", "3")[0] == 0
    assert seen == [("GS", Linking(serial="ttyX", wait=3.0), True)]


def test_without_a_command_the_front_gets_them() -> None:
    assert run("--listen", "9001")[0] == 0
    assert seen == [("front", Linking(port=9001), False)]
    code, told = run("--wait", "3")
    assert code == 2 and "--wait" in told, "it waits for ever"


def test_before_a_command_they_are_refused_and_variables_do_not_matter() -> None:
    code, told = run("--listen", "9001", "ask")
    assert code == 2 and "Options are given after the command" in told and not seen
    assert run("ask", "--listen", "9001", LISTEN="nonsense")[0] == 0
    assert [name for name, *_ in seen] == ["X"]


@pytest.mark.parametrize("name", ["DEMO", "OCPP", "PASSWORD", "BOOT", "STRICT"])
def test_a_variable_for_the_network_does_not_keep_from_a_port(name: str) -> None:
    assert asked("--serial", "ttyX", **{name: "1"}) == Linking(serial="ttyX")
    assert asked(SERIAL="ttyX", **{name: "1"}) == Linking(serial="ttyX")


@pytest.mark.parametrize("name", ["PROTOCOL", "PROFILE", "UNIT", "BAUD"])
def test_a_variable_for_a_port_does_not_keep_from_the_network(name: str) -> None:
    assert asked(**{name: "9600"}) == Linking()


def test_what_is_typed_decides_where_the_charger_is() -> None:
    assert asked("--listen", "9001", SERIAL="ttyX") == Linking(port=9001)
    assert asked("--ocpp", "1.6", SERIAL="ttyX").protocol == "ocpp1.6"
    assert asked("--unit", "2", "--profile", "abl-emh1", SERIAL="ttyX").serial == "ttyX"
    assert asked("--baud", "9600", SERIAL="ttyX") == Linking(serial="ttyX", baud=9600)


def test_what_is_typed_for_both_is_refused() -> None:
    code, told = run("ask", "--serial", "ttyX", "--ocpp", "1.6")
    assert code == 2 and "it is not OCPP" in told
    code, told = run("ask", "--unit", "3")
    assert code == 2 and "This is for a service port" in told
