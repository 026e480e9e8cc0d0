"""What stands inside an SMP packet: eight bytes of header, and a map in CBOR. Pure.

smp's own header is not used: it refuses numbers of commands that it does not know, and devices have such.
Source: docs.zephyrproject.org, "SMP Protocol Specification", frames.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SIZE = 8
"""Bytes of a header."""
VERSION = 1
"""Of the header: SMP 2, in which groups have errors of their own. A device that knows only SMP 1 answers in it."""
_HEADER = struct.Struct("!BBHHBB")
_OPERATION, _VERSION = 0b111, 0b11
_VERSION_AT = 3


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer."""

    operation: int
    """0 read, 1 answer to a read, 2 write, 3 answer to a write."""
    group: int
    """0 to 65535."""
    command: int
    """0 to 255, within the group."""
    sequence: int
    """0 to 255; an answer has that of its request."""
    body: bytes = b"\xa0"
    version: int = VERSION
    """0 or 1, one less than people call it."""

    @property
    def answers(self) -> bool:
        """Whether it is an answer."""
        return bool(self.operation & 1)

    @property
    def writes(self) -> bool:
        """Whether it is a write, or the answer to one."""
        return bool(self.operation & 2)

    @property
    def id(self) -> str:
        """What a request and its answer have in common."""
        return f"{self.sequence}.{self.group}.{self.command}"


def packet_of(message: Message) -> bytes:
    """The bytes that are framed. Raises ValueError for numbers that do not fit."""
    first = message.version << _VERSION_AT | message.operation
    try:
        head = _HEADER.pack(first, 0, len(message.body), message.group, message.sequence, message.command)
    except struct.error:
        raise ValueError("groups go to 65535, commands to 255, and packets to 65535 bytes") from None
    return head + message.body


def message_of(packet: bytes) -> Message | None:
    """The reverse of :func:`packet_of`; None for what is no message, or only a part of one."""
    if len(packet) < SIZE:
        return None
    first, _, length, group, sequence, command = _HEADER.unpack(packet[:SIZE])
    operation = first & _OPERATION
    if operation > 3 or length != len(packet) - SIZE:
        return None
    version = first >> _VERSION_AT & _VERSION
    return Message(operation, group, command, sequence, packet[SIZE:], version)
