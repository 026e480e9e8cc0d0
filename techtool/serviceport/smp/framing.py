"""Bytes of an SMP line in; packets, text and noise out. Pure, and the same however the bytes are cut.

A packet is its length, its message and a CRC-16, in base64 on lines of at most 127 bytes; the first begins with
06 09, the others with 04 14. Shell and log may share the line, so text may stand before a packet, behind it, and
between its lines. Sources: mcumgr's smp-console.md; docs.zephyrproject.org, "SMP Transport Specification".
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import StrEnum
from typing import NamedTuple

BEGINS, GOES_ON = b"\x06\x09", b"\x04\x14"
LINE = 127
"""Bytes of a line that goes out, with its mark and its end."""
MOST_LINE = 1024
"""Bytes of a line that comes in. Some firmware writes a byte more than is allowed, and logs have long lines."""
MOST_PACKET = 0xFFFF
"""Bytes that a packet can announce: no more is ever held."""
FLOOD = 100
"""Pieces of text in one read; more than that is a flood, and is kept together."""
_LEAST = 8 + 2
"""A header and the CRC."""
_MARK = re.compile(rb"\x06\x09|\x04\x14")
_TEXT = frozenset(range(0x20, 0x7F)) | frozenset(b"\a\b\t\n\v\f\r\x1b\0")


class Sort(StrEnum):
    """What a piece is."""

    FRAME = "frame"
    CHATTER = "chatter"  # text beside the packets: a shell's, or a log's
    NOISE = "noise"


class Piece(NamedTuple):
    """Some bytes that belong together, with the ends of their lines."""

    sort: Sort
    data: bytes
    packet: bytes = b""
    """Of a frame: the message, its header first."""


def wrap(packet: bytes) -> bytes:
    """The lines that go out. Raises ValueError for what is too long to be announced."""
    body = packet + binascii.crc_hqx(packet, 0).to_bytes(2, "big")
    if len(body) > MOST_PACKET:
        raise ValueError(f"{len(packet)} bytes are too many for one packet")
    text = base64.b64encode(len(body).to_bytes(2, "big") + body)
    room = (LINE - len(BEGINS) - 1) // 4 * 4  # each line is decoded by itself
    parts = [text[at : at + room] for at in range(0, len(text), room)]
    return b"".join((GOES_ON if at else BEGINS) + part + b"\n" for at, part in enumerate(parts))


def unwrap(data: bytes) -> bytes | None:
    """The message in a frame's lines; None where they are damaged, or are something else."""
    pieces = Framer().feed(data)
    return pieces[0].packet if len(pieces) == 1 and pieces[0].sort is Sort.FRAME else None


class Framer:
    """Cuts what comes into pieces. Every byte comes out once; text between the lines of a frame before it."""

    def __init__(self) -> None:
        self._held = bytearray()
        """Of a line that has no end yet."""
        self._lines = bytearray()
        """Of a packet that is not whole yet."""
        self._packet = bytearray()
        self._overlong = False
        """What comes until the end of this line belongs to one that was too long."""
        self._pieces: list[Piece] = []

    def feed(self, data: bytes) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""
        self._held += data
        held, at = bytes(self._held), 0
        while (end := self._next(held, at)) is not None:
            at = end
        del self._held[:at]
        return self._taken()

    def still(self) -> list[Piece]:
        """Nothing more came for a while: text without an end of line, such as a prompt. A packet may yet go on."""
        if self._held and not _MARK.match(self._held):
            self._loose(bytes(self._held))
            self._held.clear()
        return self._taken()

    def flush(self) -> list[Piece]:
        """What is left, when no more will come."""
        self._give_up()
        if _MARK.match(self._held):
            self._noise(bytes(self._held))
            self._held.clear()
        self._overlong = False
        return self.still()

    def _next(self, held: bytes, at: int) -> int | None:
        """Take what stands there, up to its end; None where that is not known yet."""
        line = held.find(b"\n", at) + 1
        mark = _MARK.search(held, at, line or len(held))
        if mark is None:
            if line:
                self._loose(held[at:line])
                return line
            end = len(held) - (held[-1:] in (BEGINS[:1], GOES_ON[:1]))
            if end - at <= MOST_LINE:
                return None
            self._loose(held[at:end])
            return end
        if mark.start() > at:
            self._loose(held[at : mark.start()])
            return mark.start()
        self._overlong = False
        again = _MARK.search(held, mark.end(), line or len(held))
        if again is not None:  # a packet begins, wherever it stands
            self._broken(held[at : again.start()])
            return again.start()
        if line and line - at <= MOST_LINE:
            self._line(held[at:line])
            return line
        if not line and len(held) - at <= MOST_LINE:
            return None
        self._broken(held[at : line or len(held)])
        self._overlong = not line
        return line or len(held)

    def _line(self, data: bytes) -> None:
        try:
            part = binascii.a2b_base64(data[2:].rstrip(b"\r\n"), strict_mode=True)
        except binascii.Error:
            self._broken(data)
            return
        if data.startswith(BEGINS):
            self._give_up()
        elif not self._lines:
            self._noise(data)
            return
        self._lines += data
        self._packet += part
        told = int.from_bytes(self._packet[:2], "big")
        missing = told + 2 - len(self._packet)
        if len(self._packet) < 2 or told < _LEAST or missing < 0:
            self._give_up()
        elif not missing:
            self._whole(bytes(self._lines), bytes(self._packet[2:]))

    def _whole(self, data: bytes, body: bytes) -> None:
        if binascii.crc_hqx(body, 0):  # over the message and its CRC: 0
            self._give_up()
            return
        self._pieces.append(Piece(Sort.FRAME, data, body[:-2]))
        self._lines.clear()
        self._packet.clear()

    def _broken(self, data: bytes) -> None:
        """A line of a packet is damaged, and with it all of it."""
        self._lines += data
        self._give_up()

    def _give_up(self) -> None:
        if self._lines:
            self._noise(bytes(self._lines))
        self._lines.clear()
        self._packet.clear()

    def _loose(self, data: bytes) -> None:
        odd = sum(byte not in _TEXT for byte in data)
        if self._overlong or odd * 4 > len(data):
            self._noise(data)
            self._overlong = self._overlong and not data.endswith(b"\n")
            return
        last = self._pieces[-1] if len(self._pieces) >= FLOOD else None
        if last is not None and last.sort is Sort.CHATTER:
            self._pieces[-1] = last._replace(data=last.data + data)
        else:
            self._pieces.append(Piece(Sort.CHATTER, data))

    def _noise(self, data: bytes) -> None:
        last = self._pieces[-1] if self._pieces else None
        if last is not None and last.sort is Sort.NOISE:
            self._pieces[-1] = last._replace(data=last.data + data)
        else:
            self._pieces.append(Piece(Sort.NOISE, data))

    def _taken(self) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        return pieces
