"""The job of a restart: the charger was told to start anew, and is watched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from techtool.station.outcomes import Outcome
from techtool.text import safe

from .job import Job
from .widgets.lines import minutes

if TYPE_CHECKING:
    from techtool.session import Session


class Restart(Job):
    """Whether it went away and came back."""

    name = "reboot"
    busy = "The charger is being rebooted: one thing at a time. A moment."
    stops = "Then nobody watches any more; the reboot itself cannot be taken back."
    page = "status"
    stopped_word, stopped_state = "not watched", "warn"

    def __init__(self, identity: str | None, now: Callable[[], datetime], *, force: bool) -> None:
        super().__init__(identity, now)
        self.force = force

    async def carry_out(self, session: Session) -> Outcome:
        """Tell it, and look."""
        return await session.able.reboot(identity=self.identity, force=self.force)

    @property
    def step(self) -> str:
        """For how long."""
        return minutes((self.now() - self.began).total_seconds())

    @property
    def at_stake(self) -> str:
        """What would not be known."""
        who = safe(self.identity or "The charger", 30)
        return f"{who} was told to reboot, and it is watched whether it comes back."

    @property
    def left(self) -> str:
        """What is not known."""
        return "Whether it starts anew was not seen."
