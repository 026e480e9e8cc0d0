"""How a simulated device is moved: a line is a command, and each word after it is of a kind. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from techtool.simulator.script import ScriptError, number

CARS = ("A", "B", "C", "D")
"""As IEC 61851-1 names them: none, connected, wants to charge, wants to charge with ventilation."""
Value = str | float | bool


class Form(NamedTuple):
    """How a command is written."""

    usage: str
    words: tuple[Callable[[str], Value], ...] = ()
    """What makes a value of each word; raises ScriptError."""


class Command(NamedTuple):
    """A line that was understood."""

    name: str
    values: tuple[Value, ...] = ()


EVERYWHERE = {"quit": Form("quit"), "help": Form("help")}


def parse(line: str, forms: Mapping[str, Form]) -> Command | None:
    """The command of a line, None if it holds none.

    Raises:
        ScriptError: with a sentence for the person who wrote the line.
    """
    words = line.split()
    if not words or words[0].startswith("#"):
        return None
    name, known = words[0].lower(), {**forms, **EVERYWHERE}
    if name not in known:
        raise ScriptError(f"No such command: {name}. There are: {', '.join(known)}.")
    form = known[name]
    if len(words) - 1 != len(form.words):
        raise ScriptError(f"Write it so: {form.usage}.")
    return Command(name, tuple(make(word) for make, word in zip(form.words, words[1:], strict=True)))


def car(word: str) -> str:
    """A state of the car."""
    if word.upper() not in CARS:
        raise ScriptError(f"A car is one of {', '.join(CARS)}, not {word!r}.")
    return word.upper()


def switch(word: str) -> bool:
    """On or off."""
    if word.lower() not in ("on", "off"):
        raise ScriptError(f"It is on or off, not {word!r}.")
    return word.lower() == "on"


def amount(what: str, least: float, most: float) -> Callable[[str], float]:
    """A number within limits."""
    return lambda word: number(word, what, least, most)


def word_of(what: str) -> Callable[[str], int]:
    """A whole number of 16 bits, also in hexadecimal."""

    def make(word: str) -> int:
        try:
            value = int(word, 0)
        except ValueError:
            value = -1
        if not 0 <= value <= 0xFFFF:
            raise ScriptError(f"{what} is a whole number from 0 to 65535, like 261 or 0x105, not {word!r}.")
        return value

    return make


CAR = Form("car A|B|C|D", (car,))
AMPS = Form("amps AMPERES", (amount("Amperes", 0.0, 100.0),))
