"""2.x: what is wrong with a charger now, as its components told it. A status alone does not tell a cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

MAX_PROBLEMS = 500
"""Of one charger; no charger has so many parts that can fail at once."""


class Place(NamedTuple):
    """Where something is said to be so."""

    evse: int
    """0 is the station itself."""
    connector: int | None
    """None is the EVSE as a whole, with all its connectors."""

    def meets(self, other: Place) -> bool:
        """What is true of the one says something of the other."""
        return self.evse == other.evse and (self.connector == other.connector or None in (self[1], other[1]))

    def __str__(self) -> str:
        if not self.evse:
            return "the station"
        return f"EVSE {self.evse}" + (f" connector {self.connector}" if self.connector is not None else "")


class Problem(NamedTuple):
    """What a component said is wrong with it."""

    component: str
    text: str
    subject: str
    """The finding that tells it."""
    tech: str | None
    info: str | None


@dataclass(slots=True)
class Problems:
    """The problems of one charger that have begun and not ended."""

    _standing: dict[tuple[Place, str, str], Problem] = field(default_factory=dict)
    _unexplained: set[Place] = field(default_factory=set)
    """Where the status was Faulted before anything told why."""

    def began(
        self, place: Place, component: str, variable: str, tech: str | None = None, info: str | None = None
    ) -> Problem:
        """A component says that something is wrong: where a fault had no cause yet, this is it."""
        fault = next((one for one in self._unexplained if one.meets(place)), None)
        self._unexplained.discard(fault or place)
        known = self._standing.pop((place, component, variable), None)
        subject = _subject(fault) if fault else known.subject if known else f"{_subject(place)}/{component}"
        more = ", ".join(one[:100] for one in (tech, info) if one)
        text = f"{component} reports {variable} on {place}{': ' + more if more else ''}."
        problem = Problem(component, text, subject, tech, info)
        self._standing[place, component, variable] = problem
        if len(self._standing) > MAX_PROBLEMS:
            del self._standing[next(iter(self._standing))]
        return problem

    def ended(self, place: Place, component: str, variable: str) -> bool:
        """A component says that nothing is wrong any more; whether something was."""
        return self._standing.pop((place, component, variable), None) is not None

    def at(self, place: Place) -> Problem | None:
        """What began last of what is wrong there."""
        return next((one for key, one in reversed(self._standing.items()) if key[0].meets(place)), None)

    def faulted(self, place: Place) -> tuple[str, str]:
        """Text and subject of the finding for the status Faulted: that of the cause, where one is known."""
        problem = self.at(place)
        if problem is not None:
            return problem.text, problem.subject
        self._unexplained.add(place)
        return f"{str(place)[0].upper()}{str(place)[1:]} says Faulted.", _subject(place)

    def well(self, place: Place) -> None:
        """The status says that nothing is wrong there. An EVSE can be well though one of its connectors is not."""
        over = {place, Place(place.evse, None)}
        self._standing = {key: one for key, one in self._standing.items() if key[0] not in over}
        self._unexplained -= over


def _subject(place: Place) -> str:
    return f"{place.evse}/{'all' if place.connector is None else place.connector}"
