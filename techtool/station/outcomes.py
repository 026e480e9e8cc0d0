"""What came of something that a technician did: accepted is not done."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Verdict(StrEnum):
    """How sure it is that an operation had its effect."""

    PROVED = "proved"
    ACCEPTED = "accepted"
    CONTRADICTED = "contradicted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


class NoLinkError(Exception):
    """There is no charger to talk to; the text says which was wanted."""


class CallRefusedError(ValueError):
    """The message may not go out as it is; the text says what is wrong and what to do."""


class UnfitError(CallRefusedError):
    """It is not what the receiver takes, by all that is known; it goes out only if the technician insists."""


class DangerousError(CallRefusedError):
    """It may go out, but only if the technician insists (``force``); :attr:`danger` says what it would do."""

    def __init__(self, text: str, danger: str) -> None:
        super().__init__(text)
        self.danger = danger


class Outcome(NamedTuple):
    """A verdict, in words, with the records that show it."""

    verdict: Verdict
    text: str
    result: Any = None
    records: tuple[int, ...] = ()
