"""A release test over any wire: block, release, look each time, and put back what was found whatever happens.

A wire says by a :class:`Gate` how that is done there and what it shows.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from techtool.serviceport.finishing import to_its_end
from techtool.serviceport.port import LinkLost
from techtool.station.outcomes import DangerousError, Outcome, Verdict
from techtool.station.release import (
    BLOCK,
    CHARGE,
    FOUND,
    GOOD,
    NOT_APPLICABLE,
    PUT_BACK,
    RELEASE,
    Report,
    Step,
    Way,
    judge,
)


class Patience(NamedTuple):
    """How long is waited for what, in seconds."""

    shown: float = 6.0
    """For a state to show: an OpenEVSE gives the car 3 s to stop before its relay opens."""
    charging: float = 10.0
    """For a car that is there to begin; many take longer, so that it is offered is enough."""
    back: float = 15.0
    """To put back what was found, also over a port that has to come back for it."""
    between: float = 0.5
    """Between two looks."""


class Sight(NamedTuple):
    """What a charger shows at one moment. None is unknown."""

    words: str
    """Fit to be shown."""
    raw: tuple[int, ...] = ()
    """What a gate needs to put it back."""
    released: bool | None = None
    offered: bool | None = None
    """A car that is there may draw, by the pilot."""
    charging: bool | None = None
    car: bool | None = None
    fault: str | None = None
    lasting: str | None = None
    """What a test would change for good, as the end of a sentence that begins with "It"."""
    settled: bool = True
    """It knows its own state, and is not just about to change it."""
    records: tuple[int, ...] = ()


class Gate(Protocol):
    """One way to let a car charge and to keep it from charging."""

    @property
    def name(self) -> str:
        """As it is named in a command."""

    @property
    def blocked(self) -> str:
        """How it shows that nothing may charge, in words."""

    @property
    def released(self) -> str:
        """How it shows that a car may charge, in words."""

    @property
    def note(self) -> str | None:
        """What a technician should know of it, as a sentence."""

    async def look(self) -> Sight | Outcome:
        """What it shows now, or why it shows nothing. Raises LinkLost."""

    async def move(self, *, released: bool) -> Outcome:
        """Block or release. Raises LinkLost where it was not sent."""

    async def put_back(self, found: Sight) -> Outcome:
        """Set it to what was found. Raises LinkLost where it was not sent."""

    def is_as(self, found: Sight, now: Sight) -> bool | None:
        """Whether it is as it was found; None where nothing tells."""

    def home(self, found: Sight) -> str:
        """How it is to be in the end, in words."""

    def by_hand(self, found: Sight) -> str:
        """What to do where it could not be put back, as a sentence."""


async def run(
    gates: Sequence[Gate],
    *,
    force: bool,
    told: Callable[[Report], None],
    patience: Patience = Patience(),  # noqa: B008  a value
) -> Report:
    """Try one gate after the other. Raises CallRefusedError and LinkLost where nothing was changed yet."""
    trial = _Trial(told, patience, several=len(gates) > 1)
    for number, gate in enumerate(gates):
        # whoever charges at the second one does so because of the first
        await trial.of(gate, force=force or number > 0)
        if not trial.report.restored:
            break
    return trial.report


class _Trial:
    def __init__(self, told: Callable[[Report], None], patience: Patience, *, several: bool) -> None:
        self.report = Report()
        self._told, self._patience, self._several = told, patience, several
        self._changed = False

    async def of(self, gate: Gate, *, force: bool) -> None:
        """Try one gate, and put it back."""
        self._changed = False
        found = await self._found(gate, force=force)
        if found is None:
            return
        if gate.note is not None and gate.note not in self.report.notes:
            self.report = self.report._replace(notes=(*self.report.notes, gate.note))
        try:
            await self._try(gate)
        except asyncio.CancelledError:
            if self._changed:
                # true until it is put back: who does not wait for that must know what to do
                self.report = self.report._replace(interrupted=True, by_hand=_not_put_back(gate, found))
                self._told(self.report)
            raise
        finally:
            if self._changed:
                await to_its_end(self._put_back(gate, found))

    async def _found(self, gate: Gate, *, force: bool) -> Sight | None:
        """The state to go back to; None where there is nothing to try."""
        try:
            seen = await gate.look()
            if isinstance(seen, Sight) and not seen.settled:
                seen = await self._until(gate, lambda sight: sight.settled, self._patience.shown)
        except LinkLost as lost:
            if not self.report.steps:
                raise
            seen = Outcome(Verdict.UNANSWERED, f"the port was lost: {lost}")
        expected = way_of(gate).expected(FOUND)
        if isinstance(seen, Outcome):
            self._step(gate, Step(FOUND, expected, _bare(seen.text), seen.verdict, seen.records))
            return None
        if seen.charging and not force:
            danger = f"It is charging ({seen.words}): blocking it would end somebody's session"
            raise DangerousError(f"{danger}. --force does it.", danger)
        if seen.lasting is not None and not force:
            danger = f"It {seen.lasting}: that could not be put back"
            raise DangerousError(f"{danger}. --force tries it all the same.", danger)
        fault, unsure = seen.fault, not seen.settled
        verdict = Verdict.CONTRADICTED if fault else Verdict.UNANSWERED if unsure else Verdict.PROVED
        words = f"a fault, so nothing is tried: {seen.words}" if fault else seen.words
        self._step(gate, Step(FOUND, expected, words, verdict, seen.records))
        return seen if verdict is Verdict.PROVED else None

    async def _try(self, gate: Gate) -> None:
        blocked = await self._move(gate, BLOCK, gate.blocked, _is_blocked, released=False)
        if blocked is None:
            return
        released = await self._move(gate, RELEASE, gate.released, _is_released, released=True)
        if released is not None:
            await self._charge(gate, released)

    async def _move(
        self, gate: Gate, name: str, expected: str, fits: Callable[[Sight], bool | None], *, released: bool
    ) -> Sight | None:
        """What it shows then; None where that is no ground to go on from."""
        self._changed = True
        self.report = self.report._replace(restored=False)
        try:
            told = await gate.move(released=released)
            seen = await self._until(
                gate, lambda sight: sight.settled and fits(sight) is not False, self._shown(told)
            )
        except LinkLost as lost:
            self._step(gate, Step(name, expected, f"the port was lost: {lost}", Verdict.UNANSWERED))
            return None
        if isinstance(seen, Outcome):
            verdict = Verdict.UNANSWERED if told.verdict in GOOD else told.verdict
            text = f"{_bare(told.text)}; {_bare(seen.text)}"
            self._step(gate, Step(name, expected, text, verdict, (*told.records, *seen.records)))
            return None
        verdict = judge(told, fits(seen))
        words = seen.words if verdict is Verdict.PROVED else f"{seen.words}; {_bare(told.text)}"
        self._step(gate, Step(name, expected, words, verdict, (*told.records, *seen.records)))
        return seen if verdict in GOOD else None

    def _shown(self, told: Outcome) -> float:
        """What was refused will not show later."""
        return 0.0 if told.verdict is Verdict.REFUSED else self._patience.shown

    async def _charge(self, gate: Gate, before: Sight) -> None:
        expected = way_of(gate).expected(CHARGE)
        if not before.car:
            why = (
                "no car is plugged in" if before.car is False else "this wire does not tell whether a car is there"
            )
            self._step(gate, Step(CHARGE, expected, f"{NOT_APPLICABLE}: {why}", None, before.records))
            return
        try:
            seen = await self._until(
                gate,
                lambda sight: sight.settled and bool(sight.charging or sight.fault),
                self._patience.charging,
            )
        except LinkLost as lost:
            seen = Outcome(Verdict.UNANSWERED, f"the port was lost: {lost}")
        if isinstance(seen, Outcome):
            self._step(gate, Step(CHARGE, expected, _bare(seen.text), Verdict.UNANSWERED, seen.records))
            return
        words, verdict = _charging(seen)
        self._step(gate, Step(CHARGE, expected, f"{words}: {seen.words}", verdict, seen.records))

    async def _put_back(self, gate: Gate, found: Sight) -> None:
        expected = gate.home(found)
        step = Step(PUT_BACK, expected, "nothing was answered any more", Verdict.UNANSWERED)
        with contextlib.suppress(TimeoutError):  # then what was seen last stands
            async with asyncio.timeout(self._patience.back):
                step = await self._tried(gate, found, expected)
                while step.verdict is Verdict.UNANSWERED:
                    await asyncio.sleep(self._patience.between)
                    step = await self._tried(gate, found, expected)
        by_hand = None
        if step.verdict is not Verdict.PROVED:
            by_hand = _not_put_back(gate, found)
            by_hand = f"PERHAPS {by_hand}" if step.verdict is Verdict.ACCEPTED else by_hand
        self.report = self.report._replace(restored=step.verdict is Verdict.PROVED, by_hand=by_hand)
        self._step(gate, step)

    async def _tried(self, gate: Gate, found: Sight, expected: str) -> Step:
        """One try to put it back."""
        try:
            now = await gate.look()
            if isinstance(now, Outcome):
                return Step(PUT_BACK, expected, _bare(now.text), Verdict.UNANSWERED, now.records)
            if not now.settled:
                return Step(PUT_BACK, expected, now.words, Verdict.UNANSWERED, now.records)
            if gate.is_as(found, now):
                return Step(PUT_BACK, expected, now.words, Verdict.PROVED, now.records)
            told = await gate.put_back(found)
            seen = await self._until(
                gate, lambda sight: sight.settled and gate.is_as(found, sight) is not False, self._shown(told)
            )
        except LinkLost as lost:
            return Step(PUT_BACK, expected, f"the port was lost: {lost}", Verdict.UNANSWERED)
        if isinstance(seen, Outcome):
            return Step(PUT_BACK, expected, _bare(seen.text), Verdict.UNANSWERED, seen.records)
        back = gate.is_as(found, seen)
        verdict = Verdict.PROVED if back else judge(told, back)
        words = seen.words if verdict is Verdict.PROVED else f"{seen.words}; {_bare(told.text)}"
        return Step(PUT_BACK, expected, words, verdict, (*told.records, *seen.records))

    async def _until(self, gate: Gate, fits: Callable[[Sight], bool], seconds: float) -> Sight | Outcome:
        """The first sight that fits, or the last one in this time. Raises LinkLost."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while True:
            seen = await gate.look()
            fitting = isinstance(seen, Sight) and fits(seen)
            refused = isinstance(seen, Outcome) and seen.verdict is Verdict.REFUSED
            if fitting or refused or loop.time() + self._patience.between > end:
                return seen
            await asyncio.sleep(self._patience.between)

    def _step(self, gate: Gate, step: Step) -> None:
        named = step._replace(name=f"{gate.name}: {step.name}") if self._several else step
        self.report = self.report._replace(steps=(*self.report.steps, named))
        self._told(self.report)


