"""Images as MCUboot wants them: a header, the program, and its SHA-256 behind it. Pure.

Source: docs.mcuboot.com, "Image format".
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

MAGIC, TLV_MAGIC = 0x96F3B83D, 0x6907
SHA256_TLV = 0x10
HEADER = 32
_HEADER = struct.Struct("<IIHHIIBBHI4x")
_PAIR = struct.Struct("<HH")


class Image(NamedTuple):
    """What a slot holds."""

    version: str
    hash: bytes
    """Of header and program, as the slot's list shows it; not that of the file."""
    size: int


def made(version: tuple[int, int, int] = (1, 0, 0), size: int = 2048, fill: bytes = b"charger ") -> bytes:
    """A file with a program of so many bytes, whatever it does."""
    body = (fill * (size // len(fill) + 1))[:size]
    head = _HEADER.pack(MAGIC, 0, HEADER, 0, size, 0, *version, 0)
    digest = hashlib.sha256(head + body).digest()
    tail = _PAIR.pack(TLV_MAGIC, 2 * _PAIR.size + len(digest)) + _PAIR.pack(SHA256_TLV, len(digest)) + digest
    return head + body + tail


def is_header(data: bytes) -> bool:
    """Whether a file that begins so is an image."""
    return len(data) >= HEADER and int.from_bytes(data[:4], "little") == MAGIC


def read(data: bytes) -> Image | None:
    """What a whole file holds; None where it is damaged, or is no image."""
    if not is_header(data):
        return None
    _, _, head, protected, size, _, major, minor, revision, build = _HEADER.unpack(data[:HEADER])
    end = head + size + protected
    if len(data) < end + _PAIR.size or _PAIR.unpack_from(data, end)[0] != TLV_MAGIC:
        return None
    at = end + _PAIR.size
    while at + _PAIR.size <= len(data):
        kind, length = _PAIR.unpack_from(data, at)
        value = data[at + _PAIR.size : at + _PAIR.size + length]
        if kind == SHA256_TLV:
            version = f"{major}.{minor}.{revision}" + (f".{build}" if build else "")
            return Image(version, value, len(data)) if value == hashlib.sha256(data[:end]).digest() else None
        at += _PAIR.size + length
    return None
