"""Secret values and the names that stand for them: the same value always gets the same one."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from itertools import chain
from urllib.parse import quote, unquote

from techtool.journal.redact_cards import spellings
from techtool.journal.redact_trie import Starts

IDENTITY = "identity"
"""The label of a charger's identity, which counts more than every other one."""
CARD = "idTag"
"""The label of a card's number, which is written in many ways."""
USER = "user"
"""The label of a user's name, which counts less: it may be the charger's."""

SHORTEST = Starts.SIZE
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

_IDENTICAL = frozenset({IDENTITY, USER})
"""Labels that stay where the value is a card's, too: it may be the charger's own name."""
_AS_WRITTEN = frozenset({IDENTITY, USER, "password", "secret", "cut"})
"""Labels of what is another value in another case: whoever looks for a wrong password must see that it differs."""

_Entry = tuple[str, re.Pattern[str], str]
"""A shape of a secret in lower case, how it is found, and the secret."""


class Pseudonyms:
    """Learns values and makes names for them, keyed by ``key``. The order of learning does not count."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._labels: dict[str, str] = {}
        self._made: set[str] = set()
        self._entered: set[str] = set()
        self._by_start: dict[str, list[_Entry]] = {}
        self._starts = Starts()
        self._short: list[_Entry] = []
        self._identities: set[str] = set()
        """Those with a name, folded."""
        self._kept: set[str] = set()
        """Those that stay, folded."""
        self._kept_spellings: set[str] = set()
        self._cards: set[str] = set()
        """Folded: OCPP compares them without regard to case, and readers add blanks."""
        self._secrets: dict[str, str] = {}
        """The labels of what is secret even where it is an identity, too, by the folded value."""

    def learn(self, value: str, label: str) -> None:
        """Remember a secret, so that it is also found where nothing says what it is."""
        if label == CARD:
            self._cards.add(_same_card(value))
        before = self._labels.get(value)
        if not value or before == label or (before not in (None, USER) and label != IDENTITY):
            return
        self._labels[value] = label
        if label == IDENTITY:
            self._identities.add(_folded(value))
        elif label != USER:
            self._secrets.setdefault(_folded(value), label)
        self._enter(value, label)

    def keep_identity(self, identity: str) -> None:
        """An identity stays, also where it is a user's name; what is more secret than that does not."""
        if identity:
            self._kept.add(_folded(identity))
            self._kept_spellings.update(shape.lower() for shape in _shapes(identity))

    def stays(self, user: str) -> bool:
        """Whether a user's name is an identity that stays."""
        folded = _folded(user) if self._kept else ""
        return folded in self._kept and folded not in self._secrets

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
        if self._identities or self._kept:
            label, value = self._as_identity(value, label)
        if label not in _IDENTICAL and _same_card(value) in self._cards:
            label = CARD
        if value.strip().lower() in label.lower():
            label = "x"
        if label not in _AS_WRITTEN:
            value = _same_card(value)
        digits = value.isascii() and value.isdigit()
        made = f"{label}-{self.number(value) if digits else self._digest(value)[:8]}"
        self._made.add(made)
        return made

    def number(self, value: str) -> str:
        """Nine digits that stand for a number; the name of the same digits as text ends with them."""
        return str(10**8 + int(self._digest(value), 16) % (9 * 10**8))

    def replaced(self, text: str) -> str:
        """Text with every secret that was learnt replaced by its name."""
        if not self._entered:
            return text
        lower = text.lower()
        starts = self._starts.within(lower)
        if not starts and not self._short:
            return text
        candidates = chain(self._short, *(self._by_start[start] for start in starts))
        hits = [entry for entry in candidates if entry[0] in lower]
        # The longest first, so that a secret within another one does not spoil it.
        for shape, pattern, value in sorted(hits, key=lambda hit: (-len(hit[0]), hit[0])):
            around = [kept for kept in self._kept_spellings if shape in kept and shape != kept]

            def named(found: re.Match[str], value: str = value, around: list[str] = around) -> str:
                return self._name_of(found, value, around)

            text = pattern.sub(named, text)
        return text

    def _enter(self, value: str, label: str) -> None:
        short = value.strip()
        shortest = 2 if label == IDENTITY else SHORTEST
        if value in self._entered or len(short) < shortest or short.lower() in WORDS:
            return
        self._entered.add(value)
        bounded = len(short) < (UNBOUNDED_DIGITS if short.isdigit() else UNBOUNDED)
        shapes = dict.fromkeys(_shapes(short), bounded)
        if label == CARD:
            shapes = dict.fromkeys(spellings(short), True) | shapes
        for shape, bounded in shapes.items():
            escaped = re.escape(shape)
            pattern = re.compile(_BEFORE + escaped + _AFTER if bounded else escaped, re.IGNORECASE)
            entry = shape.lower(), pattern, value
            if len(entry[0]) < SHORTEST:
                self._short.append(entry)
            else:
                start = entry[0][:SHORTEST]
                self._starts.add(start)
                self._by_start.setdefault(start, []).append(entry)

    def _name_of(self, found: re.Match[str], value: str, around: list[str]) -> str:
        """A value in another case is another value, and keeps its own name."""
        label = self._labels[value]
        if label == USER and (self.stays(value) or _is_part(found, around)):
            return found[0]
        return self.name(found[0] if found[0].lower() == value.lower() else value, label)

    def _as_identity(self, value: str, label: str) -> tuple[str, str]:
        """The label, and what its name is made of: for an identity the same in every case and encoding."""
        folded = _folded(value)
        if folded in self._identities:
            return IDENTITY, folded
        return (self._secrets.get(folded, label), folded) if folded in self._kept else (label, value)

    def _digest(self, value: str) -> str:
        return hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _shapes(value: str) -> set[str]:
    """How a value may be written: as it is, in JSON, in a URL."""
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(value.encode("utf-8", "replace"), safe=""),
    }


def _same_card(value: str) -> str:
    return value.strip().casefold()


def _folded(identity: str) -> str:
    """The same for every way to write an identity: chargers and back offices do not agree on its case.

    Decoded twice, because an identity may itself be what another part of the path decodes to.
    """
    return unquote(unquote(identity)).casefold() if "%" in identity else identity.casefold()


def _is_part(found: re.Match[str], wholes: list[str]) -> bool:
    """Whether what was found belongs to one of the longer texts, all in lower case, around it."""
    start, end = found.span()
    for whole in wholes:
        spare = len(whole) - (end - start)
        window = found.string[max(0, start - spare) : end + spare].lower()
        if whole in window:
            return True
    return False
