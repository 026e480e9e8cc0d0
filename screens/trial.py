"""The job of a release test: what was tried so far, and whether the charger is as it was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from techtool.station.outcomes import Outcome, Verdict
from techtool.station.release import PUT_BACK, Release, Report, Way, ahead
from techtool.text import safe

from .job import Job

if TYPE_CHECKING:
    from techtool.session import Session

NOT_KNOWN = "NOT PUT BACK, as far as is known: look whether it may charge."


class Trial(Job):
    """A test of whether a car may charge."""

    name = "test"
    busy = "A release test runs: one thing at a time. x on page 3 stops it."
    stops = "It is stopped, and what was found is put back first: that takes some seconds."
    page = "test"
    stop_s = 20.0
    stopped_word, stopped_state = "stopped", "warn"

    def __init__(
        self,
        release: Release,
        ways: tuple[Way, ...],
        identity: str | None,
        now: Callable[[], datetime],
        *,
        force: bool,
    ) -> None:
        super().__init__(identity, now)
        self.release, self.ways, self.force = release, ways, force
        self.report = Report()
        self.stepped = self.began
        """When the step began that goes on."""

    async def carry_out(self, session: Session) -> Outcome:
        """Try it."""
        names = [way.name for way in self.ways]
        self.report = await session.able.test_release(
            names, identity=self.identity, force=self.force, told=self.told
        )
        return self.report.outcome

    def told(self, report: Report) -> None:
        """So far it is."""
        self.report, self.stepped = report, self.now()
        self.changes += 1

    # --- how it is -----------------------------------------------------------------------------------------

    @property
    def under_way(self) -> tuple[Way, str] | None:
        """The step that goes on."""
        if self.outcome is not None:
            return None
        steps = ((way, name) for way in self.ways for name in ahead(self.report, way, self.ways))
        return next(steps, None)

    @property
    def _changed(self) -> bool:
        """Something was done to the charger."""
        report = self.report
        return report.interrupted or not report.restored or report.tried

    @property
    def step(self) -> str:
        """Its name."""
        return safe(self.under_way[1], 20) if self.under_way is not None else "ends"

    @property
    def at_stake(self) -> str:
        """A charger that is blocked."""
        return f"A release test of {safe(self.identity or 'the charger', 30)} runs (step: {self.step})."

    @property
    def left(self) -> str:
        """How the charger is."""
        if not self._changed:
            return "Nothing was changed."
        return "It is as it was found." if self.report.restored else self.report.by_hand or NOT_KNOWN

    @property
    def alarm(self) -> str | None:
        """That it was not put back, and what to do by hand."""
        return None if self.outcome is None or self.report.restored else self.left

    @property
    def unsure(self) -> bool:
        """It was told to go back, and nothing shows whether it did."""
        steps = self.report.steps
        return bool(steps) and steps[-1].name.endswith(PUT_BACK) and steps[-1].verdict is Verdict.ACCEPTED

    @property
    def state(self) -> str:
        """Whatever else came of it: one that was not put back is a fault."""
        return "fault" if self.alarm is not None and not self.unsure else super().state

    @property
    def in_header(self) -> tuple[str, str] | None:
        """One that was not put back stays until the next test."""
        if self.outcome is None:
            return "wait", "test: putting back" if self.stopping and self._changed else f"test: {self.step}"
        if self.alarm is not None:
            return self.state, "PERHAPS NOT PUT BACK" if self.unsure else "NOT PUT BACK"
        return super().in_header

    def broken_off(self) -> Outcome:
        """What had been found out until then."""
        if not self._changed:
            return Outcome(Verdict.UNANSWERED, "Stopped before anything was changed.")
        if self.report.interrupted:
            return self.report.outcome
        return self.report.outcome._replace(text=f"Stopped here. {self.report.text}")
