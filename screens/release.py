"""Test: whether a car may charge, blocked and released by command, and put back as it was found."""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.abilities import UnableError
from techtool.station.release import Release

from .firmware_lines import energy
from .insisting import ask
from .release_lines import Do, Plan, StepAt, asked, head, plan_lines, trial_lines
from .trial import Trial
from .widgets.bars import Key, Keys
from .widgets.dialogs import menu
from .widgets.page import Page
from .widgets.sheet import Sheet, line, sentence

NOTHING = "No test runs."
ALL = 0
"""In the menu of the ways; they themselves count from one."""


class ReleasePage(Page):
    """From the ability alone: what wire it is, is none of its business."""

    title = "Test"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "Stop the test: what was found is put back", id="test.stop"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._chosen: str | None = None
        """The way that the technician wants; None is all."""
        self._followed = 0
        """So many steps were there when the cursor was put on the last one."""

    def compose(self) -> ComposeResult:
        """Lines and hints."""
        yield Sheet(id="test-sheet")
        yield Keys(classes="hints")

    @property
    def _sheet(self) -> Sheet:
        return self.query_one("#test-sheet", Sheet)

    # --- what it knows -------------------------------------------------------------------------------------

    @property
    def _release(self) -> Release | None:
        with contextlib.suppress(UnableError):
            return self.desk.session.able.release(self._identity)
        return None

    @property
    def _identity(self) -> str | None:
        return self.desk.station.identity if self.desk.station is not None else None

    @property
    def _trial(self) -> Trial | None:
        """The one that is shown: of this port, or one that must not be forgotten."""
        trial = self.desk.jobs.trial
        if trial is None or trial.outcome is None or trial.alarm is not None:
            return trial
        return trial if trial.release is self._release else None

    @property
    def _under_way(self) -> Trial | None:
        trial = self.desk.jobs.trial
        return trial if trial is not None and trial.outcome is None else None

    @property
    def offered(self) -> bool:
        """Over OCPP it is not built yet; there is nothing to test in an earlier visit."""
        return self.desk.offers("auth") or self._trial is not None

    @property
    def unable(self) -> str | None:
        """Why this link cannot release charging."""
        return None if self._trial is not None else self.desk.cannot("auth")

    @property
    def unsaved(self) -> str | None:
        """A charger that was not put back is not to be left so in silence."""
        trial = self.desk.jobs.trial
        return trial.alarm if trial is not None else None

    @property
    def hints(self) -> Sequence[Key]:  # type: ignore[override]
        """The keys that work now."""
        if self.unable is not None:
            return []
        out = [Key("y", "copy"), Key("e", "export")] if self._trial is not None else []
        if (trial := self._under_way) is not None:
            stop = [] if trial.stopping else [Key("x", "stop, and put back")]
            return [*stop, Key("enter", "records", "Enter"), *out]
        return [Key("enter", "choose", "Enter"), *out]

    def _plan(self) -> Plan:
        trial, release = self._trial, self._release
        ways = release.ways if release is not None else ()
        return Plan(
            where=self._identity or "the charger",
            ways=ways,
            chosen=self._chosen if self._chosen in [way.name for way in ways] else None,
            charging=energy(self.desk.station),
            port=self.desk.session.port_problem,
            danger=trial.danger if trial is not None else None,
        )

    # --- drawing -------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """To the lines; an alarm stands above them."""
        self._sheet.focus()
        if self.unsaved is not None:
            self._sheet.action_edge(-1)

    def tick(self) -> None:
        """Write the page anew."""
        width, look, sheet = self._sheet.room, self.main.look, self._sheet
        if not width:
            return
        if (reason := self.unable) is not None:
            sheet.show([*head(look, width), line(""), *sentence(reason, width)])
            return
        trial, plan, station = self._trial, self._plan(), self.desk.station
        if trial is None:
            sheet.show(plan_lines(plan, station, look, width))
            return
        if trial.outcome is not None and self.main.page is self:
            trial.seen = True
        tried = self.desk.session.picture.stations.get(trial.identity or "", station)
        sheet.show(trial_lines(trial, plan, tried, look, width))
        self._follow(trial)

    def _follow(self, trial: Trial) -> None:
        """The cursor to what came last; at the end to what can be done then, and an alarm in sight."""
        count = len(trial.report.steps) + (trial.outcome is not None)
        if count == self._followed:
            return
        self._followed = count
        if trial.alarm is not None:
            self._sheet.action_edge(-1)
        elif trial.outcome is not None:
            self._sheet.go(Do.TRY)
        elif trial.report.steps:
            self._sheet.go(StepAt(trial.report.steps[-1].name))

    # --- what it does --------------------------------------------------------------------------------------

    @on(Sheet.Chosen, "#test-sheet")
    def _open(self, message: Sheet.Chosen) -> None:
        message.stop()
        match message.key:
            case Do.WAYS:
                ways = self._plan().ways
                choices: list[tuple[Hashable, str, str]] = [(ALL, "All of them", "one after the other")]
                choices += [(place, way.name, "") for place, way in enumerate(ways, 1)]
                chosen = next((place for place, way in enumerate(ways, 1) if way.name == self._chosen), ALL)
                self.app.push_screen(menu("How is it released?", choices, chosen=chosen), self._take_way)
            case Do.TRY:
                self._ask_to_try()
            case StepAt(name):
                self._show_records(name)

    def _take_way(self, place: Hashable | None) -> None:
        ways = self._plan().ways
        if isinstance(place, int) and place <= len(ways):
            self._chosen = ways[place - 1].name if place != ALL else None
            self.tick()

    def _show_records(self, name: str) -> None:
        steps = self._trial.report.steps if self._trial is not None else ()
        step = next((one for one in steps if one.name == name), None)
        if step is not None and step.records:
            self.main.jump(step.records[0])
        else:
            self.tech.say("Nothing passed in this step.", severity="warning")

    def _ask_to_try(self) -> None:
        plan, job = self._plan(), self.desk.jobs.running
        if (reason := job.busy if job is not None else plan.port or self.desk.cannot("auth")) is not None:
            self.tech.say(reason, severity="warning")
            return
        why = "A car is charging" if plan.charging is not None else plan.danger
        ask(
            self.app,
            "Try whether it may charge?",
            asked(plan),
            "Try it",
            why,
            lambda: self._try(force=why is not None),
        )

    def _try(self, *, force: bool) -> None:
        plan = self._plan()
        self._followed = 0
        try:
            self.desk.jobs.test([way.name for way in plan.wanted], force=force)
        except UnableError as error:
            self.tech.say(str(error), severity="warning")
        self.tick()

    def why_not(self, action: str) -> str | None:
        """Only what runs can be stopped."""
        return NOTHING if action == "stop" and self._under_way is None else None

    def action_stop(self) -> None:
        """Stop it: nothing is lost by that, so nothing is asked."""
        if (trial := self._under_way) is None:
            self.tech.say(NOTHING, severity="warning")
        elif not trial.stopping:
            self.app.run_worker(self.desk.jobs.stop(), group="stop", exit_on_error=False)

    def copied(self) -> str | None:
        """All of the test."""
        return self._sheet.plain if self._trial is not None else None

    async def exported(self) -> str:
        """The page as text."""
        return self._sheet.plain
