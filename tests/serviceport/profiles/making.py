"""Small profiles for the tests, each whole but for what the test changes."""

from __future__ import annotations

from techtool.serviceport.profiles import ConsoleProfile, ModbusProfile, load_text
from techtool.serviceport.profiles.model import Setting

MODBUS = """\
schema = 1
id = "a-box"
transport = "modbus-rtu"
source = "the vendor's table, 2026"
[line]
baud = 19200
format = "8E1"
"""
"""Seven lines: what a test adds begins on line 8."""
CONSOLE = """\
schema = 1
id = "a-menu"
transport = "console"
source = "its source"
[line]
baud = 115200
format = "8N1"
[console]
max_line = 40
"""
"""Nine lines: what a test adds begins on line 10."""


def modbus(more: str = "") -> ModbusProfile:
    loaded = load_text(MODBUS + more, "box.toml")
    assert isinstance(loaded.profile, ModbusProfile), [str(one) for one in loaded.problems]
    return loaded.profile


def console(more: str = "") -> ConsoleProfile:
    loaded = load_text(CONSOLE + more, "menu.toml")
    assert isinstance(loaded.profile, ConsoleProfile), [str(one) for one in loaded.problems]
    return loaded.profile


def one_setting(more: str) -> Setting:
    (made,) = modbus(f'[config.it]\nspace = "holding"\naddress = 1\nrisk = "service"\n{more}\n').settings
    return made


def problems(text: str) -> list[str]:
    """What a file says, as ``line: sentence``."""
    loaded = load_text(text, "x.toml")
    assert (loaded.profile is None) == bool(loaded.problems)
    return [f"{one.line}: {one.text}" for one in loaded.problems]
