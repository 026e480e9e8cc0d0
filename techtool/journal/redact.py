"""Takes passwords, keys, card numbers and SIM numbers out of records, and keeps what support needs.

A secret value gets a name such as ``idTag-3f9a1b2c``, the same everywhere in an export. What a field's name
gives away is learnt in a first pass over all records, so that the value is also found in frames that nobody
could parse. Chargers' identities and serial numbers stay unless ``identities`` is set.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from techtool.journal.pseudonyms import Pseudonyms
from techtool.journal.reading import VisitRow
from techtool.journal.redact_labels import CUT, label_in, mark
from techtool.journal.redact_names import label_of, suspicious
from techtool.journal.redact_scan import Scan, Value, scan
from techtool.journal.redact_text import PlainText
from techtool.station.records import Kind, Record

_NESTED = re.compile(r"\s*[\[{]")
_LIKE_JSON = re.compile(r"\"\s*[:,}\]]|^[\s\0\ufeff]*[\[{:,]|[\]}]\s*$")
_LIKE_HTTP = re.compile(r"HTTP/\d")
_LITERALS = frozenset({"true", "false", "null"})
_DEEPEST = 5
"""JSON within texts within JSON is followed so far."""


class Redactor:
    """Replaces the secrets of one export. The same ``key`` gives the same names in another export.

    ``identities`` also replaces the chargers' identities and serial numbers.
    """

    def __init__(self, key: bytes | None = None, *, identities: bool = False) -> None:
        self._names = Pseudonyms(key if key is not None else secrets.token_bytes(32))
        self._identities = identities
        self._known: set[str] = set()
        self._plain = PlainText(self._names, self._known)

    def learn(self, record: Record) -> None:
        """The first pass: remember the secrets of a record."""
        if record.kind is Kind.LINKED:
            self._learn_identity(record.data)
        self._message(_text(record.data))

    def redact(self, record: Record) -> Record:
        """The record without its secrets; secrets of records that were learnt are found everywhere."""
        self.learn(record)
        return self._finished(record)

    def _finished(self, record: Record) -> Record:
        text = _text(record.data)
        result = self._message(text, spread=True)
        if result == text:
            return record
        return record._replace(data=result.encode("utf-8", "surrogateescape"))

    def visit(self, row: VisitRow) -> VisitRow:
        """The facts of a visit, likewise."""
        identities = tuple(map(self.text, row.identities))
        return row._replace(title=self.text(row.title), identities=identities)

    def text(self, text: str) -> str:
        """Words about the visit, such as a finding's text, likewise."""
        return self._names.replaced(self._plain.redact(text))

    def _learn_identity(self, data: bytes) -> None:
        try:
            note = json.loads(data)
        except (ValueError, RecursionError):
            return
        identity = note.get("identity") if isinstance(note, dict) else None
        if not isinstance(identity, str) or not identity:
            return
        if self._identities:
            self._names.learn(identity, "identity")
        else:
            self._known.update((identity, unquote(identity)))

    def _message(self, text: str, *, spread: bool = False) -> str:
        whole = _is_json(text)
        if whole and not suspicious(text):
            return self._spread(text, scan(text, whole)[1]) if spread and self._hit(text) else text
        if not whole:
            text = self._odd(text)
            return self._names.replaced(text) if spread else text
        return self._json(text, whole=True, spread=spread, depth=0)

    def _hit(self, text: str) -> bool:
        return self._names.replaced(text) != text

    def _odd(self, text: str) -> str:
        """What is no JSON, or not all of one: everything that looks like it, then plain text."""
        if _LIKE_JSON.search(text) and not _LIKE_HTTP.search(text):
            text = self._json(text, whole=False, spread=False, depth=0)
        return self._plain.redact(text, cut=True)

    def _json(self, text: str, *, whole: bool, spread: bool, depth: int) -> str:
        scanned, found = scan(text, whole)
        private = "NotifyCustomerInformation" in text
        mark(found, self._identities)
        edits = []
        for value in found.values:
            label = label_in(value, whole=whole, private=private, identities=self._identities)
            new = self._secret(value, label) if label else self._open(value, whole, spread, depth)
            if new is not None:
                edits.append((value, new))
        if spread:
            edits += self._keys(found)
        added = len(scanned) - len(text)
        if added and any(value.start == 0 for value, _ in edits):
            added = 1  # of a text that was replaced only the quote is left
        return _edited(scanned, edits)[added:]

    def _spread(self, text: str, found: Scan) -> str:
        """Known secrets in texts; the rest of whole JSON, such as its numbers, stays what it is."""
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
        if label == "user" and (text in self._known or unquote(text) in self._known):
            return None
        if label != CUT and (value.closed or not value.quoted):
            self._names.learn(text, label)
        if not value.quoted and text.lstrip("-")[:1].isdigit():
            return self._names.number(text)
        return _quoted(value, self._names.name(text, label))

    def _open(self, value: Value, whole: bool, spread: bool, depth: int) -> str | None:
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
    """Records without their secrets. ``read`` gives them from the start, and is called twice."""
    for record in read():
        redactor.learn(record)
    for record in read():
        yield redactor._finished(record)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


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
