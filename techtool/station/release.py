"""The ability to try whether a charger lets a car charge when it is released, and does not when it is blocked.

No card is tested by it: at a service port nothing tells what a reader would say. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from techtool.station.outcomes import Outcome, Verdict

PROVES = "may it charge, not whether a card is accepted"
"""What such a test is about."""
NOT_APPLICABLE = "not applicable"
FOUND, BLOCK, RELEASE, CHARGE, PUT_BACK = ORDER = ("found", "block", "release", "charge", "put back")
"""The steps, by name."""
GOOD = (Verdict.PROVED, Verdict.ACCEPTED)
"""After these it goes on."""
WORST_FIRST = (Verdict.CONTRADICTED, Verdict.REFUSED, Verdict.UNANSWERED, Verdict.ACCEPTED, Verdict.PROVED)


class Step(NamedTuple):
    """One thing that was tried, and what the charger showed then."""

    name: str
    """One of :data:`ORDER`; after the way's name and a colon where several ways are tried."""
    expected: str
    seen: str
    verdict: Verdict | None
    """None where it is not applicable: it was not tried, so it is not passed either."""
    records: tuple[int, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """For a script."""
        return {
            "name": self.name,
            "expected": self.expected,
            "seen": self.seen,
            "verdict": self.verdict.value if self.verdict is not None else NOT_APPLICABLE,
            "records": list(self.records),
        }


class Report(NamedTuple):
    """What came of a test, or of as much of it as there was."""

    steps: tuple[Step, ...] = ()
    restored: bool = True
    """It is as it was found, by what it shows; also where nothing was changed."""
    notes: tuple[str, ...] = ()
    """What is known of the way that was tried."""
    by_hand: str | None = None
    """That it was not put back, and what to do then."""
    interrupted: bool = False
    """It does not go on: only what was found is still put back."""

    @property
    def verdict(self) -> Verdict:
        """The worst of its steps."""
        verdicts = {step.verdict for step in self.steps}
        return next((one for one in WORST_FIRST if one in verdicts), Verdict.UNANSWERED)

    @property
    def tried(self) -> bool:
        """More was done than to look."""
        return any(not step.name.endswith(FOUND) for step in self.steps)

    @property
    def text(self) -> str:
        """It in words, the worst first."""
        worst = next((step for step in self.steps if step.verdict is self.verdict), None)
        if worst is None or (self.verdict is Verdict.PROVED and not self.tried):
            parts = ["Nothing was tried."]
        elif self.interrupted and self.verdict is Verdict.PROVED:
            parts = ["It was interrupted, and is as it was found." if self.restored else "It was interrupted."]
        elif self.verdict is Verdict.PROVED:
            parts = ["Blocking and releasing had their effect, and it is as it was found."]
        else:
            parts = [f"{worst.name}: {worst.seen}."]
        parts += [f"{step.name}: {step.seen}." for step in self.steps if step.verdict is None]
        return " ".join((*parts, *self.notes, *filter(None, [self.by_hand])))

    @property
    def document(self) -> dict[str, Any]:
        """For a script."""
        return {"proves": PROVES, "steps": [step.document for step in self.steps], "restored": self.restored}

    @property
    def outcome(self) -> Outcome:
        """It as every other thing that a technician does."""
        records = tuple(sorted({number for step in self.steps for number in step.records}))
        return Outcome(self.verdict, self.text, self.document, records)


class Way(NamedTuple):
    """One way to let a car charge and to keep it from charging, as far as it is known before it is tried."""

    name: str
    blocked: str
    """What it is to show when it is blocked."""
    released: str
    """What it is to show when it is released."""
    note: str | None = None
    """What else is known of it."""

    def expected(self, name: str) -> str:
        """What a step is to show."""
        return {
            FOUND: "a state that can be read, without a fault",
            BLOCK: self.blocked,
            RELEASE: self.released,
            CHARGE: "a car charges, or is offered it",
            PUT_BACK: "as it was found",
        }[name]


class Release(Protocol):
    """Over one link."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """How it can be done; there is one at least."""

    async def test(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        told: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        """Block, release, look what the charger shows each time, and put back what was found.

        ``names`` are the ways to do it, all if left out; ``force`` also ends a session that goes on. ``told``
        hears the report so far after each step. What was found is put back in any case, within seconds, also where
        this is cancelled.

        Raises :class:`techtool.station.outcomes.CallRefusedError` for a name that there is not,
        :class:`techtool.station.outcomes.DangerousError` for a session that goes on, and what the link raises
        where it is lost before anything was changed.
        """


def steps_of(report: Report, way: Way, ways: Sequence[Way]) -> dict[str, Step]:
    """What was tried of a way, by bare names; ``ways`` are all that are tried."""
    prefix = f"{way.name}: " if len(ways) > 1 else ""
    return {step.name[len(prefix) :]: step for step in report.steps if step.name.startswith(prefix)}


def ahead(report: Report, way: Way, ways: Sequence[Way]) -> tuple[str, ...]:
    """Which steps of a way are still to come, if nothing goes wrong; of the first way that has any, the first one
    goes on now."""
    done = steps_of(report, way, ways)
    if report.interrupted and PUT_BACK not in done:
        return (PUT_BACK,) if done else ()
    ended = bool(report.steps) and report.steps[-1].name.endswith(PUT_BACK) and not report.restored
    if ended or PUT_BACK in done or (FOUND in done and done[FOUND].verdict is not Verdict.PROVED):
        return ()
    if any(name in done and done[name].verdict not in GOOD for name in (BLOCK, RELEASE)):
        return (PUT_BACK,)
    return tuple(name for name in ORDER if name not in done)


def judge(told: Outcome, shown: bool | None) -> Verdict:
    """Of something that was to have an effect: what the charger shows counts, not what it answered.

    ``shown`` is whether it shows the effect; None where nothing tells.
    """
    if told.verdict is Verdict.REFUSED or (shown is None and told.verdict is not Verdict.CONTRADICTED):
        return told.verdict
    if shown:
        return Verdict.PROVED
    return Verdict.UNANSWERED if told.verdict is Verdict.UNANSWERED else Verdict.CONTRADICTED
