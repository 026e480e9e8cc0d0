"""The simulated consoles, as their sources and a recorded dialogue have them."""

from __future__ import annotations

from techtool.simulator.console.device import CHAT_S, ConsoleDevice
from techtool.simulator.console.menu import Menu
from techtool.simulator.console.shell import Shell
from techtool.simulator.effects import Report
from techtool.simulator.serviceport.device import Say


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


def test_a_talkative_one_says_something_now_and_then() -> None:
    device = ConsoleDevice(Menu())
    assert device.due() == float("inf")
    assert device.command(10.0, "chatter on") == [] and device.due() == 10.0 + CHAT_S
    assert device.tick(10.0) == []
    assert device.tick(device.due()) == [Say(b"STATE A->B\n")]
    device.command(11.0, "chatter off")
    assert device.due() == float("inf")


def test_what_only_the_menu_knows_is_said_of_the_shell() -> None:
    (report,) = ConsoleDevice(Shell()).command(0.0, "car B")
    assert report == Report("problem", "Only the smartevse knows car.")
    menu = Menu()
    assert ConsoleDevice(menu).command(0.0, "car C") == [] and menu.car == "C"
