"""The job of settings that are sent: how far it is, whichever page is shown, and what came of it in all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from techtool.station.outcomes import Outcome, Verdict
from techtool.text import safe

from .config_changes import Change, Changes
from .config_lines import counted
from .config_sending import Sending
from .job import Job

if TYPE_CHECKING:
    from techtool.session import Session

_WORST_FIRST = (Verdict.CONTRADICTED, Verdict.UNANSWERED, Verdict.REFUSED, Verdict.ACCEPTED)


class Writing(Job):
    """Settings on their way to a charger."""

    name = "settings"
    busy = "Settings are being sent: one thing at a time. 4 shows how far it is."
    stops = "What was not sent until then stays staged."
    page = "config"
    stopped_word, stopped_state = "stopped", "warn"

    def __init__(
        self, sending: Sending, changes: Changes, now: Callable[[], datetime], told: Callable[[], None]
    ) -> None:
        """``told`` is called whenever something changed."""
        super().__init__(sending.identity, now)
        self.sending = sending
        self._staged = changes
        self._told = told

    async def carry_out(self, session: Session) -> Outcome:
        """Send one after the other."""

        async def write(change: Change, confirmed: bool) -> Outcome:
            able, identity = session.able, self.identity
            return await able.write_setting(change.name, change.after, identity=identity, force=confirmed)

        await self.sending.run(self._staged, write, self._changed)
        return self._summed()

    def _changed(self) -> None:
        self.changes += 1
        self._told()

    def _summed(self) -> Outcome:
        states = [one.state for one in self.sending.items]
        good = all(one == Verdict.PROVED for one in states)
        worst = next((one for one in _WORST_FIRST if one in states), Verdict.REFUSED)
        return Outcome(Verdict.PROVED if good else worst, f"{self.sending.summed}.")

    def broken_off(self) -> Outcome:
        """Of the one that was on its way nothing is known."""
        self.sending.break_off()
        self._changed()
        return self._summed()

    def failed(self) -> Outcome:
        """The same."""
        return self.broken_off()

    @property
    def step(self) -> str:
        """How many are over."""
        return f"{self.sending.answered} of {len(self.sending.items)}"

    @property
    def at_stake(self) -> str:
        """Some would be there, and some not."""
        who, count = safe(self.identity or "the charger", 30), len(self.sending.items)
        return f"{counted(count)} {'is' if count == 1 else 'are'} being sent to {who}, {self.step} answered."

    @property
    def left(self) -> str:
        """What was answered stands."""
        return f"{self.sending.summed}."
