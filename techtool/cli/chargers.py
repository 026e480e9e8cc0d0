"""Which charger is meant where several have called. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from techtool.station.model import Station

NAMED = 10
"""More identities would hide the sentence that they stand in."""


def latest(stations: Iterable[Station]) -> Station | None:
    """Who called last."""
    return max(stations, key=lambda one: one.link.connection, default=None)


def others(identities: Iterable[str], shown: str) -> list[str]:
    """All but the one that is shown."""
    return [one for one in identities if one != shown]


def named(identities: Sequence[str]) -> str:
    """Identities in a sentence."""
    if len(identities) > NAMED:
        return f"{', '.join(identities[:NAMED])} and {len(identities) - NAMED} more"
    *first, last = identities
    return f"{', '.join(first)} and {last}" if first else last


def unknown(identities: Iterable[str], wanted: str) -> str:
    """That a charger is not among those that called."""
    there = list(identities)
    others = f"these did: {named(there)}" if there else "nor did another"
    return f"No charger {wanted} called by then; {others}."
