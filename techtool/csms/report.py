"""A report of a 2.x charger: its pages, whole or not, in whatever order they come. Pure.

Chargers leave ``tbc`` out, count pages from 1, give all of them the same number, send an empty one, and begin
before they have answered GetBaseReport (FIELD.md, "Seen on the wire" 10).
"""

from __future__ import annotations

from typing import Any

from techtool.csms import lenient
from techtool.csms.variables import Variable, variable_in

QUIET_S = 10.0
"""No further page comes where none came for so long."""


class Report:
    """What the NotifyReports with one requestId told."""

    def __init__(self, request_id: int) -> None:
        self.request_id = request_id
        self._variables: dict[tuple[Any, ...], Variable] = {}
        self._pages: list[int | None] = []
        self._last: int | None = None
        self._ended = False

    def page(self, payload: Any) -> bool:
        """Take a NotifyReport in; whether it is of this report."""
        told = lenient.obj(payload)
        if lenient.integer(told.get("requestId")) != self.request_id:
            return False
        number = lenient.integer(told.get("seqNo"))
        self._pages.append(number)
        if told.get("tbc") not in (True, "true"):
            self._ended, self._last = True, number
        for item in lenient.items(told.get("reportData")):
            if (one := variable_in(item)) is not None:
                key = one.place.folded
                known = self._variables.get(key)
                self._variables[key] = known.joined(one) if known is not None else one
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
    def missing(self) -> tuple[int, ...]:
        """The numbers of pages that did not come, as far as others show that they were sent."""
        numbers = [one for one in self._pages if one is not None]
        if len(numbers) < len(self._pages) or len(set(numbers)) < len(numbers):
            return ()  # they are not counted, or all the same: nothing can be told from that
        last = self._last if self._last is not None else max(numbers, default=0)
        first = min((0, 1), key=lambda one: abs(one - min(numbers, default=0)))
        return tuple(one for one in range(first, last) if one not in numbers)[:100]
