"""What can be done to a simulated box, a line each."""

from __future__ import annotations

import math
from typing import NamedTuple

from techtool.simulator.script import ScriptError

USAGE: dict[str, str] = {
    "car": "car A|B|C|D",
    "amps": "amps AMPERES",
    "fault": "fault",
    "clear": "clear",
    "silent": "silent on|off",
    "echo": "echo on|off",
    "set": "set ADDRESS VALUE",
    "quit": "quit",
    "help": "help",
}
"""How each command is written."""
_CARS = ("A", "B", "C", "D")


class Command(NamedTuple):
    """A line that was understood."""

    name: str
    car: str = ""
    amps: float = 0.0
    on: bool = False
    address: int = 0
    value: int = 0


def parse(line: str) -> Command | None:
    """The command of a line, None if it holds none.

    Raises:
        ScriptError: with a sentence for the person who wrote the line.
    """
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    name, *rest = words[0].lower(), *words[1:]
    if name not in USAGE:
        raise ScriptError(f"No such command: {name}. There are: {', '.join(USAGE)}.")
    if len(words) != len(USAGE[name].split()):
        raise ScriptError(f"Write it so: {USAGE[name]}.")
    match name:
        case "car" if rest[0].upper() not in _CARS:
            raise ScriptError(f"A car is one of {', '.join(_CARS)}, not {rest[0]!r}.")
        case "car":
            return Command(name, car=rest[0].upper())
        case "amps":
            return Command(name, amps=_amps(rest[0]))
        case "silent" | "echo" if rest[0].lower() not in ("on", "off"):
            raise ScriptError(f"Write it so: {USAGE[name]}.")
        case "silent" | "echo":
            return Command(name, on=rest[0].lower() == "on")
        case "set":
            return Command(name, address=_word(rest[0], "An address"), value=_word(rest[1], "A value"))
    return Command(name)


def _amps(word: str) -> float:
    try:
        amps = float(word)
    except ValueError:
        amps = math.nan
    if not 0 <= amps <= 100:
        raise ScriptError(f"Amperes are a number from 0 to 100, not {word!r}.")
    return amps


def _word(word: str, what: str) -> int:
    try:
        number = int(word, 0)
    except ValueError:
        number = -1
    if not 0 <= number <= 0xFFFF:
        raise ScriptError(f"{what} is a whole number from 0 to 65535, like 261 or 0x105, not {word!r}.")
    return number
