"""A register out of a table: space, address, type, and whether they go together. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.registers import ADDRESSES, LONG, Register, Space, Type, WordOrder
from techtool.serviceport.profiles.tables import Table

COUNT = 125
_SCALES = (Decimal("0.000001"), Decimal(1_000_000))
_OFFSETS = (Decimal("0.000001"), Decimal(999_999_999))


class Wire(NamedTuple):
    """What holds for all registers of a file."""

    transport: Transport
    words: WordOrder
    max_read: int


def register(table: Table, wire: Wire, *, scaling: bool = True) -> Register | None:
    """The register; None where it cannot be one, which is told."""
    space = table.choice("space", Space, needed=True)
    address = table.whole("address", 0, ADDRESSES - 1, needed=True)
    type = _type(table, space)
    count = table.whole("count", 1, COUNT)
    words = table.choice("words", WordOrder)
    scale, offset = _scaling(table) if scaling else (Decimal(1), Decimal(0))
    if space is None or address is None or type is None:
        return None
    made = Register(space, address, type, count or 1, words or wire.words, scale, offset)
    _check_place(table, made, wire)
    _check_type(table, made, count)
    return made


def _type(table: Table, space: Space | None) -> Type | None:
    of_bits = space is not None and space.of_bits
    if "type" not in table:
        table.raw("type")
        return Type.BIT if of_bits else Type.U16
    type = table.choice("type", Type)
    if type is not None and space is not None and (type is Type.BIT) != of_bits:
        table.say(
            "type", f"A {space} holds no {type}: coil and discrete have bits, input and holding the other types."
        )
        return None
    return type


def _scaling(table: Table) -> tuple[Decimal, Decimal]:
    scale, offset = table.number("scale", *_SCALES), table.number("offset", *_OFFSETS)
    if scale == 0:
        table.say("scale", "scale = 0 makes every value 0; leave it out where 1 on the wire is 1 of the unit.")
    return scale or Decimal(1), offset or Decimal(0)


def _check_place(table: Table, one: Register, wire: Wire) -> None:
    if one.end > ADDRESSES:
        table.say("address", f"{one.size} from {one.address} on run beyond {ADDRESSES - 1}, the last address.")
    if one.size > wire.max_read:
        table.say("count", f"{one.size} registers are more than one read brings, {wire.max_read} (max_read).")
    if wire.transport is Transport.ABL_ASCII and one.space is not Space.HOLDING:
        table.say("space", f'abl-ascii reads holding registers only; space must be "holding", not "{one.space}".')


def _check_type(table: Table, one: Register, count: int | None) -> None:
    if one.type is Type.ASCII and count is None:
        table.say(None, f"{table.name} is an ascii text and needs count: how many registers it takes.")
    if "words" in table and one.type not in LONG:
        table.say("words", f"words orders the two registers of {', '.join(LONG)}; a {one.type} has none.")
    if one.scaled and one.type in (Type.ASCII, Type.BIT):
        table.say(
            "scale" if "scale" in table else "offset", f"scale and offset are for numbers, not for {one.type}."
        )
    if one.offset and one.type is Type.FLOAT32:
        table.say("offset", "offset is for whole numbers; a float32 tells its value as it is.")
