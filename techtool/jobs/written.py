"""What a charger answered to the writing of a setting. Pure."""

from __future__ import annotations

from typing import NamedTuple

from techtool.csms.dialogue import Ended, Ending
from techtool.csms.frames import CallError, CallResult

REBOOT = "RebootRequired"


class Written(NamedTuple):
    """Its answer; accepted is not done."""

    answered: bool
    refused: str | None = None
    """Its word for that."""
    reboot: bool = False
    """It counts from the next boot on."""
    lost: bool = False
    """The link was lost after it was sent."""


def written(ended: Ended, status: str | None) -> Written:
    """What came of it; ``status`` is what the answer says of the setting."""
    match ended.ending:
        case Ending.ANSWERED if status in ("Accepted", REBOOT):
            return Written(True, reboot=status == REBOOT)
        case Ending.ANSWERED:
            return Written(True, status or "without a status")
        case Ending.ERROR:
            code = ended.answer.code if isinstance(ended.answer, CallError) else None
            return Written(True, f"the error {code or 'without a code'}")
        case _:
            return Written(False, lost=ended.ending is Ending.LINK_LOST)


def payload(ended: Ended) -> object:
    """Of the answer; None where there is none."""
    return ended.answer.payload if isinstance(ended.answer, CallResult) else None
