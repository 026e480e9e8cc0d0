"""The table of measurements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    what: str
    measured: str
    ratio: str
    wanted: str = ""
    good: bool | None = None


def markdown(rows: Iterable[Row]) -> Iterable[str]:
    yield "| measured | value | ratio | wanted | |"
    yield "|---|---|---|---|---|"
    for row in rows:
        mark = {True: "OK", False: "MISSED", None: ""}[row.good]
        yield f"| {row.what} | {row.measured} | {row.ratio} | {row.wanted} | {mark} |"