def way_of(gate: Gate) -> Way:
    """What is known of it before."""
    return Way(gate.name, gate.blocked, gate.released, gate.note)


def _not_put_back(gate: Gate, found: Sight) -> str:
    return f"NOT PUT BACK. By hand: {gate.by_hand(found)}"


def _is_blocked(sight: Sight) -> bool | None:
    if sight.released or sight.offered or sight.charging:
        return False
    return None if sight.released is None and sight.offered is None else True


def _is_released(sight: Sight) -> bool | None:
    """What the register reads is the box's word; that it may not charge all the same is what counts."""
    return False if sight.fault is not None or sight.offered is False else sight.released


def _charging(seen: Sight) -> tuple[str, Verdict]:
    if seen.fault is not None:
        return f"a fault: {seen.fault}", Verdict.CONTRADICTED
    if seen.charging and not seen.settled:
        return "the car wants to charge, and gets no mains", Verdict.CONTRADICTED
    if seen.charging:
        return "it charges", Verdict.PROVED
    if seen.offered:
        return "it is offered, and the car takes nothing", Verdict.PROVED
    if seen.offered is False:
        return "a car is there, and may not charge", Verdict.CONTRADICTED
    return "a car is there; whether it is offered anything this wire does not tell", Verdict.ACCEPTED


def _bare(sentence: str) -> str:
    """Without its full stop: it goes on."""
    return sentence.removesuffix(".")
