"""Bringing a charger to the settings of a file: what is to be sent, and what came of each.

What is as wanted already is left alone, so what was broken off goes on where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from techtool.jobs.comparing import Same
from techtool.jobs.saved import Saved
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.station.settings import Listed


class Fate(StrEnum):
    """What is to be done about a setting."""

    SAME = "same"
    SEND = "send"
    MISSING = "missing"  # the charger has none of that name
    UNTOLD = "untold"  # the charger did not answer everything, and has not told this one
    READONLY = "read only"
    UNFIT = "unfit"  # not what it takes, by all that is known
    DANGEROUS = "dangerous"  # sent only if somebody insists


class Step(NamedTuple):
    """One setting of the file."""

    name: str
    """As the charger writes it."""
    before: str | None
    wanted: str
    fate: Fate
    why: str = ""
    """In a sentence, where it is not simply sent."""
    outcome: Outcome | None = None
    """What came of sending it."""

    @property
    def achieved(self) -> bool:
        """The charger has it now, as far as it shows."""
        if self.outcome is not None:
            return self.outcome.verdict in (Verdict.PROVED, Verdict.ACCEPTED)
        return self.fate is Fate.SAME


Check = Callable[[str, str], None]
Write = Callable[[str, str, bool], Awaitable[Outcome]]


def plan(kept: Saved, now: Listed, check: Check, same: Same) -> list[Step]:
    """What is to be done about each setting. ``check`` raises CallRefusedError for what may not go out."""
    folded = {one.name.casefold(): one for one in now.settings}
    exactly = {one.name: one for one in now.settings}
    steps: list[Step] = []
    for name, wanted in kept.settings.items():
        one = exactly.get(name) or folded.get(name.casefold())
        if one is None and now.silent and name not in now.unknown:
            steps.append(Step(name, None, wanted, Fate.UNTOLD, "The charger did not tell it."))
        elif one is not None and any(one.name == step.name for step in steps):
            steps.append(Step(name, one.value, wanted, Fate.UNFIT, f"It is {one.name} once more."))
        elif one is None:
            steps.append(Step(name, None, wanted, Fate.MISSING, "The charger has no setting of this name."))
        elif one.value is not None and same(one.name, one.value, wanted):
            steps.append(Step(one.name, one.value, wanted, Fate.SAME))
        elif one.readonly:
            steps.append(Step(one.name, one.value, wanted, Fate.READONLY, "The charger lets it only be read."))
        else:
            fate, why = _judged(one.name, wanted, check)
            steps.append(Step(one.name, one.value, wanted, fate, why))
    return steps


async def carry_out(
    steps: Sequence[Step], write: Write, told: Callable[[Step], None], *, force: bool = False
) -> list[Step]:
    """Send what is to be sent, one after the other. After a silence nothing more is sent.

    ``told`` hears of each that was sent. What is dangerous goes out only with ``force``.
    """
    done, silent = [], False
    for step in steps:
        wanted = step.fate is Fate.SEND or (force and step.fate is Fate.DANGEROUS)
        if wanted and not silent:
            outcome = await write(step.name, step.wanted, step.fate is Fate.DANGEROUS)
            step = step._replace(outcome=outcome)
            told(step)
            silent = outcome.verdict is Verdict.UNANSWERED
        done.append(step)
    return done


def verdict_of(steps: Sequence[Step]) -> Verdict:
    """What came of all of it."""
    outcomes = [one.outcome.verdict for one in steps if one.outcome is not None]
    if Verdict.UNANSWERED in outcomes or any(one.fate is Fate.UNTOLD for one in steps):
        return Verdict.UNANSWERED
    if any(not one.achieved for one in steps):
        return Verdict.CONTRADICTED
    return Verdict.ACCEPTED if Verdict.ACCEPTED in outcomes else Verdict.PROVED


def _judged(name: str, wanted: str, check: Check) -> tuple[Fate, str]:
    try:
        check(name, wanted)
    except DangerousError as error:
        return Fate.DANGEROUS, f"{error.danger[:1].upper()}{error.danger[1:]}."
    except CallRefusedError as error:
        return Fate.UNFIT, str(error)
    return Fate.SEND, ""
