"""Parts of files on their way over a service port, in the words of the trace. Pure.

Source: Chuck Forsberg, "XMODEM/YMODEM Protocol Reference", 1988.
"""

from __future__ import annotations

_SIZES = {0x01: 128, 0x02: 1024}
_WORDS = {
    0x04: "end of file",
    0x06: "taken",
    0x15: "once more",
    0x18: "cancelled",
    0x43: "go on",
    0x47: "go on at once",
}
_MOST = 12
"""Signs that are told one by one."""


def words(data: bytes) -> str:
    """What a block, or the answers to it, say."""
    if len(data) > 3 and data[0] in _SIZES:
        name = data[3:].partition(b"\0")[0]
        if data[1] == 0 and data[0] == 0x01 and name.isascii():
            return f"block 0: {name.decode()}" if name else "block 0: no more files"
        return f"block {data[1]}, {_SIZES[data[0]]:,} bytes"
    if len(data) > _MOST or any(one not in _WORDS for one in data):
        return f"{len(data):,} bytes"
    return ", ".join(dict.fromkeys(_WORDS[one] for one in data))
