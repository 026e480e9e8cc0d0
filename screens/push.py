"""The job of a firmware on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from techtool.station.firmware import Image, Known, Step, Way
from techtool.station.outcomes import Outcome, Verdict
from techtool.text import safe

from .job import Job
from .widgets.lines import minutes

if TYPE_CHECKING:
    from techtool.session import Session

FAILED = "techtool failed here. What the charger has of it is not known."


class Push(Job):
    """A firmware on its way, and how it ended."""

    name = "firmware"
    busy = "A firmware is on its way: one thing at a time. x on page 5 stops it."
    stops = "It is told to give up."
    page = "firmware"

    def __init__(
        self, image: Image, way: Way, known: Known, identity: str | None, now: Callable[[], datetime]
    ) -> None:
        super().__init__(identity, now)
        self.image, self.way = image, way
        self.known = known
        """What was known of the way before."""
        self.sending: datetime | None = None
        """When the first bytes were acknowledged."""
        self.all_sent: datetime | None = None
        self.so_far = Step(0, len(image.data), None)

    async def carry_out(self, session: Session) -> Outcome:
        """Send it."""
        return await session.able.push_firmware(self.image, self.way, identity=self.identity, told=self.told)

    def told(self, step: Step) -> None:
        """So far it is."""
        self.so_far, now = step, self.now()
        if step.sent and self.sending is None:
            self.sending = now
        self.all_sent = (self.all_sent or now) if step.sent == step.total else None
        self.changes += 1

    @property
    def percent(self) -> int:
        """Of the bytes, those that are acknowledged."""
        return self.so_far.sent * 100 // max(1, self.so_far.total)

    @property
    def bytes_per_s(self) -> float | None:
        """So far."""
        step = self.so_far
        return (step.total - step.sent) / step.left_s if step.left_s else None

    @property
    def step(self) -> str:
        """Percent, and the time that is left."""
        if not self.so_far.sent:
            return "starts"
        left = f" {minutes(self.so_far.left_s)}" if self.so_far.left_s is not None else ""
        return f"{self.percent} %{left}"

    @property
    def at_stake(self) -> str:
        """What is lost when it ends now."""
        return f"The firmware {safe(self.image.name, 60)} is on its way, {self.percent} % of it. {safe(self.left)}"

    @property
    def left(self) -> str:
        """What the charger has if it ends now."""
        sent, total = self.so_far.sent, self.so_far.total
        if not sent:
            return "Nothing of the image was acknowledged."
        if sent >= total:
            return f"All {total:,} bytes were acknowledged, but not what it makes of them: look what runs now."
        return f"Image incomplete: {sent:,} of {total:,} bytes acknowledged. {self.known.broken_off}"

    def failed(self) -> Outcome:
        """Nothing is known then."""
        return Outcome(Verdict.UNANSWERED, FAILED)
