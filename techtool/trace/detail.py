"""One record explained in full: both halves of the pair, the schema's verdict beside each field, the bytes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import frames, schemas, timestamps
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, Send, Unreadable
from techtool.csms.hearing import duration
from techtool.masking import mask_broken, mask_head, mask_message, mask_payload, mask_urls
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe
from techtool.trace.book import Trace
from techtool.trace.rows import Row

MAX_FIELDS = 2_000
MAX_BYTES = 8_192
MAX_STAMP = 40
_NAMES = {"ocpp1.6": "1.6", "ocpp2.0.1": "2.0.1", "ocpp2.1": "2.1"}
_BOTH = frozenset({Kind.LINE, Kind.PROMPT, Kind.CHATTER})
"""Text of consoles, where it may matter which control characters stand in it."""
_UNKNOWN = "has what the standard does not know"


class Field(NamedTuple):
    """One line of a payload. All texts are safe to show."""

    depth: int
    name: str
    value: str
    verdict: str = ""
    """What is wrong with it, in a few words."""


class Side(NamedTuple):
    """One half of a pair."""

    row: Row
    heading: str
    verdict: str
    """What is wrong with the message as a whole."""
    fields: tuple[Field, ...]
    raw: tuple[str, ...]
    """The bytes: as text where they are text, otherwise in hex; secrets masked."""


def explain(trace: Trace, number: int) -> tuple[Side, ...]:
    """The record, and its other half where there is one, in the order they passed. Raises KeyError."""
    row = trace.row(number)
    numbers = [number]
    if row.partner is not None and row.partner >= trace.first:
        numbers = sorted((number, row.partner))
    return tuple(_side(trace, one) for one in numbers)


def _side(trace: Trace, number: int) -> Side:
    record, row = trace.records[number], trace.row(number)
    if record.kind not in (Kind.TEXT, Kind.BINARY):
        return Side(row, row.action or record.kind.value, "", _plain_fields(record), _raw(record, record.data))
    protocol = trace.protocol(record.connection)
    parsed = frames.parse(record.data)
    troubles = [*(f"repaired: {one}" for one in parsed.repairs), *parsed.oddities]
    frame = parsed.frame
    payload: Any = None
    fields: tuple[Field, ...] = ()
    match frame:
        case Call(id, action, payload) | Send(id, action, payload):
            fields, wrong = _judged(protocol, action, payload, answer=False)
            troubles += wrong
            if protocol in schemas.PROTOCOLS and (known := schemas.actions(protocol)) and action not in known:
                troubles.append(f"{safe(action, 60)} is not in {_NAMES[protocol]}")
        case CallResult(id, payload):
            fields, wrong = _judged(protocol, row.action, payload, answer=True)
            troubles += wrong
        case CallError(id, code, description, payload) | CallResultError(id, code, description, payload):
            fields = (
                Field(0, "code", safe(code)),
                Field(0, "description", safe(mask_urls(description.encode("utf-8", "replace")).decode())),
                *_fields(payload, {}, 0, "details"),
            )
        case Unreadable(reason, id, _):
            troubles.append(reason)
    if record.direction is Direction.CHARGER:
        fields = tuple(_against_clock(one, record.time) for one in fields)
    heading = row.label or frames.TYPE_NAMES.get(3, "")
    if id is not None:
        heading = f"{heading}   id {safe(id, 60)}"
    is_one = payload is not None and not parsed.more
    data = mask_message(record.data, payload) if is_one else mask_broken(record.data)
    return Side(row, heading, "; ".join(safe(one, 300) for one in troubles), fields, _raw(record, data))


def _against_clock(field: Field, at: datetime) -> Field:
    """A charger's time stamp with its way from the laptop's clock: an old one is a replay, or a wrong clock."""
    if not field.name.lower().endswith(("time", "timestamp")) or len(field.value) > MAX_STAMP:
        return field
    when = timestamps.parse(field.value).when
    if when is None:
        return field
    offset = (when - at).total_seconds()
    if abs(offset) < 1:
        return field._replace(value=f"{field.value}   now")
    way = "after" if offset > 0 else "before"
    return field._replace(value=f"{field.value}   {duration(abs(offset))} {way} the laptop's clock")


def _judged(
    protocol: str | None, action: str, payload: Any, *, answer: bool
) -> tuple[tuple[Field, ...], list[str]]:
    """The fields with the schema's verdicts, and what concerns the message as a whole."""
    verdicts: dict[str, list[str]] = {}
    if protocol in schemas.PROTOCOLS and action in schemas.actions(protocol):
        for path, text in schemas.violations(protocol, action, payload, answer=answer):
            for where, said in _verdicts(payload, path, text, _NAMES[protocol]):
                verdicts.setdefault(where, []).append(said)
    whole = verdicts.pop("", [])
    return _fields(mask_payload(payload), {path: "; ".join(said) for path, said in verdicts.items()}), whole


