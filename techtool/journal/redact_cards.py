"""How else a card's number may be written: readers, logs and people do not agree. Pure."""

from __future__ import annotations

import re

_UID = re.compile(r"(?:[0-9A-Fa-f]{2}){4,10}")
"""4, 7 or 10 bytes in hex, and what makes of cards lie between."""


def spellings(card: str) -> set[str]:
    """The UID in pairs with ``:``, ``-`` or a space, turned around, and as a decimal; none for other tokens."""
    if not _UID.fullmatch(card):
        return set()
    pairs = [card[place : place + 2] for place in range(0, len(card), 2)]
    found = set()
    for order in (pairs, pairs[::-1]):
        found |= {sign.join(order) for sign in ("", ":", "-", " ")}
        found.add(str(int("".join(order), 16)).zfill(8))
    return found - {card}
