"""Text that a charger sent, made fit to be shown: nothing in it may move the cursor, hide or pretend.

Control characters, terminal escapes, bidi overrides, invisible and unassigned characters become visible
escapes like ``\\x1b`` or ``\\u202e``.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4_000
"""Characters of one text that are shown; more would only cost time."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def safe(text: object, limit: int = LONGEST) -> str:
    """One line that shows what is there and does nothing. Longer texts end with ``…``."""
    shown = text if isinstance(text, str) else str(text)
    cut = len(shown) > limit
    if cut:
        shown = shown[:limit]
    if not shown.isprintable() or (not shown.isascii() and _MARKS.search(shown)):
        shown = "".join(map(_visible, shown))
    return shown + "…" if cut else shown


def decoded(data: bytes, limit: int = LONGEST) -> str:
    """Bytes as one safe line; what is no UTF-8 shows as ``\\xff``."""
    more = len(data) > 4 * limit
    return safe(data[: 4 * limit].decode("utf-8", "backslashreplace") + (" " if more else ""), limit)


def _visible(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    # Combining marks are escaped, too: stacked, they reach into the lines above and below.
    if char.isprintable() and not _MARKS.match(char) and not unicodedata.combining(char):
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
