"""Which chargers' identities a record names, also those of chargers that were not let in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from techtool.station.records import Kind, Record

_METHOD = re.compile(rb"[A-Za-z]{1,16}")
_VERSION = re.compile(rb"HTTP/\d\.\d")
_FROM_CHARGER = re.compile(rb"websocket|^[ \t]*authorization", re.IGNORECASE | re.MULTILINE)
_FROM_BROWSER = re.compile(rb"^[ \t]*(?:user-agent|accept)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_TELLING_REASONS = ("other-identity", "no-password")
"""The detail of these knocks is the identity alone."""


def identities_in(record: Record) -> Iterator[str]:
    """The identities, decoded and as they are spelled in the path."""
    match record.kind:
        case Kind.LINKED:
            note = _note(record.data)
            yield from _texts(note.get("identity"))
            path = note.get("path")
            yield from _last_segment(path) if isinstance(path, str) else ()
        case Kind.KNOCK:
            note = _note(record.data)
            yield from _texts(note.get("identity"))
            yield from _texts(note.get("detail")) if note.get("reason") in _TELLING_REASONS else ()
        case Kind.REQUEST:
            yield from _asked(record.data, whole=True)
        case Kind.NOISE:
            yield from _asked(record.data, whole=False)
        case _:
            pass


def _note(data: bytes) -> dict[str, Any]:
    try:
        note = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value


def _asked(head: bytes, *, whole: bool) -> Iterator[str]:
    """What a request asks for; where it is not ``whole``, only if the first line is."""
    line, end, _ = head.partition(b"\n")
    method, _, rest = line.strip().partition(b" ")
    path, _, version = rest.rpartition(b" ")
    if not _VERSION.fullmatch(version):
        if not whole:
            return
        path = rest
    if not (whole or end) or not _METHOD.fullmatch(method):
        return
    if not _FROM_BROWSER.search(head) or _FROM_CHARGER.search(head):
        yield from _last_segment(path.decode("utf-8", "surrogateescape").strip())


def _last_segment(path: str) -> Iterator[str]:
    raw = next((part for part in reversed(path.split("?")[0].split("/")) if part), "")
    if raw:
        name = unquote(raw)
        yield name
        yield raw
        if "://" in name:
            yield from _last_segment(name)
