"""How far it is known what connectors a charger has."""

from __future__ import annotations

from enum import Enum


class Survey(Enum):
    """Whether every connector that will be reported has been, once nothing more comes."""

    OPEN = "open"
    """It is being asked, or will be."""
    DONE = "done"
    """It booted and told its statuses, or it was asked and told them."""
    UNSURE = "unsure"
    """It was not asked, or would not tell: there may be more than is known."""
