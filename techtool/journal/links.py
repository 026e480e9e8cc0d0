"""The connections of a visit, read from its records: who was linked, from where, and until when."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from techtool.station.records import Kind, Record

TELLING = frozenset({Kind.OPENED, Kind.LINKED, Kind.CLOSED})
"""The kinds of record that say something about a connection."""


class Connection(NamedTuple):
    """One socket of a visit. Times are nanoseconds since 1970 UTC."""

    number: int
    opened: int
    closed: int | None = None
    identity: str | None = None
    protocol: str | None = None
    peer: str | None = None


def seen(known: Connection | None, record: Record) -> Connection:
    """The connection after a record of one of the telling kinds."""
    old = known or Connection(record.connection, record.at)
    if record.kind is Kind.CLOSED:
        return old._replace(closed=record.at)
    note = _note(record.data)
    return old._replace(
        identity=_text(note.get("identity")) or old.identity,
        protocol=_text(note.get("protocol")) or old.protocol,
        peer=_text(note.get("peer")) or old.peer,
    )


def _note(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
