"""The records of a visit in memory, by number; the oldest are let go when there are too many."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator

from techtool.station.records import Record

KEPT = 250_000
KEPT_BYTES = 512 * 1024 * 1024
"""What is beyond either is let go of, a tenth at a time; the journal has it."""


def lay_aside() -> None:
    """Have the garbage collector leave alone what is there now.

    Records stay as long as the visit. Looking through 100,000 of them again and again takes a tenth of a second
    each time, in which no key and no charger is answered.
    """
    gc.collect(1)
    gc.freeze()


class Tape:
    """Records in the order of their numbers, without gaps."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records: list[Record] = list(records)
        self._bytes = sum(len(one.data) for one in self._records)

    def append(self, record: Record) -> None:
        """Add the next record."""
        self._records.append(record)
        self._bytes += len(record.data)
        if len(self._records) > KEPT * 1.1 or self._bytes > KEPT_BYTES:
            self._let_go()

    def _let_go(self) -> None:
        # the newest stays whatever its size: the next number follows it
        many = min(len(self._records) // 10 or 1, len(self._records) - 1)
        self._bytes -= sum(len(one.data) for one in self._records[:many])
        del self._records[:many]

    @property
    def first(self) -> int:
        """The number of the oldest record that is kept; 1 if there is none."""
        return self._records[0].number if self._records else 1

    @property
    def last(self) -> int:
        """The number of the newest record; 0 if there is none."""
        return self._records[-1].number if self._records else 0

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, number: int) -> Record:
        """The record with this number. Raises KeyError if it is not kept."""
        index = number - self.first
        if not 0 <= index < len(self._records):
            raise KeyError(number)
        return self._records[index]

    def since(self, number: int) -> Iterator[Record]:
        """The records after this number, oldest first."""
        yield from self._records[max(0, number + 1 - self.first) :]
