"""Records as lines of JSON, for other programs and other laptops. Round trips are exact.

The first line is a header::

    {"format": "techtool-trace", "version": 1, "redacted": false, "visit": {"id": 7, "began": "…Z", …}}

and every other line a record::

    {"number": 1, "connection": 1, "at": "2026-11-22T05:02:38.789863Z", "mono": 1234567890,
     "direction": ">", "kind": "text", "text": "[2,\\"1\\",\\"Heartbeat\\",{}]"}

``at`` is RFC 3339 in UTC with 6 fraction digits, or 9 where the nanoseconds need them; ``mono`` is the
monotonic clock in nanoseconds; ``direction`` is ``>`` from the charger, ``<`` from the laptop, ``-`` a note of
techtool's own. Bytes that are no UTF-8 stand as ``base64`` in the place of ``text``. The lines are ASCII.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from techtool.journal.reading import VisitRow
from techtool.station.records import Direction, Kind, Record

FORMAT = "techtool-trace"
VERSION = 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of an export."""

    version: int = VERSION
    redacted: bool = False
    visit: Mapping[str, Any] = field(default_factory=dict)
    """What the journal's list of visits says of it."""


class Problem(NamedTuple):
    """A line that could not be read."""

    line: int
    text: str
    """What is wrong with it, and what to do."""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


def header_line(visit: VisitRow | None = None, *, redacted: bool = False) -> str:
    """The first line of an export, without its end."""
    facts: dict[str, Any] = {}
    if visit is not None:
        facts = visit._asdict()
        facts["began"] = stamp(_ns(visit.began))
        facts["ended"] = None if visit.ended is None else stamp(_ns(visit.ended))
    return _dump({"format": FORMAT, "version": VERSION, "redacted": redacted, "visit": facts})


def line(record: Record) -> str:
    """A record as a line, without its end."""
    number, connection, at, mono, direction, kind, data = record
    value: dict[str, Any] = {
        "number": number,
        "connection": connection,
        "at": stamp(at),
        "mono": mono,
        "direction": direction,
        "kind": kind,
    }
    try:
        value["text"] = data.decode()
    except UnicodeDecodeError:
        value["base64"] = base64.b64encode(data).decode()
    return _dump(value)


def lines(records: Iterable[Record], visit: VisitRow | None = None, *, redacted: bool = False) -> Iterator[str]:
    """A whole export, each line with its end."""
    yield header_line(visit, redacted=redacted) + "\n"
    for record in records:
        yield line(record) + "\n"


def header_of(value: Mapping[str, Any]) -> Header:
    """The header that a parsed line holds. Raises ValueError for a newer format."""
    version = value.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ValueError(f"format version {version} is newer than {VERSION}: update techtool")
    visit = value.get("visit")
    return Header(version, value.get("redacted") is True, visit if isinstance(visit, dict) else {})


def record_of(value: Mapping[str, Any]) -> Record:
    """The record that a parsed line holds. Raises ValueError that says which field is wrong."""
    try:
        return Record(
            _integer(value["number"]),
            _integer(value["connection"]),
            nanoseconds(value["at"]),
            _integer(value["mono"]),
            Direction(value["direction"]),
            Kind(value["kind"]),
            _data(value),
        )
    except KeyError as error:
        raise ValueError(f"{error.args[0]} is missing") from None


def stamp(ns: int) -> str:
    """Nanoseconds since 1970 as RFC 3339 in UTC, exact."""
    seconds, rest = divmod(ns, 1_000_000_000)
    whole = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    return f"{whole}.{rest:09}Z" if rest % 1_000 else f"{whole}.{rest // 1_000:06}Z"


def nanoseconds(text: Any) -> int:
    """The reverse of ``stamp``. Raises ValueError."""
    found = _AT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"at is {_shown(text)}, not a time like 2026-11-22T05:02:38.789863Z")
    whole = datetime.fromisoformat(found[1]).replace(tzinfo=UTC) - _EPOCH
    return (whole.days * 86_400 + whole.seconds) * 1_000_000_000 + int((found[2] or "").ljust(9, "0"))


def _data(value: Mapping[str, Any]) -> bytes:
    if isinstance(text := value.get("text"), str):
        return text.encode("utf-8", "surrogatepass")
    if isinstance(coded := value.get("base64"), str):
        try:
            return base64.b64decode(coded, validate=True)
        except binascii.Error as error:
            raise ValueError(f"base64 is broken ({error})") from None
    raise ValueError("neither text nor base64 is there")


def _integer(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise ValueError(f"{_shown(value)} is no number that fits")
    return value


def _ns(at: datetime) -> int:
    past = at - _EPOCH
    return ((past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds) * 1_000


def _shown(value: Any) -> str:
    return repr(value)[:40]


def _dump(value: Mapping[str, Any]) -> str:
    # ASCII: the line passes every console, and no control character reaches a terminal.
    return json.dumps(value, separators=(",", ":"))
