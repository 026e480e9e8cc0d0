"""What may be written, and how: everything else is refused before anything goes out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from techtool.serviceport.profiles.codec import Plain, Raw, RefusedError, encode, raws, scaled, written
from techtool.serviceport.profiles.model import ModbusProfile, Order, Release, Setting
from techtool.serviceport.profiles.registers import LIMITS, Type

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,9})?|0x[0-9a-fA-F]{1,8}", re.ASCII)
_SWITCH = {"on": 1, "off": 0}


class IsSet(NamedTuple):
    """What a setting was read to be."""

    raw: Raw
    value: Plain | None
    """The name of a choice, a number in its unit, a text; None for a number that is no choice."""


def setting(profile: ModbusProfile, name: str) -> Setting:
    """The setting of this name. Raises RefusedError with those that there are."""
    for one in profile.settings:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in profile.settings) or "none"
    raise RefusedError(f"{name[:40]} is no setting of {profile.name}; there are: {there}.")


def words_of(one: Setting, given: str) -> tuple[int, ...]:
    """The words that set it to what a technician gave.

    A choice is given by its name or its number, a number in the setting's unit, a bit also as on and off.
    Raises RefusedError for everything that the profile does not allow.
    """
    text = given.strip()
    if one.read_only:
        raise RefusedError(f"{one.name} can be read only.")
    if one.register.type is Type.ASCII:
        return encode(one.register, [given])
    if one.choices:
        return encode(one.register, [_choice(one, text)])
    number = _number(one, text)
    if one.allowed is not None and number not in one.allowed:
        raise RefusedError(f"{written(number)} is not allowed for {one.name}: {range_words(one)}.")
    try:
        return encode(one.register, [number])
    except RefusedError as error:
        raise RefusedError(f"{one.name}: {error}") from None


def value_of(one: Setting, words: Sequence[int]) -> IsSet:
    """What the words say that it is set to. Raises ValueError for words that are too many or few."""
    raw = raws(one.register, words)[0]
    if one.choices:
        return IsSet(raw, one.choices.get(raw) if isinstance(raw, int) else None)
    return IsSet(raw, scaled(one.register, raw))


def range_words(one: Setting) -> str:
    """What it takes, in words: ``0 or 6.0 to 16.0 A``, ``enabled or disabled``."""
    if one.choices:
        return " or ".join(one.choices.values())
    unit = f" {one.unit}" if one.unit else ""
    if one.allowed is not None:
        return f"{one.allowed}{unit}"
    register = one.register
    if register.type is Type.ASCII:
        return f"text of up to {2 * register.count} characters"
    if register.type is Type.FLOAT32:
        return f"a number{unit}"
    ends = sorted((scaled(register, limit) for limit in LIMITS[register.type]), key=lambda end: float(end or 0))
    return f"{ends[0]} to {ends[1]}{unit}"


def words_of_release(one: Release, *, grant: bool) -> tuple[int, ...]:
    """The words that let a car charge, or keep it from charging."""
    return encode(one.register, [one.grant if grant else one.deny])


def words_of_order(one: Order) -> tuple[int, ...]:
    """The words of a heartbeat or of a reboot."""
    return encode(one.register, [one.value])


def _choice(one: Setting, text: str) -> int:
    for number, name in one.choices.items():
        if text.casefold() == name.casefold():
            return number
    match = _NUMBER.fullmatch(text)
    if match is not None and "." not in text and int(text, 0 if "x" in text else 10) in one.choices:
        return int(text, 0 if "x" in text else 10)
    raise RefusedError(f"{text[:40]!r} is not allowed for {one.name}: {range_words(one)}.")


def _number(one: Setting, text: str) -> Decimal:
    if one.register.type is Type.BIT and text.casefold() in _SWITCH:
        return Decimal(_SWITCH[text.casefold()])
    bare = text.removesuffix(one.unit).rstrip() if one.unit else text
    if _NUMBER.fullmatch(bare) is None:
        raise RefusedError(f"{text[:40]!r} is no number; {one.name} takes {range_words(one)}.")
    return Decimal(int(bare, 16)) if bare.startswith("0x") else Decimal(bare)
