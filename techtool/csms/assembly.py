"""WebSocket frames in, whole messages out. Pure."""

from __future__ import annotations

from typing import NamedTuple

from websockets.frames import Frame, Opcode

from techtool.station.records import Kind

MAX_FRAGMENTS = 10_000


class Message(NamedTuple):
    """A whole message, of one frame or of many."""

    kind: Kind
    """TEXT or BINARY."""
    data: bytes


class TooManyFragmentsError(Exception):
    """A message that never ends; the text says so, for the close frame."""


class Assembly:
    """Puts the fragments of one connection's messages together."""

    def __init__(self) -> None:
        self._fragments: list[bytes] = []
        self._kind = Kind.TEXT

    def add(self, frame: Frame) -> Message | None:
        """Take a frame with data; the message if this was its last one. Raises TooManyFragmentsError."""
        if frame.opcode is not Opcode.CONT:
            self._kind = Kind.TEXT if frame.opcode is Opcode.TEXT else Kind.BINARY
        if frame.fin and not self._fragments:
            return Message(self._kind, bytes(frame.data))
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            whole = b"".join(self._fragments)
            self._fragments.clear()
            return Message(self._kind, whole)
        if len(self._fragments) > MAX_FRAGMENTS:
            self._fragments.clear()
            raise TooManyFragmentsError(f"a message of more than {MAX_FRAGMENTS:,} fragments")
        return None
