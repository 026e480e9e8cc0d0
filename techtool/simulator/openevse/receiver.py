"""The charger's ear: bytes to lines, lines to commands, with all that the real one lets pass.

Source: OpenEVSE/open_evse, firmware/open_evse/rapi_proc.h; the recorded dialogue.
"""

from __future__ import annotations

from typing import NamedTuple

from techtool.serviceport.rapi.frames import MAX_LINE, MAX_TOKENS, checksum


class Command(NamedTuple):
    """Something to do."""

    name: str
    """Two characters; what follows them in the first word is not looked at."""
    words: tuple[str, ...] = ()
    sequence: int | None = None


class Receiver:
    """Collects a line. What is too long goes away without a word."""

    def __init__(self) -> None:
        self._line: bytearray | None = None

    def take(self, byte: int) -> bytes | None:
        """One byte more; the line from its ``$`` on when it ends here."""
        if byte == 0x24:  # a $ begins a line, wherever it stands
            self._line = bytearray(b"$")
        elif self._line is None:
            return None
        elif len(self._line) > MAX_LINE:
            self._line = None
        elif byte == 0x0D:
            line, self._line = bytes(self._line), None
            return line
        else:
            self._line.append(byte)
        return None


def parse(line: bytes, *, ids: bool = True) -> Command | None:
    """The command of a line; None for a wrong checksum or too many words. No checksum is fine."""
    line = line.partition(b"\0")[0]
    places = [place for place in (line.find(b"*"), line.find(b"^")) if place >= 0]
    end = min(places, default=len(line))
    body, sign, told = line[:end], line[end : end + 1], line[end + 1 :]
    words = body[1:].decode("latin-1").split(" ")
    if len(words) > MAX_TOKENS:
        return None
    due = sum(body) & 0xFF if sign == b"*" else checksum(body)
    if sign and _hex(told) != due:
        return None
    sequence = None
    if ids and len(words) > 1 and words[-1][:1] == ":":
        sequence = _hex(words.pop()[1:].encode("latin-1")) or None  # 00 is none
    return Command(words[0][:2], tuple(words[1:]), sequence)


def _hex(digits: bytes) -> int:
    """The first two digits, as the firmware reads them: 0 for what is none."""
    try:
        return int(digits[:2], 16) if digits[:2].isalnum() else 0
    except ValueError:
        return 0


def number(word: str) -> int:
    """Digits as the firmware reads them: anything counts as a digit, which is how ``x`` becomes 72."""
    value = 0
    for character in word:
        value = (value * 10 + ord(character) - 0x30) & 0xFFFFFFFF
    return value
