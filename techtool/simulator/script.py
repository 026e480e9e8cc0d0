"""What can be done to a simulated charger, as lines of text.

One command a line; blank lines and those that begin with ``#`` are nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class ScriptError(ValueError):
    """A line cannot be understood; the text says why."""


@dataclass(frozen=True, slots=True)
class Plug:
    """A car is plugged in."""

    connector: int


@dataclass(frozen=True, slots=True)
class Unplug:
    """The car is unplugged."""

    connector: int


@dataclass(frozen=True, slots=True)
class Tap:
    """A card is held to the reader. Without a connector the charger finds the one that is meant."""

    token: str
    connector: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault begins. Connector 0 is the charger itself."""

    connector: int
    code: str


@dataclass(frozen=True, slots=True)
class Clear:
    """The fault ends."""

    connector: int


@dataclass(frozen=True, slots=True)
class Offline:
    """The network goes away, for so many seconds or until ``online``."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Online:
    """The network is back."""


@dataclass(frozen=True, slots=True)
class Reboot:
    """Somebody restarts the charger."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Charging is stopped at the charger, without a card."""

    connector: int


@dataclass(frozen=True, slots=True)
class Suspend:
    """The car pauses."""

    connector: int


@dataclass(frozen=True, slots=True)
class Resume:
    """The car goes on."""

    connector: int


@dataclass(frozen=True, slots=True)
class Limit:
    """The charger limits the current, in A per phase."""

    connector: int
    amps: float


@dataclass(frozen=True, slots=True)
class Meter:
    """Readings of all connectors now."""


@dataclass(frozen=True, slots=True)
class SendCall:
    """Any CALL."""

    action: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Raw:
    """Any text, as one WebSocket message."""

    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The next line comes so many seconds later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Quit:
    """The end."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be typed."""


Command = (
    Plug | Unplug | Tap | Fault | Clear | Offline | Online | Reboot | Stop | Suspend | Resume | Limit
    | Meter | SendCall | Raw | Wait | Quit | Help
)  # fmt: skip

USAGE: dict[str, str] = {
    "plug": "plug CONNECTOR",
    "unplug": "unplug CONNECTOR",
    "tap": "tap CARD [CONNECTOR]",
    "fault": "fault CONNECTOR CODE",
    "clear": "clear CONNECTOR",
    "offline": "offline [SECONDS]",
    "online": "online",
    "reboot": "reboot",
    "stop": "stop CONNECTOR",
    "suspend": "suspend CONNECTOR",
    "resume": "resume CONNECTOR",
    "limit": "limit CONNECTOR AMPERES",
    "meter": "meter",
    "send": "send ACTION [JSON]",
    "raw": "raw TEXT",
    "wait": "wait SECONDS",
    "quit": "quit",
    "help": "help",
}
"""How each command is written."""


def parse(line: str) -> Command | None:
    """The command of a line, None if it holds none.

    Raises:
        ScriptError: with a sentence for the person who wrote the line.
    """
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    name, *rest = text.split(None, 1)
    name = name.lower()
    if name not in USAGE:
        raise ScriptError(f"No such command: {name}. There are: {', '.join(USAGE)}.")
    tail = rest[0] if rest else ""
    if name in _WHOLE:
        return _WHOLE[name](tail)
    words = tail.split()
    least, most, make = _WORDS[name]
    if not least <= len(words) <= most:
        raise ScriptError(f"Write it so: {USAGE[name]}.")
    return make(words)


def _connector(word: str, least: int = 1) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 6) or int(word) < least:
        raise ScriptError(f"A connector is a number from {least}, not {word!r}.")
    return int(word)


def number(word: str, what: str, least: float = 0.0, most: float = 1e6) -> float:
    """A number within limits; ``what`` begins the sentence about one that is not. Raises ScriptError."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise ScriptError(f"{what} are a number from {least:.7g} to {most:.7g}, not {word!r}.")
    return value


def _tap(words: list[str]) -> Tap:
    if len(words[0]) > 36:
        raise ScriptError(f"A card has at most 36 characters, this one has {len(words[0])}.")
    return Tap(words[0], _connector(words[1]) if len(words) > 1 else None)


def _send(tail: str) -> SendCall:
    action, _, body = tail.partition(" ")
    if not action:
        raise ScriptError(f"Write it so: {USAGE['send']}.")
    try:
        payload = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"The payload of {action} is not JSON: {error}.") from None
    if not isinstance(payload, dict):
        raise ScriptError(f"The payload of {action} must be a JSON object.")
    return SendCall(action, payload)


def _raw(tail: str) -> Raw:
    if not tail:
        raise ScriptError(f"Write it so: {USAGE['raw']}.")
    return Raw(tail)


_WHOLE: dict[str, Callable[[str], Command]] = {"send": _send, "raw": _raw}

_WORDS: dict[str, tuple[int, int, Callable[[list[str]], Command]]] = {
    "plug": (1, 1, lambda words: Plug(_connector(words[0]))),
    "unplug": (1, 1, lambda words: Unplug(_connector(words[0]))),
    "tap": (1, 2, _tap),
    "fault": (2, 2, lambda words: Fault(_connector(words[0], 0), words[1])),
    "clear": (1, 1, lambda words: Clear(_connector(words[0], 0))),
    "offline": (0, 1, lambda words: Offline(number(words[0], "Seconds") if words else None)),
    "online": (0, 0, lambda words: Online()),
    "reboot": (0, 0, lambda words: Reboot()),
    "stop": (1, 1, lambda words: Stop(_connector(words[0]))),
    "suspend": (1, 1, lambda words: Suspend(_connector(words[0]))),
    "resume": (1, 1, lambda words: Resume(_connector(words[0]))),
    "limit": (2, 2, lambda words: Limit(_connector(words[0]), number(words[1], "Amperes"))),
    "meter": (0, 0, lambda words: Meter()),
    "wait": (1, 1, lambda words: Wait(number(words[0], "Seconds"))),
    "quit": (0, 0, lambda words: Quit()),
    "help": (0, 0, lambda words: Help()),
}
"""Fewest and most words after the name, and what they make."""
