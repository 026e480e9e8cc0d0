"""The settings of an OpenEVSE, over its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from techtool.serviceport.rapi import commanding, raw
from techtool.serviceport.rapi.dialogue import Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.limits import Limits, limits_of
from techtool.serviceport.rapi.settings import CURRENT, ENTRIES, Entry, entry, frame, listed, told
from techtool.station.judging import judge_write
from techtool.station.outcomes import CallRefusedError, Outcome
from techtool.station.records import Record
from techtool.station.settings import Listed, Setting, UnknownSettingError


class Wire(commanding.Wire, Protocol):
    """Where commands go, and where they are recorded."""

    def mark(self) -> int:
        """The number of the last record."""

    def since(self, mark: int) -> list[Record]:
        """Our records after it."""


class RapiSettings:
    """A :class:`techtool.station.settings.Configuration`."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._limits: Limits | None = None
        """As it told them last."""

    async def read(self, names: Sequence[str] = ()) -> Listed:
        """These settings, or all; each question is asked once. What is not built in is unknown to the charger."""
        wanted = [entry(name) for name in names] if names else list(ENTRIES)
        answers: dict[str, Sequence[str] | None] = {}
        refused: set[str] = set()
        questions = [one.question for one in wanted]
        if any(one.name == CURRENT for one in wanted):
            questions.append(commanding.LIMITS.name)
        for question in dict.fromkeys(questions):
            ended = await self._wire.call(Frame(question))
            answers[question] = (
                ended.answer.arguments if ended.ending is Ending.ACCEPTED and ended.answer else None
            )
            if ended.ending is Ending.REFUSED:
                refused.add(question)
        self._limits = limits_of(answers.get(commanding.LIMITS.name) or ()) or self._limits
        return Listed(
            tuple(self._listed(one, words) for one in wanted if (words := answers[one.question]) is not None),
            tuple(one.name for one in wanted if one.question in refused),
            tuple(one.name for one in wanted if answers[one.question] is None and one.question not in refused),
        )

    def check(self, name: str, value: str) -> None:
        """Whether it may go out."""
        self._prepared(name, value, force=False)

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        """Write one setting, and ask what it is now: its ``$NK`` does not mean that nothing changed."""
        one, command = self._prepared(name, value, force=force)
        mark = self._wire.mark()
        ended, seen = await commanding.carry_out(self._wire, command, None, force=force)
        records = raw.evidence(self._wire.since(mark), ended, seen)
        answer = seen.answer if seen is not None else None
        if ended.ending is Ending.LINK_LOST or (ended.ending is Ending.TIMED_OUT and answer is None):
            return raw.judge(ended, records)
        return judge_write(
            name,
            value.strip(),
            refused="$NK" if ended.ending is Ending.REFUSED else None,
            shown=told(one, answer.arguments) if answer is not None else None,
            is_set=seen is not None and seen.shown,
            answered=ended.ending is not Ending.TIMED_OUT,
            records=records,
        )

    def _prepared(self, name: str, value: str, *, force: bool) -> tuple[Entry, Frame]:
        try:
            one = entry(name)
        except UnknownSettingError as error:
            raise CallRefusedError(str(error)) from None
        made = frame(one, value)
        limits = self._limits if one.name == CURRENT else None
        if limits is not None and (why := limits.against(int(made.arguments[0]))) is not None:
            raise CallRefusedError(f"{one.name}: {why}")
        return one, raw.prepare(made.name, list(made.arguments), force=force)

    def _listed(self, one: Entry, words: Sequence[str]) -> Setting:
        setting = listed(one, told(one, words))
        if one.name == CURRENT and self._limits is not None:
            return setting._replace(takes=f"{self._limits.least} to {self._limits.most} A")
        return setting
