"""Which rows are shown: words and prefixes over the trace, evaluated in slices so that nothing waits.

``heartbeat`` hides all else, ``!heartbeat`` hides just these; ``action:``, ``dir:>``, ``conn:1``, ``tx:1007``
and ``id:CP001`` look at one column. All terms must match; quotes keep spaces together.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import NamedTuple

from techtool.station.records import Record
from techtool.trace.book import Trace
from techtool.trace.rows import Form, Row

COLUMNS = ("action", "dir", "conn", "tx", "id")
_TERM = re.compile(r'(!?)(?:([A-Za-z]+):)?(?:"([^"]*)"?|(\S+))')
_SLICE = 16


class Term(NamedTuple):
    """One condition."""

    inverse: bool
    column: str | None
    word: str
    """In lower case."""


@dataclass(frozen=True, slots=True)
class Filter:
    """All conditions; none matches everything."""

    text: str
    terms: tuple[Term, ...]

    @property
    def pairs(self) -> bool:
        """A row may match because of what its later answer said."""
        return any(term.column == "tx" for term in self.terms)

    def matches(self, trace: Trace, number: int) -> bool:
        """Whether this row is shown."""
        record = trace.records[number]
        return all(_holds(term, trace, record) is not term.inverse for term in self.terms)


def parse(text: str) -> Filter:
    """A filter from what was typed; any text is one."""
    terms = []
    for found in _TERM.finditer(text):
        column = (found[2] or "").lower()
        word = found[3] if found[3] is not None else found[4]
        if column and column not in COLUMNS:
            column, word = "", f"{found[2]}:{word}"
        if word.strip("!"):
            terms.append(Term(bool(found[1]), column or None, word.lower()))
    return Filter(text.strip(), tuple(terms))


def _holds(term: Term, trace: Trace, record: Record) -> bool:
    word = term.word
    match term.column:
        case "dir":
            return record.direction.value == word
        case "id":
            return word in (trace.identity(record.connection) or "").lower()
        case None if word.isascii() and word.encode() in record.data.lower():
            return True
    row = trace.row(record.number)
    match term.column:
        case "action":
            return word in row.label.lower()
        case "conn":
            if row.form is Form.ANSWER and row.partner is not None and row.partner >= trace.first:
                row = trace.row(row.partner)  # an answer names no connector, but belongs to who does
            return row.connector == word or row.connector.split("/")[0] == word
        case "tx":
            return (row.transaction or "").lower() == word
    return word in _shown(row) or (not word.isascii() and word in record.data.decode("utf-8", "replace").lower())


def _shown(row: Row) -> str:
    return f"{row.label} {row.what}".lower()


class Selection:
    """The numbers of the rows that are shown, in order. Without a filter it is all of them."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._filter: Filter | None = None
        self._hits: list[int] = []
        self._looked = 0

    @property
    def filter(self) -> Filter | None:
        """The filter that holds now."""
        return self._filter

    def set(self, filter: Filter | None) -> None:
        """Show what matches from now on; :meth:`advance` finds it."""
        self._filter = filter if filter is not None and filter.terms else None
        self._hits = []
        self._looked = 0

    def advance(self, seconds: float | None = None) -> bool:
        """Look at rows for at most so long; whether all have been looked at."""
        filter, trace = self._filter, self._trace
        if filter is None:
            return True
        self._forget()
        end = None if seconds is None else time.perf_counter() + seconds
        while self._looked < trace.last:
            upto = min(trace.last, self._looked + _SLICE)
            for number in range(self._looked + 1, upto + 1):
                if filter.matches(trace, number):
                    self._hits.append(number)
                    if filter.pairs:
                        self._match_partner(filter, number)
            self._looked = upto
            if end is not None and time.perf_counter() > end:
                break
        return self._looked >= trace.last

    def _match_partner(self, filter: Filter, number: int) -> None:
        """A request whose transaction was told by its answer, after it had been looked at."""
        asked = self._trace.row(number).partner
        if asked is None or not self._trace.first <= asked < number:
            return
        place = bisect_left(self._hits, asked)
        if (place == len(self._hits) or self._hits[place] != asked) and filter.matches(self._trace, asked):
            insort(self._hits, asked)

    def _forget(self) -> None:
        first = self._trace.first
        self._looked = max(self._looked, first - 1)
        if self._hits and self._hits[0] < first:
            del self._hits[: bisect_left(self._hits, first)]

    @property
    def looked(self) -> int:
        """How many rows have been looked at."""
        if self._filter is None:
            return len(self._trace)
        return max(0, self._looked - self._trace.first + 1)

    def __len__(self) -> int:
        return len(self._trace) if self._filter is None else len(self._hits)

    def __getitem__(self, index: int) -> int:
        """The number of a shown row by its place."""
        return self._trace.first + index if self._filter is None else self._hits[index]

    def place(self, number: int) -> int:
        """The place of a row, or of the next one that is shown; at most the length."""
        if self._filter is None:
            return min(max(0, number - self._trace.first), len(self._trace))
        return bisect_left(self._hits, number)
