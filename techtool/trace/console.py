"""Lines of consoles in the words of the trace. Pure."""

from __future__ import annotations

import re

from techtool.masking import mask_line
from techtool.text import decoded

_COLOURS = re.compile(rb"\x1b\[[0-9;]{0,20}m")
_TEXT = frozenset(range(0x20, 0x7F)) | frozenset(b"\t\r\n\x1b")


def words(data: bytes) -> str:
    """What a line says: without its end and its colours; every other control character is shown as what it is."""
    return decoded(mask_line(_COLOURS.sub(b"", data).rstrip(b"\r\n").lstrip(b"\n")), 300)


def typed(data: bytes) -> str:
    """What was typed, for people: a bare Enter has a name."""
    return decoded(mask_line(data.rstrip(b"\r\n")), 60) or "Enter"


def is_text(data: bytes) -> bool:
    """Nothing but ASCII stands there."""
    return _TEXT.issuperset(data)
