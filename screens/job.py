"""What every job at a charger is: it goes on for a while, whichever page is shown, and ends somehow."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from techtool.station.outcomes import Outcome, Verdict

if TYPE_CHECKING:
    from techtool.session import Session

STATES = {Verdict.PROVED: "ok", Verdict.ACCEPTED: "warn"}
"""Of an outcome, as :class:`Look` words it; all others are faults."""


class Job(ABC):
    """One thing that a charger is told to do, and how it ended."""

    name = ""
    """In the header."""
    busy = ""
    """Why nothing else can be begun meanwhile, in a sentence."""
    stops = ""
    """What stopping it does, in a sentence."""
    page = ""
    """Where it is shown."""
    stop_s = 3.0
    """So long it may take to stop it."""
    stopped_word = "cancelled"
    stopped_state = "fault"

    def __init__(self, identity: str | None, now: Callable[[], datetime]) -> None:
        self.identity = identity
        """Of the charger."""
        self.began = now()
        self.ended: datetime | None = None
        self.outcome: Outcome | None = None
        """None while it runs."""
        self.word = ""
        """The verdict, or that the technician did not want it any more."""
        self.danger: str | None = None
        """Why it was not begun without insisting on it."""
        self.stopping = False
        self.seen = False
        """The end was looked at."""
        self.changes = 0
        """Counts what changed here."""
        self.over = asyncio.Event()
        self.now = now

    # --- of each kind --------------------------------------------------------------------------------------

    @abstractmethod
    async def carry_out(self, session: Session) -> Outcome:
        """Do it. Raises UnableError, NoLinkError and CallRefusedError."""

    @property
    @abstractmethod
    def at_stake(self) -> str:
        """What goes on, and what ending it now would mean, in sentences."""

    @property
    @abstractmethod
    def left(self) -> str:
        """How the charger is when it is broken off now, in sentences."""

    @property
    @abstractmethod
    def step(self) -> str:
        """How far it is, in a few words for the header."""

    # --- of all --------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """How it is, as :class:`Look` words it."""
        if self.outcome is None:
            return "wait"
        return self.stopped_state if self.word == self.stopped_word else STATES.get(self.outcome.verdict, "fault")

    @property
    def alarm(self) -> str | None:
        """That the charger is not as it should be, and what to do by hand; it must not go unread."""
        return None

    @property
    def in_header(self) -> tuple[str, str] | None:
        """State and words, for the line above every page; None where nobody need know of it any more."""
        if self.outcome is None:
            return self.state, f"{self.name} {'stops' if self.stopping else self.step}"
        return None if self.seen else (self.state, f"{self.name} {self.word}")

    def broken_off(self) -> Outcome:
        """What came of it where the technician stopped it."""
        return Outcome(Verdict.UNANSWERED, f"Stopped here. {self.left}")

    def failed(self) -> Outcome:
        """What came of it where techtool did not do what it should."""
        return Outcome(Verdict.UNANSWERED, f"techtool failed here. {self.left}")

    def end(self, outcome: Outcome, word: str | None = None) -> None:
        """It is over."""
        self.outcome, self.word, self.ended = outcome, word or outcome.verdict.value, self.now()
        self.changes += 1
        self.over.set()
