"""Has a box with registers start anew, as its profile's ``[reboot]`` says, and looks whether it fell silent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from techtool.serviceport import restarting
from techtool.serviceport.modbus import raw, registers, release
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Ending
from techtool.serviceport.modbus.recognising import make_sure
from techtool.serviceport.profiles.model import ModbusProfile, Order, Value
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.reads import reads
from techtool.serviceport.profiles.values import read
from techtool.serviceport.releasing import Sight
from techtool.serviceport.restarting import Probed
from techtool.station.outcomes import Outcome
from techtool.station.records import Record
from techtool.text import safe


class Wire(release.Wire, Protocol):
    """Where requests go, also after the port was lost."""

    async def opened(self) -> None:
        """Wait until the port is open."""

    def all_since(self, mark: int) -> Iterable[Record]:
        """The records after it, also of another opening of the port."""


class RegisterReboot:
    """A :class:`techtool.station.reboot.Reboot` by a profile."""

    def __init__(self, wire: Wire, profile: ModbusProfile, order: Order) -> None:
        self._wire = wire
        self._profile = profile
        self._order = order

    async def reboot(self, *, force: bool = False) -> Outcome:
        """Write it, and ask until it answers after a silence. One that restarts at once may not answer that."""
        await make_sure(self._wire, self._profile)
        if not force and (problem := await self._charging()) is not None:
            return problem
        ask, mark = registers.ordered(self._profile, self._order), self._wire.mark()
        subject = _Subject(self._wire, self._profile, ask)
        ended = await self._wire.call(ask)
        bad = raw.judge(ended) if ended.ending is not Ending.ANSWERED else None
        if bad is not None and (ended.ending is Ending.REFUSED or not ended.sent):
            return bad._replace(records=raw.evidence(self._wire.all_since(mark), ask))
        seen = await restarting.watch(subject, 0, lost=ended.ending is Ending.LINK_LOST)
        records = raw.evidence(self._wire.all_since(mark), ask, subject.question)
        return restarting.judge(ask.words, seen, bad, records)

    async def _charging(self) -> Outcome | None:
        """Why that is not known; None where no car charges, or this box does not tell. Raises CallRefusedError."""
        state = _state(self._profile)
        if state is None:
            return None
        (one,) = reads(self._profile, [state])
        mark, ask = self._wire.mark(), Ask(one.space, one.address, one.count)
        ended = await self._wire.call(ask)
        if not isinstance(ended.answer, tuple):
            if ended.ending is Ending.REFUSED:
                return None
            return raw.judge(ended, None, raw.evidence(self._wire.since(mark), ask))
        told = read(state, one.words(state, ended.answer))[0]
        seen = release.with_state(Sight("", ()), told)
        if seen.charging:
            raise restarting.charging(f"state {safe(told.value, 10)}")
        return None


class _Subject:
    """Modbus tells of no boot: only a silence shows it. It is asked for its state, or for what was written."""

    boots = late = 0

    def __init__(self, wire: Wire, profile: ModbusProfile, ask: Ask) -> None:
        self._wire = wire
        place = _state(profile)
        self.question = raw.read_back(ask)
        if place is not None:
            (one,) = reads(profile, [place])
            self.question = Ask(one.space, one.address, one.count)

    async def probe(self) -> Probed:
        ended = await self._wire.call(self.question)
        # a read is tried again, so this is no single answer that a bad line swallowed
        missed = ended.ending is Ending.TIMED_OUT
        return Probed(ended.answer is not None, missed, ended.ending is Ending.LINK_LOST)

    async def opened(self) -> None:
        await self._wire.opened()


def _state(profile: ModbusProfile) -> Value | None:
    return next((value for value in profile.status if value.name == STATE), None)
