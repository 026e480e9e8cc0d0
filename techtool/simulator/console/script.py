"""What can be done to a simulated console, a line each."""

from __future__ import annotations

from typing import NamedTuple

from techtool.simulator.script import ScriptError

USAGE: dict[str, str] = {
    "chatter": "chatter on|off",
    "chat": "chat",
    "car": "car A|B|C|D",
    "reboot": "reboot",
    "silent": "silent on|off",
    "garble": "garble on|off",
    "stubborn": "stubborn on|off",
    "quit": "quit",
    "help": "help",
}
"""How each command is written."""


class Command(NamedTuple):
    """A line that was understood."""

    name: str
    on: bool = False
    car: str = ""


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
    if not rest:
        return Command(name)
    if name == "car":
        if rest[0].upper() not in ("A", "B", "C", "D"):
            raise ScriptError(f"A car is one of A, B, C, D, not {rest[0]!r}.")
        return Command(name, car=rest[0].upper())
    if rest[0].lower() not in ("on", "off"):
        raise ScriptError(f"Write it so: {USAGE[name]}.")
    return Command(name, on=rest[0].lower() == "on")
