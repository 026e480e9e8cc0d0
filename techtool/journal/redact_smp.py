"""SMP packets without what they carry: settings, shell and files may hold any secret, in base64 of CBOR. Pure.

Their frames stay frames: who asked what, and whether it was refused, still shows. The journal knows no protocol,
and needs no more of this one than where its header stands. Source: mcumgr's smp-console.md.
"""

from __future__ import annotations

import base64
import binascii
import struct

BEGINS = b"\x06\x09"
_HEADER = struct.Struct("!BBHHBB")
_OPEN = frozenset({0, 1, 2, 10, 11, 63})
"""Groups that hold no secrets: operating system, images, statistics, lists of groups, transports, erasing.

Settings, files and the shell are none of them, and what a vendor adds may be anything.
"""
_KEPT = ("rc", "ret", "off", "len", "max_size")
"""Numbers that are no secrets."""


def emptied(data: bytes) -> bytes:
    """The lines of a packet, without its content if that may be secret; what cannot be read is left out whole."""
    try:
        text = b"".join(base64.b64decode(line.strip()[2:], validate=True) for line in data.splitlines())
    except binascii.Error:
        return b""
    packet = text[2:-2]
    if len(packet) < _HEADER.size or binascii.crc_hqx(text[2:], 0):
        return b""
    first, flags, _, group, sequence, command = _HEADER.unpack(packet[: _HEADER.size])
    if group in _OPEN:
        return data
    body = _without(packet[_HEADER.size :])
    packet = _HEADER.pack(first, flags, len(body), group, sequence, command) + body
    packet += binascii.crc_hqx(packet, 0).to_bytes(2, "big")
    return BEGINS + base64.b64encode(len(packet).to_bytes(2, "big") + packet) + b"\n"


def _without(body: bytes) -> bytes:
    import cbor2  # only a visit with SMP pays for it

    try:
        values = cbor2.loads(body, max_depth=16, str_errors="replace")
    except cbor2.CBORError:
        values = None
    if not isinstance(values, dict):
        return b"\xa0"
    kept: dict[str, object] = {name: values[name] for name in _KEPT if type(values.get(name)) is int}
    match values.get("err"):
        case {"group": int(group), "rc": int(code)}:
            kept["err"] = {"group": group, "rc": code}
    return cbor2.dumps(kept)
