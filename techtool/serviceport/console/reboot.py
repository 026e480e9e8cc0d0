"""Has a device with a console start anew, as its profile's ``[reboot]`` says, and looks whether it says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from techtool.serviceport import restarting
from techtool.serviceport.console import raw
from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.driver import name_of
from techtool.serviceport.console.texts import text_of
from techtool.serviceport.profiles.console import ConsoleProfile, Habits, Reboot
from techtool.serviceport.profiles.lines import value_in
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.restarting import Probed
from techtool.serviceport.states import state_of
from techtool.station.outcomes import Outcome, Verdict
from techtool.station.records import Kind, Record
from techtool.text import safe

PROBE_S = 1.0


class Wire(Protocol):
    """Where it is typed."""

    @property
    def boots(self) -> int:
        """How often the device has said that it starts."""

    async def call(self, command: Command, within: float | None = None) -> Ended:
        """Type something. Raises LinkLost without a port."""

    async def opened(self) -> None:
        """Wait until the port is open."""

    def mark(self) -> int:
        """The number of the last record."""

    def all_since(self, mark: int) -> Iterable[Record]:
        """The records after it, also of another opening of the port."""


class ConsoleReboot:
    """A :class:`techtool.station.reboot.Reboot` by a profile."""

    def __init__(self, wire: Wire, profile: ConsoleProfile, known: Reboot) -> None:
        self._wire = wire
        self._profile = profile
        self._line = known.send.encode(profile.habits.encoding, "replace")

    async def reboot(self, *, force: bool = False) -> Outcome:
        """Type it; proved where it says that it starts, or is silent for a while, and is there again."""
        if not force:
            await self._look_for_a_session()
        name = name_of(self._line, self._profile.habits)
        boots, mark = self._wire.boots, self._wire.mark()
        ended = await self._wire.call(Command((self._line,)))
        if ended.ending in (Ending.REFUSED, Ending.ASKED) or not ended.sent:
            return self._refused(name, ended, mark)
        bad = None
        if ended.ending in (Ending.TIMED_OUT, Ending.LINK_LOST):
            bad = Outcome(Verdict.UNANSWERED, raw.unanswered(ended, name), None, self._records(mark))
        subject = _Subject(self._wire, self._profile)
        seen = await restarting.watch(subject, boots, lost=ended.ending is Ending.LINK_LOST)
        return restarting.judge(f'"{name}"', seen, bad, self._records(mark))

    async def _look_for_a_session(self) -> None:
        """Where the profile knows how to ask for the state. Raises CallRefusedError where a car charges."""
        habits = self._profile.habits
        ask = next((one for one in self._profile.status if one.name == STATE), None)
        if ask is None:
            return
        command = Command((ask.send.encode(habits.encoding, "replace"),), True, (ask.pattern,))
        told = (value_in(ask, line, habits) for line in (await self._wire.call(command)).answer)
        state = next((str(one) for one in told if one is not None), None)
        if state_of(state).status == "Charging":
            raise restarting.charging(f"state {safe(state, 10)}")

    def _refused(self, name: str, ended: Ended, mark: int) -> Outcome:
        if not ended.sent:
            return Outcome(Verdict.UNANSWERED, raw.unanswered(ended, name), None, self._records(mark))
        said = safe(ended.answer[-1], 200) if ended.answer else "without a word"
        text = f"{name} was refused: {said.rstrip('.')}. This device may not have it."
        return Outcome(Verdict.REFUSED, text, None, self._records(mark))

    def _records(self, mark: int) -> tuple[int, ...]:
        """What was typed, what came of it, and where it said that it starts."""
        records = list(self._wire.all_since(mark))
        found = set(raw.evidence(records, (self._line,)))
        found |= {one.number for one in records if _tells(one, self._profile.habits)}
        return tuple(sorted(found))


class _Subject:
    """It is asked as its profile finds it, or by an empty line."""

    late = 0

    def __init__(self, wire: Wire, profile: ConsoleProfile) -> None:
        self._wire = wire
        detect, habits = profile.detect, profile.habits
        send = detect.send if detect is not None else habits.eol
        self._question = Command((send.encode(habits.encoding, "replace"),))

    @property
    def boots(self) -> int:
        return self._wire.boots

    async def probe(self) -> Probed:
        ended = await self._wire.call(self._question, PROBE_S)
        over = ended.ending in (Ending.TIMED_OUT, Ending.REBOOTED, Ending.LINK_LOST)
        return Probed(not over, ended.ending is Ending.TIMED_OUT, ended.ending is Ending.LINK_LOST)

    async def opened(self) -> None:
        await self._wire.opened()


def _tells(record: Record, habits: Habits) -> bool:
    return record.kind is Kind.CHATTER and any(one.search(text_of(record.data, habits)) for one in habits.boot)
