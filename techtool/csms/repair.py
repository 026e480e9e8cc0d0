"""Mending JSON as chargers break it: NUL bytes, bad UTF-8, brackets never closed, bytes after the end.

Grizzl-E never closes a reply; others pad with NUL. A mended message is shown as repaired.
"""

from __future__ import annotations

import json
import re

HEAD = re.compile(rb'\s*\[\s*([2-6])\s*,\s*"((?:[^"\\]|\\.){1,64})"')
"""Message type and id of a message that cannot be read otherwise."""

_CLOSING = {"[": "]", "{": "}"}
_TRAILING_COMMA = re.compile(r",\s*([\]}])")


def mend(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text that is more likely to be JSON, and what was done to it."""
    repairs = []
    if b"\0" in data:
        data = data.replace(b"\0", b"")
        repairs.append("NUL bytes removed")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        repairs.append("bytes that are no UTF-8 replaced")
    if text.startswith("\ufeff"):
        text = text[1:]
        repairs.append("byte order mark removed")
    text = text.strip()
    if _reads(text):
        return text, tuple(repairs)
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        pass
    else:
        repairs.append(f"{len(text) - end} characters after the end removed")
        return text[:end], tuple(repairs)
    if any(control in text for control in map(chr, range(32))):
        cleaned = "".join(" " if ord(char) < 32 else char for char in text)
        if _reads(cleaned):
            return cleaned, (*repairs, "control characters replaced")
    closed = _close(text)
    if closed != text:
        repairs.append(f"closed with {closed[len(text.rstrip()) :] or 'nothing'}")
    comma_free = _TRAILING_COMMA.sub(r"\1", closed)
    if comma_free != closed and not _reads(closed) and _reads(comma_free):
        return comma_free, (*repairs, "comma before a bracket removed")
    return closed, tuple(repairs)


def _reads(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _close(text: str) -> str:
    """Text with the quotes and brackets closed that were left open."""
    stack: list[str] = []
    in_string = escaped = False
    for char in text:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in _CLOSING:
            stack.append(_CLOSING[char])
        elif char in "]}" and stack and stack[-1] == char:
            stack.pop()
    ending = '"' if in_string else ""
    if escaped:
        text = text[:-1]
    text = text.rstrip()
    if not in_string and text.endswith(","):
        text = text[:-1]
    return text + ending + "".join(reversed(stack))
