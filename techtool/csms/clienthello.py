"""The first bytes of a TLS client, read as far as a technician needs them (RFC 8446 section 4.1.2)."""

from __future__ import annotations

from typing import NamedTuple

_VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
_SERVER_NAME = 0
_SUPPORTED_VERSIONS = 43


class ClientHello(NamedTuple):
    """What a TLS client offered."""

    versions: tuple[str, ...]
    """Highest first."""
    server_name: str | None

    @property
    def text(self) -> str:
        """In words, for a knock."""
        named = f", for {self.server_name}" if self.server_name else ""
        return f"offers {', '.join(self.versions) or 'no known version'}{named}"


def looks_like_tls(data: bytes | bytearray) -> bool:
    """Whether the first bytes can be the start of a TLS handshake."""
    return bytes((0x16, 0x03))[: len(data)] == data[:2] and bool(data)


def size(data: bytes | bytearray) -> int | None:
    """Bytes of the first TLS record with its header; None while that is not known."""
    return 5 + int.from_bytes(data[3:5], "big") if len(data) >= 5 else None


def parse(data: bytes) -> ClientHello | None:
    """Read a ClientHello; None where the bytes are none, or are cut too early to tell anything."""
    if not looks_like_tls(data) or len(data) < 11 or data[5] != 1:
        return None
    legacy = int.from_bytes(data[9:11], "big")
    versions: tuple[int, ...] = (legacy,)
    server_name = None
    try:
        for kind, body in _extensions(data):
            if kind == _SUPPORTED_VERSIONS:
                pairs = body[1 : 1 + body[0]]
                versions = tuple(int.from_bytes(pairs[i : i + 2], "big") for i in range(0, len(pairs), 2))
            elif kind == _SERVER_NAME:
                length = int.from_bytes(body[3:5], "big")
                server_name = body[5 : 5 + length].decode("ascii", "backslashreplace")
    except IndexError:
        pass  # cut off: what was read so far is still worth telling
    names = tuple(_VERSIONS[one] for one in sorted(versions, reverse=True) if one in _VERSIONS)
    return ClientHello(names, server_name)


def _extensions(data: bytes) -> list[tuple[int, bytes]]:
    at = 5 + 4 + 2 + 32
    at += 1 + data[at]  # session id
    at += 2 + int.from_bytes(data[at : at + 2], "big")  # cipher suites
    at += 1 + data[at]  # compression methods
    end = at + 2 + int.from_bytes(data[at : at + 2], "big")
    at += 2
    found = []
    while at + 4 <= min(end, len(data)):
        kind = int.from_bytes(data[at : at + 2], "big")
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((kind, data[at + 4 : at + 4 + length]))
        at += 4 + length
    return found
