"""Reading fields of a message that may hold anything: the value if it is usable, None if not."""

from __future__ import annotations

import math
from typing import Any

MAX_EVSE = 999
"""Higher EVSE and connector numbers are nonsense, and would let a charger fill the memory."""


def obj(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; a single object counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if type(one) is dict] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """Non-empty text; numbers and booleans as JSON writes them."""
    if value is None:
        return None
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return None


def number(value: Any) -> float | None:
    """A finite number, also from text."""
    if type(value) not in (str, float, int):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def integer(value: Any) -> int | None:
    """A whole number, also from text or a float without a fraction."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def place(value: Any) -> int | None:
    """An EVSE or connector number from 0 to 999."""
    found = integer(value)
    return found if found is not None and 0 <= found <= MAX_EVSE else None
