"""How long a charger may take for an answer. Pure.

Some need longer than others, and who gives up too early never sees their answers (FIELD.md, thread 29).
"""

from __future__ import annotations

from techtool.csms.dialogue import TIMEOUT_S
from techtool.station.model import Station

MOST_S = 120.0
ROOM = 1.5
"""Of the slowest answer so far."""


def patience_s(station: Station | None) -> float:
    """Seconds from the sending: 30, and more for who has answered later than that before."""
    slowest = None if station is None else station.slowest_answer_s
    return TIMEOUT_S if slowest is None else max(TIMEOUT_S, min(MOST_S, ROOM * slowest))
