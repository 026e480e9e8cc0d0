"""Mending JSON as chargers break it: NUL bytes, bad UTF-8, brackets never closed, bytes after the end.

Grizzl-E never closes a reply; others pad with NUL. A mended message is shown as repaired. Nothing is mended
that would make up a value: what is cut inside a text, a number or an object stays unreadable.
"""

from __future__ import annotations

import json
import re

HEAD = re.compile(rb'\s*\[\s*([2-6])\s*,(?:\s*"((?:[^"\\]|\\.){1,64})")?')
"""Message type and, where it is whole, the id of a message that cannot be read otherwise."""

_CLOSING = {"[": "]", "{": "}"}
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,\s*([\]}])')
_NEXT = re.compile(r"[\s,]*(?=\[\s*[2-6]\s*,)")
"""What may stand between two messages."""
_PARTIAL = re.compile(r"[-+.\w]*\s*\Z")
"""The beginning of a number, true, false or null, up to the end."""


def mend(data: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Text that is more likely to be JSON, and what was done to it; several where messages came in one."""
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
        return [text], tuple(repairs)
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        pass
    else:
        texts, left_out = _apart(text, end)
        if left_out:
            repairs.append(f"{left_out} characters after the end removed")
        return texts, tuple(repairs)
    if any(control in text for control in map(chr, range(32))):
        cleaned = "".join(" " if ord(char) < 32 else char for char in text)
        if _reads(cleaned):
            return [cleaned], (*repairs, "control characters replaced")
    if missing := _missing_brackets(text):
        text += missing
        repairs.append(f"closed with {missing}")
    comma_free = _TRAILING_COMMA.sub(r"\1\2", text)
    if comma_free != text and not _reads(text) and _reads(comma_free):
        return [comma_free], (*repairs, "comma before a bracket removed")
    return [text], tuple(repairs)


def is_cut(error: ValueError) -> bool:
    """What failed is the beginning of an array or object, and nothing is wrong with it but that it ends."""
    if not isinstance(error, json.JSONDecodeError) or not error.doc.lstrip().startswith(("[", "{")):
        return False
    return error.msg.startswith("Unterminated string") or _PARTIAL.match(error.doc, error.pos) is not None


def _apart(text: str, end: int) -> tuple[list[str], int]:
    """The messages that stand one behind the other, and how many characters after them are none.

    ``end`` is where the first one ends. The last one may be broken.
    """
    texts, decoder = [text[:end]], json.JSONDecoder()
    while (start := _NEXT.match(text, end)) is not None:
        try:
            _, end = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            end = len(text)
        texts.append(text[start.end() : end])
    return texts, len(text) - end


def _reads(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _missing_brackets(text: str) -> str:
    """The brackets that are missing at the very end; none where what stands before them may not be whole.

    A number may have had more digits, a text more letters, and after a comma or an opened bracket more was to
    come. A message without its payload is not whole either.
    """
    stack: list[str] = []
    before_string = ""
    last = ""
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
            before_string = last
        elif char in _CLOSING:
            stack.append(_CLOSING[char])
        elif char in "]}" and stack and stack[-1] == char:
            stack.pop()
        if not in_string and not char.isspace():
            last = char
    is_value = last == '"' and (before_string == ":" or (len(stack) > 1 and stack[-1] == "]"))
    return "".join(reversed(stack)) if last in "]}" or is_value else ""
