"""What is read, and what a probe expects, out of the tables of a file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from techtool.serviceport.profiles import build_common as common
from techtool.serviceport.profiles.build_register import Wire, register
from techtool.serviceport.profiles.model import Detect, Expected, Value
from techtool.serviceport.profiles.names import STATE, STATES
from techtool.serviceport.profiles.problems import shown
from techtool.serviceport.profiles.registers import LIMITS, Register, Type
from techtool.serviceport.profiles.tables import Table


def value(table: Table, name: str, known: dict[str, str | None], wire: Wire) -> Value | None:
    """One value of [status] or [info]."""
    unit, label = common.unit_of(table, name, known)
    place = register(table, wire)
    basis = common.basis(table)
    if place is None:
        for key in ("mask", "map", "flags", "missing"):
            table.raw(key)
        table.close()
        return None
    mask = _mask(table, place)
    least, most = _limits(place, mask)
    texts = _texts(table, place, least, most)
    flags = common.numbered(table, "flags", 0, max(most.bit_length() - 1, 0))
    missing = _missing(table, place, least, most)
    _check_meaning(table, place)
    if name == STATE:
        _check_state(table, place, texts)
    table.close()
    return Value(
        name, place, unit, label, mask, MappingProxyType(texts), MappingProxyType(flags), missing, basis
    )  # fmt: skip


def detect(table: Table, wire: Wire) -> Detect | None:
    """The read of a probe, and what it must find."""
    read, expect = table.table("read", needed=True), table.table("expect", needed=True)
    table.close()
    if read is None or expect is None:
        return None
    place = register(read, wire, scaling=False)
    if place is None:
        return None
    mask = _mask(read, place)
    read.close()
    least, most = _limits(place, mask)
    if place.type is Type.ASCII:
        pattern = common.pattern(expect, "match", needed=True)
        expect.close()
        return Detect(place, Expected(None, None, pattern))
    if not place.type.whole:
        read.say("type", f"A probe compares whole numbers or a text; a {place.type} is neither.")
    exact = expect.whole("value", least, most)
    low, high = expect.whole("min", least, most), expect.whole("max", least, most)
    expect.close()
    if exact is None and low is None and high is None:
        expect.say(None, "expect needs value, or min, or max: otherwise anything would do.")
    if low is not None and high is not None and high < low:
        expect.say("max", f"max = {high} is below min = {low}: nothing would do.")
    return Detect(place, Expected(low, high) if exact is None else Expected(exact, exact), mask)


def _mask(table: Table, place: Register) -> int | None:
    if place.type not in (Type.U16, Type.U32):
        if "mask" in table:
            table.raw("mask")
            table.say("mask", f"mask takes bits out of a u16 or u32, not of a {place.type}.")
        return None
    return table.whole("mask", 1, LIMITS[place.type][1])


def _limits(place: Register, mask: int | None) -> tuple[int, int]:
    least, most = LIMITS.get(place.type, (0, 0))
    return (0, mask >> ((mask & -mask).bit_length() - 1)) if mask is not None else (least, most)


def _texts(table: Table, place: Register, least: int, most: int) -> dict[int | str, str]:
    if place.type is Type.ASCII:
        return dict(common.named(table, "map").items())
    return dict(common.numbered(table, "map", least, most).items())


def _missing(table: Table, place: Register, least: int, most: int) -> frozenset[int]:
    given: Any = table.raw("missing")
    if given is None:
        return frozenset()
    numbers = given if isinstance(given, list) else [given]
    for one in numbers:
        if isinstance(one, bool) or not isinstance(one, int) or not least <= one <= most or not place.type.whole:
            text = f"missing must be whole numbers on the wire from {least} to {most}, not {shown(one)}."
            table.say("missing", text)
            return frozenset()
    return frozenset(numbers)


def _check_meaning(table: Table, place: Register) -> None:
    told = [key for key in ("map", "flags") if key in table]
    if len(told) == 2:
        table.say("flags", "map and flags exclude each other: is it one number, or a bit for each?")
    if told and (place.scaled or place.type is Type.FLOAT32):
        table.say(told[0], f"{told[0]} is for whole numbers without scale and offset.")
    if "flags" in table and place.type is Type.ASCII:
        table.say("flags", "flags are bits of a number, not of a text.")


def _check_state(table: Table, place: Register, texts: Mapping[int | str, str]) -> None:
    if place.type is not Type.ASCII and not texts:
        table.say(None, f"{STATE} needs a map of numbers to the letters A to F, or type ascii.")
    for text in texts.values():
        if text not in STATES:
            table.say("map", f"{STATE} is a letter A to F, perhaps with 1 or 2 (A1, B2), not {shown(text)}.")
    if place.type is not Type.ASCII and place.count != 1:
        table.say("count", f"{STATE} is one value; a charger with more of them needs a profile for each.")