def _verdicts(payload: Any, path: str, text: str, name: str) -> list[tuple[str, str]]:
    """Where a violation is shown: an unknown field beside itself, anything else where the schema says."""
    if not text.startswith(_UNKNOWN):
        return [(path, text)]
    part = payload
    for step in path.split("/") if path else ():
        part = part[int(step)] if isinstance(part, list) and step.isdigit() else part.get(step, {})
    named = text.removeprefix(_UNKNOWN).lstrip(": ").split(", ")
    unknown = [field for field in named if isinstance(part, dict) and field in part]
    return [(f"{path}/{field}".lstrip("/"), f"not in {name}") for field in unknown] or [(path, text)]


def _fields(
    value: Any, verdicts: dict[str, str], depth: int = 0, name: str = "", path: str = ""
) -> tuple[Field, ...]:
    found: list[Field] = []
    _collect(value, verdicts, depth, name, path, found)
    return tuple(found)


def _collect(value: Any, verdicts: dict[str, str], depth: int, name: str, path: str, found: list[Field]) -> None:
    if len(found) >= MAX_FIELDS:
        return
    verdict = verdicts.get(path, "") if path else ""
    shown = safe(name, 80)
    match value:
        case dict() | list() if value:
            if name:
                found.append(Field(depth, shown, "", verdict))
                depth += 1
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            for key, one in parts:
                _collect(one, verdicts, depth, str(key), f"{path}/{key}".lstrip("/"), found)
        case str():
            found.append(Field(depth, shown, safe(value), verdict))
        case _:
            found.append(Field(depth, shown, safe(json.dumps(value)), verdict))


def _plain_fields(record: Record) -> tuple[Field, ...]:
    """One of techtool's own notes, or the head of an HTTP message."""
    if record.kind in (Kind.REQUEST, Kind.RESPONSE):
        lines = mask_head(record.data).decode("utf-8", "backslashreplace").splitlines()
        return tuple(Field(0, "", safe(line)) for line in lines if line)
    if record.kind is Kind.SMP:
        from techtool.trace import smp

        return _fields(mask_payload(smp.payload(record)), {})
    try:
        return _fields(mask_payload(json.loads(record.data)), {})
    except (ValueError, RecursionError):
        return ()


def _raw(record: Record, data: bytes) -> tuple[str, ...]:
    if record.kind in (Kind.REQUEST, Kind.RESPONSE):
        data = mask_head(data)
    cut = data[:MAX_BYTES]
    more = (f"and {len(data) - MAX_BYTES:,} bytes more",) if len(data) > MAX_BYTES else ()
    if record.kind in _BOTH:
        return (*(safe(line) for line in cut.decode("utf-8", "replace").splitlines()), *hexdump(cut), *more)
    if _is_text(cut):
        return (*(safe(line) for line in cut.decode("utf-8", "replace").splitlines()), *more)
    return (*hexdump(cut), *more)


def _is_text(data: bytes) -> bool:
    odd = sum((byte < 32 and byte not in b"\r\n\t") or byte == 127 for byte in data)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start > len(data) - 4 and not odd
    return not odd


def hexdump(data: bytes) -> tuple[str, ...]:
    """Bytes in hex, 16 in a line, with what is readable of them."""
    lines = []
    for start in range(0, len(data), 16):
        part = data[start : start + 16]
        readable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:06x}  {part.hex(' '):<47}  {readable}")
    return tuple(lines)
