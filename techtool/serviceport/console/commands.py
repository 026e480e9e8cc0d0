"""What is typed into a console, and what comes of it. Values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from techtool.serviceport.profiles.patterns import Pattern


class Command(NamedTuple):
    """What is typed: one line, or two where the device asks for the value."""

    lines: tuple[bytes, ...]
    """With their ends. The second goes out when the device waits for it."""
    reads: bool = False
    """It changes nothing, so it may be sent again."""
    wanted: tuple[Pattern, ...] = ()
    """What the answer has in it: when all is there, a short silence ends it, also without a prompt."""


class Ending(StrEnum):
    """What came of a command."""

    ANSWERED = "answered"
    REFUSED = "refused"  # it said an error; it may have changed something all the same
    ASKED = "asked"  # it wants a value, and there was none to give
    NOT_ASKED = "not asked"  # it was ready for the next command without having asked for the value
    TIMED_OUT = "timed out"
    REBOOTED = "rebooted"
    LINK_LOST = "link lost"


class Ended(NamedTuple):
    """A command that is over."""

    number: int
    """What the call gave."""
    command: Command
    ending: Ending
    answer: tuple[str, ...]
    """Its lines, without what was echoed and what the device says unasked."""
    seconds: float
    sent: bool
    """It went out: without an answer, whether it had an effect is unknown."""
    whole: bool = True
    """The device was ready for the next command; otherwise it only fell silent."""


@dataclass(slots=True)
class Waiting:
    """A command that is not over."""

    number: int
    command: Command
    timeout: float | None
    """Seconds from the sending; None for the usual."""
    since: float
    tries: int = 0
    step: int = 0
    """Which of its lines went out last."""
    answer: list[str] | None = None
    heard: float | None = None
    """When the last line of the answer came."""
    echoed: bool = False
    prompted: bool = False
    part: bool = False
    """The last thing that came has no end: it may be a question."""
    refused: bool = False

    def begin(self, now: float) -> None:
        """It goes out, perhaps once more."""
        self.tries += 1
        self.since, self.step, self.answer, self.heard = now, 0, [], None
        self.echoed = self.prompted = self.part = self.refused = False

    @property
    def settled(self) -> bool:
        """What is wanted is there, or the device is ready again: no more needs to come."""
        wanted, answer = self.command.wanted, self.answer or ()
        return self.prompted or bool(wanted and all(any(map(one.search, answer)) for one in wanted))

    def ended(self, ending: Ending, now: float, *, whole: bool = True) -> Ended:
        """What came of it."""
        sent, answer = self.tries > 0, tuple(self.answer or ())
        return Ended(self.number, self.command, ending, answer, now - self.since, sent, whole)
