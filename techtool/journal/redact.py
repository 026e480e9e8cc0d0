"""Takes passwords, keys, card numbers and SIM numbers out of records, and keeps what support needs.

A secret value gets a name such as ``idTag-3f9a1b2c``, the same everywhere in an export. What a field's name
gives away is learnt in a first pass over all records, so that the value is also found in frames that nobody
could parse. Chargers' identities and serial numbers stay unless ``identities`` is set.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator

from techtool.journal.pseudonyms import IDENTITY, USER, Pseudonyms
from techtool.journal.reading import VisitRow
from techtool.journal.redact_identities import identities_in
from techtool.journal.redact_labels import CUT, label_in, mark
from techtool.journal.redact_names import label_of, suspicious
from techtool.journal.redact_scan import Scan, Value, scan
from techtool.journal.redact_smp import BEGINS, emptied
from techtool.journal.redact_text import PlainText
from techtool.station.records import Kind, Record

_NESTED = re.compile(r"\s*[\[{]")
_LIKE_JSON = re.compile(r"\"\s*[:,}\]]|^[\s\0\ufeff]*[\[{:,]|[\]}]\s*$")
_LIKE_HTTP = re.compile(r"HTTP/\d")
_LITERALS = frozenset({"true", "false", "null"})
_NUMBERS = frozenset({Kind.MODBUS, Kind.ECHO, Kind.TRANSFER})
"""Registers and images: what looks like words in them is chance, and what is changed cannot be read any more."""
_WORDS = frozenset({Kind.LINE, Kind.PROMPT, Kind.CHATTER, Kind.ECHO})
"""What consoles say, and what is typed into them: sentences."""
_DEEPEST = 5
"""JSON within texts within JSON is followed so far."""


class Redactor:
    """Replaces the secrets of one export. The same ``key`` gives the same names in another export.

    ``identities`` also replaces the chargers' identities and serial numbers.
    """

    def __init__(self, key: bytes | None = None, *, identities: bool = False) -> None:
        self._names = Pseudonyms(key if key is not None else secrets.token_bytes(32))
        self._identities = identities
        self._plain = PlainText(self._names)
        self._harmless: set[bytes] = set()
        """Digests of whole JSON that names nothing secret: looked at once, not again in the second pass."""

    def learn(self, record: Record) -> None:
        """The first pass: remember the secrets of a record."""
        if _is_numbers(record) or record.kind is Kind.SMP:
            return
        for identity in identities_in(record):
            self._learn_identity(identity)
        text = _text(record.data)
        whole = _is_whole(record, text)
        if whole and not suspicious(text):
            self._harmless.add(_digest(record.data))
        else:
            self._message(text, whole=whole, spread=False, prose=record.kind in _WORDS)

    def redact(self, record: Record) -> Record:
        """The record without its secrets; secrets of records that were learnt are found everywhere."""
        self.learn(record)
        return self._finished(record)

    def _finished(self, record: Record) -> Record:
        if record.kind is Kind.SMP or (record.kind is Kind.ECHO and record.data.startswith(BEGINS)):
            return record._replace(data=emptied(record.data))
        if _is_numbers(record):
            return record
        text = _text(record.data)
        if _digest(record.data) in self._harmless:
            result = self._spread(text)
        else:
            result = self._message(text, whole=_is_whole(record, text), spread=True, prose=record.kind in _WORDS)
        if result == text:
            return record
        return record._replace(data=result.encode("utf-8", "surrogateescape"))

    def visit(self, row: VisitRow) -> VisitRow:
        """The facts of a visit, likewise."""
        for identity in row.identities:
            self._learn_identity(identity)
        identities = tuple(map(self._names.replaced, row.identities))
        return row._replace(title=self.text(row.title), identities=identities)

    def text(self, text: str) -> str:
        """Words about the visit, such as a finding's text, likewise."""
        return self._names.replaced(self._plain.redact(text))

    def _learn_identity(self, identity: str) -> None:
        if self._identities:
            self._names.learn(identity, IDENTITY)
        else:
            self._names.keep_identity(identity)

    def _message(self, text: str, *, whole: bool, spread: bool, prose: bool) -> str:
        if whole:
            return self._json(text, whole=True, spread=spread, depth=0)
        text = self._odd(text, prose=prose)
        return self._names.replaced(text) if spread else text

    def _odd(self, text: str, *, prose: bool) -> str:
        """What is no JSON, or not all of one: everything that looks like it, then plain text."""
        if _LIKE_JSON.search(text) and not _LIKE_HTTP.search(text):
            text = self._json(text, whole=False, spread=False, depth=0)
        return self._plain.redact(text, cut=True, prose=prose)

    def _json(self, text: str, *, whole: bool, spread: bool, depth: int) -> str:
        scanned, found = scan(text, whole)
        private = "NotifyCustomerInformation" in text
        mark(found, self._identities)
        edits = []
        for value in found.values:
            label = label_in(value, whole=whole, private=private, identities=self._identities)
            new = self._secret(value, label) if label else self._open(value, spread, depth)
            if new is not None:
                edits.append((value, new))
        if spread:
            edits += self._keys(found)
        added = len(scanned) - len(text)
        if added and any(value.start == 0 for value, _ in edits):
            added = 1  # of a text that was replaced only the quote is left
        return _edited(scanned, edits)[added:]

    def _spread(self, text: str) -> str:
        """Known secrets in texts; the rest of whole JSON, such as its numbers, stays what it is."""
        if self._names.replaced(text) == text:
            return text
        _, found = scan(text, True)
        edits = [(value, new) for value in found.values if (new := self._replaced(value)) is not None]
        return _edited(text, edits + self._keys(found))

    def _keys(self, found: Scan) -> list[tuple[Value, str]]:
        edits = []
        for key in found.keys:
            if label_of(key.text) is None and (new := self._names.replaced(key.text)) != key.text:
                edits.append((key, _quoted(key, new)))
        return edits

    def _secret(self, value: Value, label: str) -> str | None:
        text = value.text
        if not text or self._names.made(text) or (not value.quoted and text in _LITERALS):
            return None
        if label == USER and self._names.stays(text):
            return self._replaced(value)
        if label != CUT and (value.closed or not value.quoted):
            self._names.learn(text, label)
        if not value.quoted and text.lstrip("-")[:1].isdigit():
            return self._names.number(text)
        return _quoted(value, self._names.name(text, label))

    def _open(self, value: Value, spread: bool, depth: int) -> str | None:
        """A value that may stay: it can still be JSON, hold a URL, or name a secret."""
        if not value.quoted:
            return None
        text = value.text
        if (value.name or "").lower() == "signedmeterdata":
            text = self._signed(text)
        elif depth < _DEEPEST and '"' in text and _NESTED.match(text):
            text = self._json(text, whole=_is_json(text), spread=spread, depth=depth + 1)
            if not _is_json(text):
                text = self._plain.redact(text)
        else:
            text = self._plain.redact(text)
        if spread:
            text = self._names.replaced(text)
        return None if text == value.text else _quoted(value, text)

    def _signed(self, text: str) -> str:
        """Signed meter data, in which the card's number stands again."""
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return self._plain.redact(text)
        inner = _text(data)
        changed = self._names.replaced(self._plain.redact(inner))
        return text if changed == inner else base64.b64encode(changed.encode("utf-8", "surrogateescape")).decode()

    def _replaced(self, value: Value) -> str | None:
        if value.quoted:
            new = self._names.replaced(value.text)
            return None if new == value.text else _quoted(value, new)
        return None


