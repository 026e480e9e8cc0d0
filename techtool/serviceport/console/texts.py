"""Bytes of a console as text: what expressions look at, and what a person would see. Pure."""

from __future__ import annotations

import re

from techtool.serviceport.profiles.console import Habits
from techtool.serviceport.profiles.patterns import LONGEST, plain

SHOWN = 4 * LONGEST
"""Bytes of a piece that are looked at."""
_ERASED = re.compile(r"\x1b\[\d{0,4}D\x1b\[[02]?[JK]")
"""The cursor goes back and the rest of the line is wiped: what stood before it is gone."""
_FINE = frozenset("\t\a\b\f\v\x1b\r\n\0")
"""Control characters that consoles send on purpose, or as padding."""


def text_of(data: bytes, habits: Habits) -> str:
    """What stands there, without the end of its line and without what it wiped itself."""
    text = data[:SHOWN].decode(habits.encoding, "replace")
    kept = _ERASED.split(text)[-1]
    return plain(kept, strip_ansi=habits.strip_ansi).strip("\0")


def is_junk(data: bytes, habits: Habits) -> bool:
    """More than a quarter of it is no text: the speed is wrong, or it is a transfer."""
    text = data[:SHOWN].decode(habits.encoding, "replace")
    if habits.encoding != "utf-8":  # every byte is some character there, but few of a text are no ASCII
        return sum(one > "\x7e" or (one < " " and one not in _FINE) for one in text) * 4 > len(text)
    odd = sum((not one.isprintable() and one not in _FINE) or one == "\ufffd" for one in text)
    return odd * 4 > len(text)
