"""Traces in files: techtool's own exports, and recordings of frames as a plain test server writes them.

A recording has a line a frame, ``{"at": "05:02:38.789863", "from": "charger" | "csms", "frame": "…"}``, and
``{"at", "from": "connect", "connect": {"path", "subprotocol"}}`` where a charger opened a socket. Its times have
no date; a ``currentTime`` that the server answered tells it.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from techtool.journal import rapi_recordings
from techtool.journal.jsonl import FORMAT, Header, Problem, header_of, nanoseconds, record_of
from techtool.station.records import Direction, Kind, Record

_SECOND = 1_000_000_000
_DAY = 86_400 * _SECOND
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?", re.ASCII)
_CURRENT = re.compile(r'"currentTime":\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"', re.ASCII)
_FROM = {"charger": Direction.CHARGER, "csms": Direction.LAPTOP}
_SQLITE = b"SQLite format 3\x00"
_ADVICE = "the line is left out; ask for the file again if it matters"


class UnreadableTraceError(Exception):
    """The file is no trace; the text says why and what to do."""


@dataclass(slots=True)
class Trace:
    """What a file holds."""

    records: list[Record] = field(default_factory=list)
    header: Header | None = None
    """None in recordings, and where the header is missing."""
    problems: list[Problem] = field(default_factory=list)
    """Lines that could not be read; the others are there."""


def load(path: Path) -> Trace:
    """Read a trace of either form. Raises UnreadableTraceError where nothing in it can be read."""
    try:
        # looked at first: to open a FIFO waits for somebody who writes, and a device may never end
        if not stat.S_ISREG(path.stat().st_mode):
            why = "it is no regular file"
            raise UnreadableTraceError(f"{path} cannot be read ({why}). Name an export or a recording.")
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) == _SQLITE:
                raise UnreadableTraceError(f"{path}: this is a journal: open its visits with --journal FILE")
            file.seek(0)
            content = file.read()
    except OSError as error:
        raise UnreadableTraceError(f"{path} cannot be read ({error.strerror}). Check the path.") from error
    except ValueError as error:
        raise UnreadableTraceError(f"{str(path)!r} cannot be read ({error}). Check the path.") from error
    return parse(content, str(path))


def parse(content: bytes, name: str = "the trace") -> Trace:
    """The same for the bytes of a file."""
    if rapi_recordings.is_one(content):
        records, problems = rapi_recordings.parse(content)
        return Trace(records, None, problems)
    trace = Trace()
    values = _values(content, trace.problems)
    if any("from" in value for _, value in values[:2]):
        _read_recording(values, trace)
    else:
        _read_export(values, trace)
    if not trace.records and trace.header is None:
        first = f" ({trace.problems[0]})" if trace.problems else ""
        raise UnreadableTraceError(
            f"{name} holds no trace{first}. `techtool trace export` makes files that can be read here."
        )
    return trace


def _values(content: bytes, problems: list[Problem]) -> list[tuple[int, dict[str, Any]]]:
    values = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except RecursionError:
            problems.append(Problem(number, f"nested too deeply; {_ADVICE}"))
            continue
        except ValueError as error:
            problems.append(Problem(number, f"not JSON ({error}); {_ADVICE}"))
            continue
        if isinstance(value, dict):
            values.append((number, value))
        else:
            problems.append(Problem(number, f"not a JSON object; {_ADVICE}"))
    return values


def _read_export(values: list[tuple[int, dict[str, Any]]], trace: Trace) -> None:
    for number, value in values:
        try:
            if value.get("format") == FORMAT:
                trace.header = header_of(value)
            else:
                trace.records.append(record_of(value))
        except ValueError as error:
            trace.problems.append(Problem(number, f"{error}; {_ADVICE}"))


def _read_recording(values: list[tuple[int, dict[str, Any]]], trace: Trace) -> None:
    clock = _clock(values)
    connection = 0
    first: int | None = None

    def add(at: int, direction: Direction, kind: Kind, data: bytes) -> None:
        nonlocal first
        first = at if first is None else first
        # mono starts above 0 so that no reader takes the first record for one without a time
        mono = at - first + _SECOND
        trace.records.append(Record(len(trace.records) + 1, connection, at, mono, direction, kind, data))

    for number, value in values:
        try:
            at = clock(value.get("at"))
            if value.get("from") == "connect":
                linked = _linked(value.get("connect"))
                if connection:
                    add(at, Direction.NOTE, Kind.CLOSED, _CLOSED)
                connection += 1
                add(at, Direction.NOTE, Kind.LINKED, linked)
            else:
                direction, frame = _FROM.get(str(value.get("from"))), value.get("frame")
                if direction is None or not isinstance(frame, str):
                    raise ValueError("neither a connect nor a frame")
                connection = connection or 1
                add(at, direction, Kind.TEXT, frame.encode("utf-8", "surrogatepass"))
        except ValueError as error:
            trace.problems.append(Problem(number, f"{error}; {_ADVICE}"))


_CLOSED = json.dumps({"code": 1006, "reason": "the recording does not say", "by": "network"}).encode()


def _linked(connect: Any) -> bytes:
    if not isinstance(connect, dict):
        raise ValueError("connect is not a JSON object")
    path, protocol = str(connect.get("path") or "/"), connect.get("subprotocol")
    segments = [segment for segment in path.partition("?")[0].split("/") if segment]
    note = {
        "identity": unquote(segments[-1]) if segments else "",
        "protocol": protocol,
        "offered": [protocol] if protocol else [],
        "path": path,
        "user": None,
    }
    return json.dumps(note).encode()


def _clock(values: list[tuple[int, dict[str, Any]]]) -> Callable[[Any], int]:
    """Turns times of day, in the order of the file, into nanoseconds since 1970."""
    probe = _Days(0)
    start = 0
    for _, value in values:
        try:
            at = probe(value.get("at"))
        except ValueError:
            continue
        told = _told(value)
        if told is not None:
            start = round((told - at) / _DAY) * _DAY
            break
    return _Days(start)


def _told(value: Mapping[str, Any]) -> int | None:
    frame = value.get("frame")
    found = _CURRENT.search(frame) if value.get("from") == "csms" and isinstance(frame, str) else None
    if found is None:
        return None
    try:
        return nanoseconds(found[1])
    except ValueError:
        return None


class _Days:
    """Counts the midnights that the times pass."""

    def __init__(self, start: int) -> None:
        self._day = start
        self._last = 0

    def __call__(self, time: Any) -> int:
        found = _TIME.fullmatch(time) if isinstance(time, str) else None
        if found is None:
            raise ValueError("at is not a time like 05:02:38.789863")
        hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3])
        now = ((hours * 60 + minutes) * 60 + seconds) * _SECOND + int((found[4] or "").ljust(9, "0"))
        if now < self._last - _DAY // 2:
            self._day += _DAY
        self._last = now
        return self._day + now
