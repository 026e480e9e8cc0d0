"""A day in the life of a charger, for demonstrations: the same lines that a person could type."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

CARDS = ("04A1B2C3", "04C0FFEE", "04D15EA5")


def autoplay(connectors: int) -> Iterator[str]:
    """Lines without end. A car comes to connector 1 after 2 s; connector 2, if there is one, has a fault."""
    for card in itertools.cycle(CARDS):
        yield from ("wait 2", "plug 1", "wait 3", f"tap {card} 1", "wait 20")
        yield from ("limit 1 10", "wait 15", "limit 1 16", "wait 10")
        if connectors > 1:
            yield from ("fault 2 GroundFailure", "wait 15", "clear 2", "wait 10")
        yield from ("suspend 1", "wait 8", "resume 1", "wait 20")
        yield from (f"tap {card} 1", "wait 5", "unplug 1", "wait 10")
