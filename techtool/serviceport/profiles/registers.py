"""A place in a Modbus device, and what is in it as numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ADDRESSES = 65_536
"""Of each space; the address counts from 0, as it goes over the wire."""


class Space(StrEnum):
    """One of the four tables of a Modbus device."""

    COIL = "coil"
    DISCRETE = "discrete"
    INPUT = "input"
    HOLDING = "holding"

    @property
    def of_bits(self) -> bool:
        """It has bits, not registers of 16 bits."""
        return self in (Space.COIL, Space.DISCRETE)

    @property
    def writable(self) -> bool:
        """Modbus has a function that writes there."""
        return self in (Space.COIL, Space.HOLDING)


class Type(StrEnum):
    """What stands in a register, or in two."""

    U16 = "u16"
    I16 = "i16"
    U32 = "u32"
    I32 = "i32"
    FLOAT32 = "float32"
    ASCII = "ascii"
    BIT = "bit"

    @property
    def whole(self) -> bool:
        """It is a whole number on the wire."""
        return self in LIMITS


LIMITS: dict[Type, tuple[int, int]] = {
    Type.U16: (0, 2**16 - 1),
    Type.I16: (-(2**15), 2**15 - 1),
    Type.U32: (0, 2**32 - 1),
    Type.I32: (-(2**31), 2**31 - 1),
    Type.BIT: (0, 1),
}
"""The least and the greatest whole number of a type, before its scale."""
LONG = (Type.U32, Type.I32, Type.FLOAT32)
"""Types that take two registers."""


class WordOrder(StrEnum):
    """Which half of a number of 32 bits comes first."""

    BIG = "big"
    """The high one, as most devices do."""
    LITTLE = "little"


@dataclass(frozen=True, slots=True)
class Register:
    """Where something stands and how. Inside a register the high byte comes first: Modbus says so."""

    space: Space
    address: int
    """0 to 65535."""
    type: Type = Type.U16
    count: int = 1
    """Values that follow each other, like three phases; of a text how many registers it takes."""
    words: WordOrder = WordOrder.BIG
    scale: Decimal = Decimal(1)
    """What 1 on the wire means in the unit."""
    offset: Decimal = Decimal(0)
    """Added after the scale."""

    @property
    def each(self) -> int:
        """Registers (or bits) of one value."""
        if self.type is Type.ASCII:
            return self.count
        return 2 if self.type in LONG else 1

    @property
    def size(self) -> int:
        """Registers (or bits) of all values."""
        return self.count if self.type is Type.ASCII else self.each * self.count

    @property
    def end(self) -> int:
        """The first address behind it."""
        return self.address + self.size

    @property
    def scaled(self) -> bool:
        """What is on the wire is not the value itself."""
        return self.scale != 1 or self.offset != 0
