"""Maps in CBOR, from devices that may send anything, and as JSON has them. Pure."""

from __future__ import annotations

import math
from typing import Any, NoReturn

import cbor2

from techtool.text import safe

DEEPEST = 16
"""Lists and maps in each other; SMP's own have four."""
TEXT = 4_000
"""Characters of a text that are shown."""
_KEY = 80
_TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43000, 55799)
"""Those that cbor2 makes something of. SMP has none of them, and some make a short message endless."""


def _refuse(*_: object) -> NoReturn:
    raise ValueError("SMP knows no tags")


_NONE = dict.fromkeys(_TAGS, _refuse)


def map_of(body: bytes) -> dict[str, Any] | None:
    """The map of a message; None for anything else. Bytes after its end are ignored."""
    try:
        found = cbor2.loads(
            body,
            max_depth=DEEPEST,
            str_errors="replace",
            strict_hashable_types=True,
            tag_hook=_refuse,
            semantic_decoders=_NONE,
        )
    except cbor2.CBORError:
        return None
    if not isinstance(found, dict):
        return None
    return {one if isinstance(one, str) else repr(one): value for one, value in found.items()}


def body_of(value: dict[str, Any]) -> bytes:
    """A map as it goes out. Raises ValueError for what CBOR cannot say."""
    try:
        return cbor2.dumps(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"it cannot be written in CBOR: {error}") from error


def plain(value: Any) -> Any:
    """As JSON has it: bytes in hex, texts made safe to be shown."""
    match value:
        case bytes():
            return value.hex()
        case str():
            return safe(value, TEXT)
        case bool() | int() | None:
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case dict():
            return {safe(name, _KEY): plain(one) for name, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    return safe(repr(value), TEXT)
