"""Which cards the charger itself knows: the local list and the authorization cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

_READER = b"\x01"
"""The family code of a 1-Wire reader, which its CRC covers, too."""


class Standing(NamedTuple):
    """What is known of a card."""

    status: str
    """``Accepted``, or why not."""
    group: str | None = None
    """parentIdTag or groupIdToken."""


@dataclass(slots=True)
class Cards:
    """Tokens are compared without regard to case, as the standards want."""

    version: int = 0
    """Of the local list; 0 is an empty one."""
    local: dict[str, Standing] = field(default_factory=dict)
    cache: dict[str, Standing] = field(default_factory=dict)

    def known(self, token: str, use_list: bool, use_cache: bool) -> Standing | None:
        """The list goes before the cache."""
        key = token.lower()
        if use_list and key in self.local:
            return self.local[key]
        return self.cache.get(key) if use_cache else None

    def learn(self, token: str, standing: Standing) -> None:
        """Keep what the back office answered."""
        self.cache[token.lower()] = standing

    def update(self, version: int, full: bool, entries: list[tuple[str, Standing | None]], capacity: int) -> str:
        """Apply a SendLocalList. An entry without a standing is removed. Gives the status to answer."""
        if not full and version <= self.version:
            return "VersionMismatch"
        wanted = {} if full else dict(self.local)
        for token, standing in entries:
            if standing is None:
                wanted.pop(token.lower(), None)
            else:
                wanted[token.lower()] = standing
        if len(wanted) > capacity:
            return "Failed"
        self.local, self.version = wanted, version
        return "Accepted"


def with_crc(token: str) -> str:
    """What a 1-Wire reader makes of a UID: six bytes and its own CRC; what is no UID stays as it is."""
    try:
        uid = bytes.fromhex(token)[:6].ljust(6, b"\0")
    except ValueError:
        return token
    return (uid + bytes([_crc8(_READER + uid)])).hex().upper()


def _crc8(data: bytes) -> int:
    """Of 1-Wire: polynomial 0x31, least bit first."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8C if crc & 1 else 0)
    return crc