def redacted(read: Callable[[], Iterable[Record]], redactor: Redactor) -> Iterator[Record]:
    """Records without their secrets. ``read`` gives them from the start, and is called twice.

    The first time at once, so that the redactor then also knows what to hide of the visit's title.
    """
    for record in read():
        redactor.learn(record)
    return map(redactor._finished, read())


def _is_numbers(record: Record) -> bool:
    """Registers and images; the echo of a console is what was typed."""
    if record.kind is Kind.ECHO and not record.data.startswith(b":"):
        return not record.data.strip().isascii() or not record.data.decode("ascii").strip().isprintable()
    return record.kind in _NUMBERS


def _is_whole(record: Record, text: str) -> bool:
    """It is JSON, perhaps with NULs or a byte order mark, as a reader takes it; a console's digits are none."""
    return record.kind not in _WORDS and _is_json(text.lstrip("\ufeff\0 \t\r\n").replace("\0", ""))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _quoted(value: Value, text: str) -> str:
    """A text in the place of a value, as open or closed as it was. ASCII keeps odd characters valid."""
    if not value.quoted:
        return text
    return json.dumps(text)[: None if value.closed else -1]


def _edited(text: str, edits: list[tuple[Value, str]]) -> str:
    parts = []
    done = 0
    for value, new in sorted(edits, key=lambda edit: edit[0].start):
        parts += [text[done : value.start], new]
        done = value.end
    return "".join([*parts, text[done:]])
