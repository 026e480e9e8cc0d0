"""Secret values and the names that stand for them: the same value always gets the same one."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from itertools import chain
from urllib.parse import quote

SHORTEST = 4
"""Shorter values are only replaced where a field says what they are: "A" is also the unit of a current."""
UNBOUNDED = 8
"""Shorter values are only replaced where they stand alone, not within longer words."""
UNBOUNDED_DIGITS = 12

WORDS = frozenset(
    {
        *(
            "accepted",
            "rejected",
            "blocked",
            "invalid",
            "expired",
            "pending",
            "scheduled",
            "unknown",
            "concurrenttx",
        ),
        *(
            "notsupported",
            "notimplemented",
            "local",
            "remote",
            "central",
            "iso14443",
            "iso15693",
            "keycode",
            "emaid",
        ),
        *("macaddress", "noauthorization", "directpayment", "nocredit", "available", "occupied", "preparing"),
        *(
            "charging",
            "suspendedev",
            "suspendedevse",
            "finishing",
            "reserved",
            "unavailable",
            "faulted",
            "noerror",
        ),
        *("true", "false", "null", "none", "ocpp1.6", "ocpp2.0.1", "ocpp2.1", "idtag", "idtoken", "password"),
        *("secret", "token", "value", "status", "authorize", "heartbeat", "user", "name", "text", "type", "data"),
        *("actual", "target", "full", "differential", "reboot", "hard", "soft", "immediate", "onidle"),
        *("operative", "inoperative", "started", "updated", "ended"),
    }
)
"""Values that are a card's number only by accident: as plain text they stay."""

_BEFORE = r"(?:(?<![0-9A-Za-z])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
_AFTER = r"(?![0-9A-Za-z])"

_Entry = tuple[str, re.Pattern[str], str]
"""A shape of a secret in lower case, how it is found, and the secret."""


class Pseudonyms:
    """Learns values and makes names for them, keyed by ``key``."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._labels: dict[str, str] = {}
        self._made: set[str] = set()
        self._by_start: dict[str, list[_Entry]] = {}
        self._short: list[_Entry] = []
        self._count = 0

    def learn(self, value: str, label: str) -> None:
        """Remember a secret, so that it is also found where nothing says what it is."""
        if value in self._labels or not value:
            return
        self._labels[value] = label
        short = value.strip()
        if len(short) < (2 if label == "identity" else SHORTEST) or short.lower() in WORDS:
            return
        shapes = {
            short,
            json.dumps(short)[1:-1],
            json.dumps(short, ensure_ascii=False)[1:-1],
            quote(short.encode("utf-8", "replace"), safe=""),
        }
        for shape in shapes:
            bounded = len(short) < (UNBOUNDED_DIGITS if short.isdigit() else UNBOUNDED)
            escaped = re.escape(shape)
            pattern = re.compile(_BEFORE + escaped + _AFTER if bounded else escaped, re.IGNORECASE)
            entry = shape.lower(), pattern, value
            self._count += 1
            if len(shape) < SHORTEST:
                self._short.append(entry)
            else:
                self._by_start.setdefault(entry[0][:SHORTEST], []).append(entry)

    def knows(self, value: str) -> bool:
        """Whether this value was learnt."""
        return value in self._labels

    def made(self, text: str) -> bool:
        """Whether this is one of the names made here."""
        return text in self._made

    def note(self, text: str) -> None:
        """Count a text as made here, so that it is not replaced again."""
        self._made.add(text)

    def name(self, value: str, label: str) -> str:
        """The name of a value; ``label`` counts where the value was not learnt with another."""
        label = self._labels.get(value, label)
        if value.strip().lower() in label.lower():
            label = "x"
        made = f"{label}-{self._digest(value)[:8]}"
        self._made.add(made)
        return made

    def number(self, value: str) -> str:
        """The same for a number: digits in the same count, 18 at most."""
        size = min(max(sum(char.isdigit() for char in value), 1), 18)
        low = 10 ** (size - 1)
        return str(low + int(self._digest(value), 16) % (9 * low))

    def replaced(self, text: str) -> str:
        """Text with every secret that was learnt replaced by its name."""
        if not self._count:
            return text
        lower = text.lower()
        starts = set(self._by_start)
        if self._count * 50 > len(lower):
            starts &= {lower[at : at + SHORTEST] for at in range(len(lower) - SHORTEST + 1)}
        candidates = chain(self._short, *(self._by_start[start] for start in starts))
        hits = [entry for entry in candidates if entry[0] in lower]
        # The longest first, so that a secret within another one does not spoil it.
        for _, pattern, value in sorted(hits, key=lambda hit: (-len(hit[0]), hit[0])):
            label = self._labels[value]
            text = pattern.sub(lambda found, v=value, n=label: self._name_of(found[0], v, n), text)  # type: ignore[misc]
        return text

    def _name_of(self, found: str, value: str, label: str) -> str:
        """A value in another case is another value, and keeps its own name."""
        return self.name(found if found.lower() == value.lower() else value, label)

    def _digest(self, value: str) -> str:
        return hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
