"""What a technician wants of an SMP device, as it was written: checked before anything goes out. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from techtool.serviceport.smp import asks
from techtool.serviceport.smp.asks import Ask
from techtool.station.outcomes import CallRefusedError
from techtool.text import safe

LEAST_HASH = 6
"""Digits of a hash that may stand for all of them, where they fit only one image."""
MOST_SLOT = 15
NAMES = (
    "echo", "info", "params", "images", "test", "confirm", "erase", "reset", "shell", "stats",
    "get", "set", "delete", "commit", "save", "raw",
)  # fmt: skip
_WRITES = {"write": True, "read": False, 2: True, 0: False}
_HOW = {
    "echo": """echo '"text"'""",
    "test": """test '["HASH"]', as `call images` shows it; its first digits are enough""",
    "confirm": """confirm, for the image that runs, or confirm '["HASH"]'""",
    "erase": """erase, or erase '[1]' with the number of the slot""",
    "shell": """shell '"kernel version"', or its words as a list""",
    "stats": """stats, for their names, or stats '["NAME"]'""",
    "get": """get '["NAME"]'""",
    "set": """set '["NAME", "text"]', or set '["NAME", {"hex": "10 00 00 00"}]' for bytes""",
    "delete": """delete '["NAME"]'""",
    "raw": """raw '{"op": "read", "group": 0, "command": 6, "payload": {}}'""",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What only asks; its answer is its whole effect."""

    name: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What changes something, and the question whose answer shows it."""

    name: str
    ask: Ask
    back: Ask | None = None
    key: str = ""
    """Of a setting."""
    value: bytes | None = None
    """That a setting is to have; None where it is to be gone."""
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An image that is to start next time; the first digits of its hash, or none for the one that runs."""

    name: str
    digits: str
    confirm: bool


@dataclass(frozen=True, slots=True)
class Restart:
    """The device starts anew."""

    ask: Ask


Wish = Question | Order | Mark | Restart


def wish(action: str, payload: Any, *, force: bool) -> Wish:
    """What an action with its payload means.

    Raises :class:`CallRefusedError`; ``force`` lets through what cannot be undone, never what SMP cannot say.
    """
    name = action.lower()
    if name not in NAMES:
        raise CallRefusedError(f"{safe(action, 40)} is nothing that SMP does. There are: {', '.join(NAMES)}.")
    try:
        found = _wish(name, payload)
    except ValueError as error:
        raise CallRefusedError(f"{name}: {error}. {_how(name)}") from None
    if not force and (danger := _danger(found)) is not None:
        raise CallRefusedError(f"{name}: {danger}. --force sends it anyway.")
    return found


def _how(name: str) -> str:
    return f"Write it so: {_HOW[name]}." if name in _HOW else f"Write it without a payload: {name}."


def _wish(name: str, payload: Any) -> Wish:
    if name == "raw":
        return _raw(payload)
    given = _given(payload)
    match name, given:
        case "echo", [] | [str()]:
            return Question(name, (asks.echo(given[0] if given else "techtool"),))
        case "info", []:
            return Question(name, (asks.application("a"), asks.bootloader(), asks.bootloader("mode")))
        case "params", []:
            return Question(name, (asks.parameters(),))
        case "images", []:
            return Question(name, (asks.images(),))
        case "test", [str(digits)]:
            return Mark(name, _digits(digits), False)
        case "confirm", [] | [str()]:
            return Mark(name, _digits(given[0]) if given else "", True)
        case "erase", [] | [int()] if not any(isinstance(one, bool) for one in given):
            slot = _slot(given[0]) if given else None
            return Order(name, asks.erase(slot), asks.images(), slot=1 if slot is None else slot)
        case "reset", []:
            return Restart(asks.reset())
        case "shell", [str(), *_]:
            return Order(name, asks.shell(_words(given)))
        case "stats", []:
            return Question(name, (asks.groups(),))
        case "stats", [str(group)]:
            return Question(name, (asks.counters(group),))
        case "get", [str(key)] if key:
            return Question(name, (asks.get(key),))
        case "set", [str(key), value] if key:
            data = _bytes(value)
            return Order(name, asks.put(key, data), asks.get(key), key, data)
        case "delete", [str(key)] if key:
            return Order(name, asks.delete(key), asks.get(key), key)
        case "commit", []:
            return Order(name, asks.commit())
        case "save", []:
            return Order(name, asks.save())
    raise ValueError("that is not how it is written")


def _danger(found: Wish) -> str | None:
    match found:
        case Mark(confirm=True):
            return "an image that is confirmed stays, also if the charger does not work with it"
        case Order(name="erase"):
            return "the image in that slot is gone then, and with it the way back"
        case Order(name="set" | "delete" | "commit" | "save"):
            return "nobody checks what this setting does: it may put the charger out of reach, or people in danger"
        case Order(name="raw"):
            return f"nobody checks what this does ({found.ask.words})"
    return None


def _raw(payload: Any) -> Question | Order:
    match payload:
        case {"op": str() | int() as op, "group": int(group), "command": int(command), **more} if op in _WRITES:
            values = more.pop("payload", {})
            if more or not isinstance(values, dict):
                raise ValueError("it has op, group, command and payload, which is an object")
            ask = asks.raw(writes=_WRITES[op], group=group, command=command, values=_with_bytes(values))
            return Order("raw", ask) if ask.changes else Question("raw", (ask,))
    raise ValueError("op is read or write, group and command are numbers")


def _given(payload: Any) -> list[Any]:
    """The words of a payload: none, one that stands alone, or a list of them."""
    given = payload if isinstance(payload, list) else [payload] if payload != {} else []
    for one in given:
        if isinstance(one, str):
            _utf8(one)
    return given


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("half a character is no text") from None


def _digits(text: str) -> str:
    digits = text.strip().lower()
    if len(digits) < LEAST_HASH or any(one not in "0123456789abcdef" for one in digits):
        raise ValueError(f"{safe(text, 80)!r} is no hash: it has hexadecimal digits, at least {LEAST_HASH}")
    return digits


def _slot(number: int) -> int:
    if not 0 <= number <= MOST_SLOT:
        raise ValueError(f"slots go from 0 to {MOST_SLOT}")
    return number


def _words(given: list[Any]) -> list[str]:
    if not all(isinstance(one, str) for one in given):
        raise ValueError("its words are texts")
    try:
        words = shlex.split(given[0]) if len(given) == 1 else given
    except ValueError:
        raise ValueError("a quote is not closed") from None
    if not words:
        raise ValueError("there is no command")
    return words


def _bytes(value: Any) -> bytes:
    match value:
        case str():
            return _utf8(value)
        case {"hex": str(digits)} if len(value) == 1:
            try:
                return bytes.fromhex(digits)
            except ValueError:
                raise ValueError(f"{safe(digits, 40)!r} are no hexadecimal digits in pairs") from None
    raise ValueError('a value is a text, or {"hex": "..."}, for SMP does not say of which type a setting is')


def _with_bytes(value: Any) -> Any:
    """JSON has no bytes: ``{"hex": "01ff"}`` stands for some."""
    match value:
        case {"hex": str()} if len(value) == 1:
            return _bytes(value)
        case Mapping():
            return {name: _with_bytes(one) for name, one in value.items()}
        case list():
            return [_with_bytes(one) for one in value]
    return value
