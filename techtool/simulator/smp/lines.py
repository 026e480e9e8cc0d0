"""SMP packets on the lines of a UART, by PyPI smp's own codec. Pure."""

from __future__ import annotations

import binascii
import struct
from collections.abc import Generator

from smp import packet
from smp.exceptions import SMPDecodeError

LINE = 127
MOST = 4096
"""Bytes without an end of line that are kept."""


class Receiver:
    """Bytes in; the messages in them out. What is typed besides is ignored, as by a UART without a shell."""

    def __init__(self) -> None:
        self._held = b""
        self._decoder: Generator[None, bytes, bytes] | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes in; the messages that are whole now."""
        *lines, self._held = (self._held + data).split(b"\n")
        self._held = self._held[-MOST:]
        found = (self._line(line + b"\n") for line in lines)
        return [one for one in found if one is not None]

    def _line(self, line: bytes) -> bytes | None:
        begins, goes_on = line.rfind(packet.START_DELIMITER), line.rfind(packet.CONTINUE_DELIMITER)
        if begins >= 0:
            self._decoder = packet.decode()
            next(self._decoder)
        elif goes_on < 0 or self._decoder is None:
            return None
        try:
            self._decoder.send(line[max(begins, goes_on) :])
        except StopIteration as done:
            self._decoder = None
            return bytes(done.value)
        except (SMPDecodeError, binascii.Error, struct.error):
            self._decoder = None
        return None


def packed(message: bytes) -> bytes:
    """The lines of a message."""
    return b"".join(packet.encode(message, line_length=LINE))
