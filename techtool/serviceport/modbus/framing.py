"""What every way to put Modbus on a serial line gives: frames to send, and pieces of what comes. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol

from techtool.serviceport.modbus.asks import Answer, Ask

MOST_HELD = 512
"""Bytes without a frame, after which they are noise; Modbus's longest frame has 513 characters."""


class Sort(StrEnum):
    """What a piece is."""

    ANSWER = "answer"
    ECHO = "echo"  # what was sent, come back
    NOISE = "noise"


class Piece(NamedTuple):
    """Some bytes that belong together."""

    sort: Sort
    data: bytes
    answer: Answer | None = None


class Packet(NamedTuple):
    """What stands inside a frame whose checksum is right."""

    unit: int
    pdu: bytes


class Echoes:
    """Whether the line gives back what is sent.

    The answer to the write of one register is the request itself, so only reads can tell. As long as nothing is
    known, what looks like both is an echo: a write must not be taken for done because the line repeats it.
    """

    def __init__(self) -> None:
        self._line: bool | None = None
        self._pending = 0
        self._came = False
        self._writes = False

    def sent(self, ask: Ask, *, again: bool) -> None:
        """A frame goes out; ``again`` if it is the one before once more."""
        self._pending = self._pending + 1 if again else 1
        self._came = self._came and again
        self._writes = ask.writes

    def is_one(self) -> bool:
        """Whether bytes that are equal to the frame that was sent are its echo."""
        if self._writes and (self._line is False or not self._pending):
            return False
        self._pending = max(0, self._pending - 1)
        self._came = True
        return True

    def answered(self) -> None:
        """An answer came: what has not come back until now will not."""
        if not self._writes:
            self._line = self._came


class Framer(Protocol):
    """Cuts what comes into pieces; every byte comes out once, in its order."""

    def expect(self, unit: int, ask: Ask, sent: bytes, *, again: bool = False) -> None:
        """From now on answers to this are looked for. What is held belongs to what was before: flush it first."""

    def feed(self, data: bytes) -> list[Piece]:
        """Take bytes in; the pieces that are whole now."""

    def flush(self) -> list[Piece]:
        """What is left, when nothing more will come."""


class Wire(Protocol):
    """One way to put Modbus on a serial line."""

    def wrap(self, unit: int, pdu: bytes) -> bytes:
        """The frame that goes out."""

    def unwrap(self, data: bytes) -> Packet | None:
        """What stands in a frame, of either direction; None where it is none, or is damaged."""

    def framer(self) -> Framer:
        """A framer for one opening of the port."""
