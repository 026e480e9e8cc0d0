"""``techtool ports``, with the ports that the test makes up."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from techtool.cli.app import app
from techtool.interfaces import Holder
from techtool.serviceport.ports import PortSeen

USB = PortSeen(
    "/dev/ttyUSB0", "FT232R USB UART", "FTDI", "A50285BI", "0403:6001", "/dev/serial/by-id/usb-FTDI-if00", 1e9
)


def run(monkeypatch: pytest.MonkeyPatch, ports: list[PortSeen], *words: str) -> str:
    monkeypatch.setattr("techtool.serviceport.ports.look", lambda: ports)
    ran = CliRunner().invoke(app, ["ports", *words])
    assert ran.exit_code == 0
    return ran.stdout


def test_a_port_is_told_with_what_it_is_and_who_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = run(monkeypatch, [USB._replace(users=(Holder(4123, "minicom\x1b[31m"),))])
    assert "/dev/ttyUSB0" in said and "FT232R USB UART  FTDI  serial number A50285BI  USB 0403:6001" in said
    assert "/dev/serial/by-id/usb-FTDI-if00" in said
    assert "in use by another program (pid 4123, minicom" in said and "\x1b" not in said


def test_a_script_gets_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(run(monkeypatch, [USB, PortSeen("COM3")], "--json"))
    first, second = told["result"]["ports"]
    assert (first["serial_number"], first["since"], first["user"]) == (
        "A50285BI",
        "2001-09-09T01:46:40.000Z",
        None,
    )
    assert second["device"] == "COM3" and second["usb"] is None


def test_without_a_port_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, []) == "No serial port. Plug the cable in (Linux: are you in group dialout?).\n"
