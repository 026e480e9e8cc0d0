"""How things are shown just now: the inks, the time, the time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from rich.style import Style
from rich.text import Text

from ..themes import Ink
from .lines import BLOCKS, PLAIN

WORDS = {"ok": "OK", "warn": "! ", "fault": "!!", "wait": "..", "none": "--"}
"""Every state as a word or shape; colour only repeats it."""


class Look(NamedTuple):
    """What the building of lines needs to know."""

    ink: Ink
    now: datetime
    zone: tzinfo | None
    """None is the laptop's own."""
    theme: str
    """Its name."""

    @property
    def levels(self) -> str:
        """For sparklines: a terminal of 16 colours may not have block characters."""
        return PLAIN if self.theme == "ansi" else BLOCKS

    def clock(self, when: datetime | None, *, ms: bool = False) -> str:
        """The time of day."""
        if when is None:
            return "--"
        try:
            local = when.astimezone(self.zone)
        except (OverflowError, ValueError, OSError):
            local = when  # a charger's own time stamp may be the last moment that there is
        return f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}" if ms else f"{local:%H:%M:%S}"

    def age(self, when: datetime | None) -> float | None:
        """Seconds since then."""
        return None if when is None else (self.now - when).total_seconds()

    def style(self, state: str) -> Style:
        """The style of a state."""
        ink = self.ink
        return {"ok": ink.ok, "warn": ink.warn, "fault": ink.alarm}.get(state, ink.text)

    def word(self, state: str) -> Text:
        """The word of a state in its colour."""
        return Text(WORDS[state], self.style(state), end="")
