"""Words of Modbus to values and back. Pure.

Numbers are exact: what has a scale is a Decimal, so that 160 times 0.1 is 16.0 and goes back as 160.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from decimal import Context, Decimal

from techtool.serviceport.profiles.registers import LIMITS, Register, Type, WordOrder

Raw = int | float | str
"""As it is on the wire: a whole number, a float, or text."""
Plain = int | float | Decimal | str
"""In its unit."""
_EXACT = Context(prec=60)


class RefusedError(ValueError):
    """This must not go out; the text says why and what would do."""


def raws(register: Register, words: Sequence[int]) -> tuple[Raw, ...]:
    """The values before their scale.

    ``words`` are 0 to 65535, of coils and discrete inputs 0 and 1. Raises ValueError where they are not so many as
    the register has, or no such numbers.
    """
    top = 1 if register.type is Type.BIT else 0xFFFF
    if len(words) != register.size or any(not 0 <= int(one) <= top for one in words):
        raise ValueError(f"{register.size} words of 0 to {top} are needed here")
    if register.type is Type.ASCII:
        data = b"".join(int(one).to_bytes(2, "big") for one in words)
        # latin-1: a charger that is not set up yet fills its serial number with 0xFF
        return (data.partition(b"\0")[0].decode("latin-1").rstrip(" "),)
    each = register.each
    return tuple(_number(register, words[at : at + each]) for at in range(0, len(words), each))


def scaled(register: Register, raw: Raw) -> Plain | None:
    """A value in its unit; None for a float that is no number."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float):
        if not math.isfinite(raw):
            return None
        return raw * float(register.scale) if register.scaled else raw
    if not register.scaled:
        return raw
    return _EXACT.add(_EXACT.multiply(Decimal(raw), register.scale), register.offset)


def decode(register: Register, words: Sequence[int]) -> tuple[Plain | None, ...]:
    """The values in their unit; a text is one value. Raises ValueError as :func:`raws` does."""
    return tuple(scaled(register, raw) for raw in raws(register, words))


def encode(register: Register, values: Sequence[Plain]) -> tuple[int, ...]:
    """The words of values in their unit. Raises RefusedError for what the register cannot hold exactly.

    Only floats of 32 bits are rounded, as they must be.
    """
    wanted = 1 if register.type is Type.ASCII else register.count
    if len(values) != wanted:
        raise RefusedError(f"{wanted} values are needed here, not {len(values)}.")
    return tuple(word for value in values for word in _words(register, value))


def written(number: Decimal) -> str:
    """A number for people: without an exponent, unless it would be very long."""
    exponent = number.as_tuple().exponent
    short = isinstance(exponent, int) and -20 < exponent < 20 and number.adjusted() < 20
    return f"{number:f}" if short else str(number)[:40]


def _number(register: Register, words: Sequence[int]) -> int | float:
    if len(words) == 1:
        return _signed(int(words[0]), 16) if register.type is Type.I16 else int(words[0])
    high, low = words if register.words is WordOrder.BIG else reversed(words)
    whole = int(high) << 16 | int(low)
    if register.type is Type.FLOAT32:
        number: float = struct.unpack(">f", whole.to_bytes(4, "big"))[0]
        return number
    return _signed(whole, 32) if register.type is Type.I32 else whole


def _signed(number: int, bits: int) -> int:
    return number - (1 << bits) if number >> (bits - 1) else number


def _words(register: Register, value: Plain) -> tuple[int, ...]:
    if register.type is Type.ASCII:
        return _text(register, value)
    if isinstance(value, str):
        raise RefusedError("A number is needed here, not a text.")
    if register.type is Type.FLOAT32:
        whole = int.from_bytes(_float(register, value), "big")
    else:
        whole = _whole(register, value)
        if register.each == 1:
            return (whole & 0xFFFF,)
    high, low = whole >> 16 & 0xFFFF, whole & 0xFFFF
    return (high, low) if register.words is WordOrder.BIG else (low, high)


def _text(register: Register, value: Plain) -> tuple[int, ...]:
    room = 2 * register.count
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise RefusedError("Plain characters only: letters, digits, signs and blanks of ASCII.")
    if len(value) > room:
        raise RefusedError(f"{len(value)} characters are too many: there is room for {room}.")
    data = value.encode("ascii").ljust(room, b"\0")
    return tuple(data[at] << 8 | data[at + 1] for at in range(0, room, 2))


def _float(register: Register, value: int | float | Decimal) -> bytes:
    try:
        return struct.pack(">f", _finite(float(value) / float(register.scale)))
    except OverflowError:
        raise RefusedError("That is too much for a float of 32 bits.") from None


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise RefusedError("That is no number.")
    return number


def _whole(register: Register, value: int | float | Decimal) -> int:
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise RefusedError("That is no number.")
    least, most = LIMITS[register.type]
    low, high = sorted((_unit(register, least), _unit(register, most)))
    if not low <= exact <= high:
        raise RefusedError(f"{written(exact)} does not fit into {register.type}, which holds {low:f} to {high:f}.")
    raw = int(_EXACT.divide(_EXACT.subtract(exact, register.offset), register.scale).to_integral_value())
    if _unit(register, raw) != exact:
        raise RefusedError(f"{written(exact)} lies between two steps of {abs(register.scale):f}.")
    return raw


def _unit(register: Register, raw: int) -> Decimal:
    return _EXACT.add(_EXACT.multiply(Decimal(raw), register.scale), register.offset)
