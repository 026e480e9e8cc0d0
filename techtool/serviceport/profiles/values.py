"""What was read, in words and units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from techtool.serviceport.profiles.codec import Plain, Raw, raws, scaled
from techtool.serviceport.profiles.model import Detect, Value
from techtool.serviceport.profiles.names import STATES


class Told(NamedTuple):
    """One value that a device told."""

    raw: Raw
    """As it was on the wire, after the mask."""
    value: Plain | tuple[str, ...] | None
    """In its unit; the text of a number that has texts; the names of the bits that are set. None: unknown."""


def read(value: Value, words: Sequence[int]) -> tuple[Told, ...]:
    """What the words mean, one for each value. Raises ValueError for words of another number."""
    return tuple(_told(value, raw) for raw in raws(value.register, words))


def state(told: Told) -> str | None:
    """The letter of ``iec_state``, A to F; None where the device told none."""
    text = told.value if isinstance(told.value, str) else ""
    return text[0] if text in STATES or (text[:1] in STATES and text[1:] in ("0", "\0")) else None


def fits(detect: Detect, words: Sequence[int]) -> bool:
    """Whether a probe found what is expected. Raises ValueError for words that are too many or few."""
    expected = detect.expected
    for raw in raws(detect.register, words):
        if isinstance(raw, str):
            if expected.pattern is None or expected.pattern.search(raw) is None:
                return False
            continue
        number = masked(int(raw), detect.mask)
        if expected.least is not None and number < expected.least:
            return False
        if expected.most is not None and number > expected.most:
            return False
    return True


def masked(number: int, mask: int | None) -> int:
    """The bits of the mask, shifted down to the lowest of them."""
    if mask is None:
        return number
    return (number & mask) >> ((mask & -mask).bit_length() - 1)


def _told(value: Value, raw: Raw) -> Told:
    if isinstance(raw, int):
        raw = masked(raw, value.mask)
    if raw in value.missing:
        return Told(raw, None)
    if value.flags and isinstance(raw, int):
        bits = [bit for bit in range(raw.bit_length()) if raw >> bit & 1]
        return Told(raw, tuple(value.flags.get(bit, f"bit {bit}") for bit in bits))
    if value.texts:
        return Told(raw, value.texts.get(raw) if not isinstance(raw, float) else None)
    return Told(raw, scaled(value.register, raw))
