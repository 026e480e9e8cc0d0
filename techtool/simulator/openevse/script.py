"""What can be done to a simulated OpenEVSE, a line each."""

from __future__ import annotations

import math
from typing import NamedTuple

from techtool.simulator.openevse.street import CARS
from techtool.simulator.script import ScriptError

USAGE: dict[str, str] = {
    "car": "car A|B|C|D",
    "amps": "amps AMPERES",
    "gfi": "gfi",
    "ground": "ground",
    "diode": "diode",
    "relay": "relay",
    "temp": "temp CELSIUS",
    "clear": "clear",
    "reboot": "reboot",
    "unplug": "unplug SECONDS",
    "quit": "quit",
    "help": "help",
}
"""How each command is written."""
_NUMBERS = {
    "amps": ("Amperes", 0.0, 100.0),
    "temp": ("Degrees", -40.0, 125.0),
    "unplug": ("Seconds", 0.0, 1e6),
}


class Command(NamedTuple):
    """A line that was understood."""

    name: str
    value: float = 0.0
    car: str = ""


def parse(line: str) -> Command | None:
    """The command of a line, None if it holds none.

    Raises:
        ScriptError: with a sentence for the person who wrote the line.
    """
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    name = words[0].lower()
    if name not in USAGE:
        raise ScriptError(f"No such command: {name}. There are: {', '.join(USAGE)}.")
    if len(words) != len(USAGE[name].split()):
        raise ScriptError(f"Write it so: {USAGE[name]}.")
    if name == "car":
        if words[1].upper() not in CARS:
            raise ScriptError(f"A car is one of {', '.join(CARS)}, not {words[1]!r}.")
        return Command(name, car=words[1].upper())
    return Command(name, _number(words[1], *_NUMBERS[name])) if name in _NUMBERS else Command(name)


def _number(word: str, what: str, least: float, most: float) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise ScriptError(f"{what} are a number from {least:g} to {most:g}, not {word!r}.")
    return value
