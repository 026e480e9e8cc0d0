"""A report of a 2.x charger: its pages, whole or not, in whatever order they come. Pure.

Chargers leave ``tbc`` out, count pages from 1, give all of them the same number, send an empty one, and begin
before they have answered GetBaseReport (FIELD.md, "Seen on the wire" 10).
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from techtool.csms import lenient
from techtool.csms.variables import Variable, variable_in

QUIET_S = 10.0
"""No further page comes where none came for so long."""
SHORT_S = 1.0
"""The same where no page says whether another follows: most leave that out at the last one only."""
REPEATS = 20
"""After so many pages that tell nothing new it is not waited for the end."""


class Report:
    """What the NotifyReports with one requestId told."""

    def __init__(self, request_id: int) -> None:
        self.request_id = request_id
        self._variables: dict[tuple[Any, ...], Variable] = {}
        self._pages: list[int | None] = []
        self._last: int | None = None
        self._ended = False
        self._says = False
        """It tells whether another page follows."""
        self._unsaid = False
        """A page told nothing of that."""
        self._repeats = 0

    def page(self, payload: Any) -> bool:
        """Take a NotifyReport in; whether it is of this report."""
        told = lenient.obj(payload)
        if lenient.integer(told.get("requestId")) != self.request_id:
            return False
        number = lenient.integer(told.get("seqNo"))
        self._pages.append(number)
        before = len(self._variables)
        follows = told.get("tbc")
        self._says = self._says or follows is not None
        if follows not in (True, "true"):
            self._unsaid, self._last = True, number
        self._ended = self._says and self._unsaid
        for item in lenient.items(told.get("reportData")):
            if (one := variable_in(item)) is not None:
                key = one.place.folded
                known = self._variables.get(key)
                self._variables[key] = known.joined(one) if known is not None else one
        self._repeats = self._repeats + 1 if len(self._variables) == before else 0
        return True

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All that were told, in their order."""
        return tuple(self._variables.values())

    @property
    def pages(self) -> int:
        """How many came."""
        return len(self._pages)

    @property
    def complete(self) -> bool:
        """The last page came, and all before it."""
        return self._ended and not self.missing

    @property
    def endless(self) -> bool:
        """It goes on, and tells nothing new."""
        return self._repeats >= REPEATS

    @property
    def quiet_s(self) -> float:
        """Without a page for so long, no other comes."""
        return SHORT_S if self._unsaid and not self._says and not self.missing else QUIET_S

    def fell_quiet(self) -> None:
        """No page came for :attr:`quiet_s`: where none said whether another follows, that was the end."""
        self._ended = self._ended or self._unsaid

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of pages that did not come, as far as others show that they were sent."""
        numbers = [one for one in self._pages if one is not None]
        there = set(numbers)
        if len(numbers) < len(self._pages) or len(there) < min(2, len(numbers)):
            return ()  # they are not counted, or all the same: nothing can be told from that
        last = self._last if self._last is not None else max(numbers, default=0)
        first = min((0, 1), key=lambda one: abs(one - min(numbers, default=0)))
        return tuple(islice((one for one in range(first, last) if one not in there), 100))
