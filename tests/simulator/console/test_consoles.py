"""The simulated consoles, as their sources and a recorded dialogue have them."""

from __future__ import annotations

import pytest

from techtool.simulator.console.menu import Menu
from techtool.simulator.console.script import USAGE, Command, parse
from techtool.simulator.console.shell import Shell
from techtool.simulator.script import ScriptError


def test_zephyr_says_what_was_recorded() -> None:
    shell = Shell()
    assert shell.received(b"\r") == b"\r\n\x1b[1;32muart:~$ \x1b[m"
    assert (
        shell.received(b"kernel version\r")
        == b"kernel version\r\nZephyr version 4.4.0\r\n\x1b[1;32muart:~$ \x1b[m"
    )
    assert b"\x1b[1;31mnosuch: command not found" in shell.received(b"nosuch 1\r")
    assert b"Booting Zephyr" in shell.received(b"kernel reboot cold\r")


def test_smartevse_asks_and_saves_also_what_it_refuses() -> None:
    menu = Menu()
    assert menu.received(b"MAX\r").endswith(b"set to: 13 A\nEnter new MAX Charge Current (6-80): ")
    said = menu.received(b"90\r")
    assert b"settings saved" in said and b"Error! please check limits" in said and said.endswith(b">")
    assert (menu.values["MAX"], menu.saved) == ("13", 1)
    menu.received(b"MODE\r")
    assert b"settings saved" not in menu.received(b"FAST\r") and menu.saved == 1
    assert menu.received(b"STATE?\r").startswith(b"STATE?\r\nEVSE0:A(16.0A),")
    menu.received(b"LOCK\r")
    assert menu.received(b"\r").endswith(b">"), "an empty line leaves"


def test_keys_can_be_taken_back_and_faults_be_switched_on() -> None:
    menu = Menu()
    assert menu.received(b"MAXX\x08\r").endswith(b"(6-80): ")
    menu.silent = True
    assert menu.received(b"x\r") == b"" and menu.reboot() == b""
    menu.silent, menu.garbled = False, True
    assert all(byte & 0x80 for byte in menu.received(b"\r"))
    menu.garbled = False
    assert menu.chat() == b""
    menu.chatty = True
    assert menu.chat() == b"STATE A->B\n"


def test_script() -> None:
    assert parse("# x") is None and parse("  ") is None
    assert parse("car c") == Command("car", car="C") and parse("silent on") == Command("silent", on=True)
    for usage in USAGE.values():
        command = parse(usage.replace("on|off", "on").replace("A|B|C|D", "A"))
        assert command is not None and command.name == usage.split()[0]
    for wrong in ("fly", "car", "car X", "silent maybe", "quit now"):
        with pytest.raises(ScriptError):
            parse(wrong)
