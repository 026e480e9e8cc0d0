"""The bytes of XMODEM and YMODEM on the wire, as a sender makes them. Pure.

Source: Chuck Forsberg, XMODEM/YMODEM Protocol Reference (1988).
"""

from __future__ import annotations

import binascii
from enum import Enum

SOH, STX, EOT, ACK, NAK, CAN = 0x01, 0x02, 0x04, 0x06, 0x15, 0x18
CRC, STREAM = 0x43, 0x47
"""What a receiver opens with: ``C`` for blocks with a CRC, ``G`` for a stream without acknowledgements."""
SMALL, LARGE = 128, 1024
"""Bytes that a block carries; whole blocks only."""
OVERHEAD = 5
"""Bytes of a block beside what it carries, with a CRC."""
ABORT = bytes([CAN] * 5 + [0x08] * 5)
"""Gives up, whatever the receiver is doing; the backspaces rub it out again where a prompt has taken its place."""
_FILL = b"\x1a"


class Check(Enum):
    """How a block is protected; the receiver chooses."""

    CRC = "CRC-16"
    SUM = "checksum"


def block(number: int, carried: bytes | memoryview, size: int, check: Check, fill: bytes = _FILL) -> bytes:
    """A block of ``size`` (128 or 1024) bytes, filled up. ``number`` counts from 0 and wraps on the wire.

    Raises ValueError for a size that is none, or for more than fits.
    """
    if size not in (SMALL, LARGE) or len(carried) > size:
        raise ValueError(f"{len(carried)} bytes in a block of {size}")
    number &= 0xFF
    held = b"".join((carried, fill * (size - len(carried))))
    head = bytes((SOH if size == SMALL else STX, number, 0xFF - number))
    tail = binascii.crc_hqx(held, 0).to_bytes(2, "big") if check is Check.CRC else bytes([sum(held) & 0xFF])
    return b"".join((head, held, tail))


def header(told: bytes, check: Check) -> bytes:
    """YMODEM's block 0, in the smallest size that takes it. Nothing told closes the batch.

    Raises ValueError for more than 1024 bytes.
    """
    return block(0, told, SMALL if len(told) <= SMALL else LARGE, check, b"\0")
