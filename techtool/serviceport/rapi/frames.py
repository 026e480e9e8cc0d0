"""RAPI frames: ``$NAME args :ss^XX`` and a carriage return. Pure.

Source: OpenEVSE/open_evse, firmware/open_evse/rapi_proc.{h,cpp}; dialogues with firmware 8.2.3.EU (RAPI 5.2.1).
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from typing import NamedTuple

MAX_LINE = 31
"""Characters before the carriage return that a charger takes; a longer line it drops without a word."""
MAX_TOKENS = 10
_TOLD = frozenset({"OK", "NK", "AT", "AB", "AN", "WF", "ST"})
_NAME = re.compile(r"[A-Z][A-Z0-9]")
_ARGUMENT = re.compile(r"[!-#%-)+-9;-\]_-~]+")
"""Printable, without what means something: space, ``$``, ``*``, ``:``, ``^``."""
_SEQUENCE = re.compile(r"[0-9A-F]{2}")
_VERSION = re.compile(r"[A-Za-z]{0,2}\d+\.\d")


class Frame(NamedTuple):
    """A frame whose checksum is right."""

    name: str
    """``GS``; of an answer ``OK`` or ``NK``; of news ``AT``, ``AB``, ``AN``, ``WF``, ``ST``."""
    arguments: tuple[str, ...] = ()
    sequence: str | None = None
    """Two hex digits that the answer repeats; nothing else says what it answers."""


class FrameError(ValueError):
    """It is no frame, or must not be sent as one; the text says why."""


def is_told(frame: Frame) -> bool:
    """Whether a charger says this; it is our own echo otherwise."""
    return frame.name in _TOLD


def tells_version(words: tuple[str, ...]) -> bool:
    """Whether this can be the answer to ``$GV``: no answer to another question begins with such a number."""
    return bool(words) and _VERSION.match(words[0]) is not None


def may_answer(question: Frame, answer: Frame) -> bool:
    """Whether an ``OK`` or ``NK`` may be to this question, and not to one of a WiFi module on the same line."""
    if answer.sequence is not None:
        return answer.sequence == question.sequence
    return answer.name == "NK" or question.name != "GV" or tells_version(answer.arguments)


def checksum(body: bytes) -> int:
    """Of everything from the ``$`` up to, not including, the ``^``."""
    return reduce(xor, body, 0)


def encode(frame: Frame) -> bytes:
    """The frame as it goes out. Raises FrameError for what a charger would drop or misread."""
    for one in frame.arguments:
        if not _ARGUMENT.fullmatch(one):
            raise FrameError(
                f"{one!r} cannot be sent over RAPI: plain characters only, no spaces and none of $ * : ^."
            )
    if not _NAME.fullmatch(frame.name):
        raise FrameError(
            f"{frame.name!r} is no RAPI command: a capital letter and a second letter or digit, like GS."
        )
    if frame.sequence is not None and (not _SEQUENCE.fullmatch(frame.sequence) or frame.sequence == "00"):
        raise FrameError(f"{frame.sequence!r} is no sequence id: two hex digits, not 00.")
    words = [f"${frame.name}", *frame.arguments, *([f":{frame.sequence}"] if frame.sequence else [])]
    body = " ".join(words).encode("ascii")
    line = body + b"^%02X" % checksum(body)
    if len(line) > MAX_LINE or len(words) > MAX_TOKENS:
        text = (
            f"{body.decode()} is too long: a charger takes {MAX_LINE} characters and {MAX_TOKENS} words at most."
        )
        raise FrameError(text)
    return line + b"\r"


def decode(line: bytes) -> Frame:
    """A line from its ``$`` on, without its end. Raises FrameError where the checksum is wrong or missing.

    Latin-1: ``$GI`` answers with raw bytes.
    """
    if line[:1] != b"$":
        raise FrameError("it does not begin with $")
    body, sign, told = line.rpartition(b"^")
    if not sign:
        raise FrameError("it has no checksum")
    if not re.fullmatch(rb"[0-9A-Fa-f]{2}", told):
        raise FrameError("its checksum is no two hex digits")
    if int(told, 16) != checksum(body):
        raise FrameError(f"its checksum is {told.decode()}, and should be {checksum(body):02X}")
    name, *words = body[1:].decode("latin-1").split(" ")
    if not _NAME.fullmatch(name):
        raise FrameError("it has no name of two characters")
    sequence = None
    if words and words[-1][:1] == ":" and _SEQUENCE.fullmatch(words[-1][1:].upper()):
        sequence = words.pop()[1:].upper()
    return Frame(name, tuple(words), sequence)


def frame_of(line: bytes) -> Frame | None:
    """The frame of a line as it was kept, with its end; None where it is none: files hold anything."""
    try:
        return decode(line.strip(b"\r\n"))
    except FrameError:
        return None
