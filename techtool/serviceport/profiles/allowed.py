"""Which numbers a setting takes: ``0 | 6.0..16.0``. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_NUMBER = r"-?\d{1,12}(?:\.\d{1,9})?"
_PART = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)


class Allowed(NamedTuple):
    """Single numbers and ranges, both ends included, in the unit of the setting."""

    ranges: tuple[tuple[Decimal, Decimal], ...]

    def __contains__(self, number: object) -> bool:
        return isinstance(number, Decimal) and any(low <= number <= high for low, high in self.ranges)

    def __str__(self) -> str:
        """In words: ``0 or 6.0 to 16.0``."""
        parts = [f"{low:f}" if low == high else f"{low:f} to {high:f}" for low, high in self.ranges]
        return " or ".join(parts)


def parse(text: str) -> Allowed:
    """What the text allows. Raises ValueError with a sentence."""
    return Allowed(tuple(_range(part) for part in text.split("|")))


def _range(part: str) -> tuple[Decimal, Decimal]:
    match = _PART.fullmatch(part)
    if match is None:
        raise ValueError(
            f'"{part.strip()[:40]}" is no range; write "0 | 6.0..16.0", numbers and ranges with | between'
        )
    low = Decimal(match[1])
    high = Decimal(match[2]) if match[2] is not None else low
    if high < low:
        raise ValueError(f'"{part.strip()}" begins above its end; write the smaller number first')
    return low, high
