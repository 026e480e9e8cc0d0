"""Recordings of a dialogue with an OpenEVSE: ``0.201 -> b'$GV^35\\r'``, ``0.251 <- b'$OK 1 2^00'``, ``## car B``.

Seconds since the start, then who spoke (``->`` is the laptop) and the bytes as Python writes them.
"""

from __future__ import annotations

import ast
import json
import re

from techtool.journal.jsonl import Problem
from techtool.station.records import Direction, Kind, Record

_LINE = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s+(?:(->|<-)\s+(?:raw\s+)?(b['\"].*)|##\s*(.*))\s*")
_WAYS = {"->": Direction.LAPTOP, "<-": Direction.CHARGER}
_SECOND = 1_000_000_000
_OPENED = json.dumps({"wire": "openevse", "peer": "recording", "local": ""}).encode()
_LINKED = json.dumps({"identity": "openevse", "protocol": "openevse", "path": "recording"}).encode()


def is_one(content: bytes) -> bool:
    """Whether the first line that is not empty is one of such a recording."""
    return _LINE.fullmatch(content.lstrip().split(b"\n", 1)[0].decode("utf-8", "replace").rstrip()) is not None


def parse(content: bytes) -> tuple[list[Record], list[Problem]]:
    """The records, and the lines that could not be read."""
    records: list[Record] = []
    problems: list[Problem] = []

    def add(at: int, direction: Direction, kind: Kind, data: bytes) -> None:
        # mono starts above 0 so that no reader takes the first record for one without a time
        records.append(Record(len(records) + 1, 1, at, at + _SECOND, direction, kind, data))

    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        found = _LINE.fullmatch(line)
        if found is None:
            if line.strip():
                problems.append(Problem(number, "no time with -> or <- and bytes; the line is left out"))
            continue
        at = round(float(found[1]) * _SECOND)
        if not records:
            add(at, Direction.NOTE, Kind.OPENED, _OPENED)
            add(at, Direction.NOTE, Kind.LINKED, _LINKED)
        if found[4] is not None:
            add(at, Direction.NOTE, Kind.REMARK, json.dumps({"text": found[4], "record": len(records)}).encode())
            continue
        try:
            data = ast.literal_eval(found[3])
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            problems.append(Problem(number, "bytes that are not written as Python does; the line is left out"))
            continue
        add(at, _WAYS[found[2]], Kind.RAPI if data.lstrip(b"\r\n")[:1] == b"$" else Kind.NOISE, data)
    return records, problems
