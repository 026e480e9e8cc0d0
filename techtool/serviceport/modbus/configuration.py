"""The settings of a box with registers, over its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from techtool.serviceport.modbus import raw, registers
from techtool.serviceport.modbus.asks import Ask, Refusal
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.recognising import make_sure
from techtool.serviceport.port import LinkLost
from techtool.serviceport.profiles.codec import RefusedError
from techtool.serviceport.profiles.model import ModbusProfile, Setting
from techtool.serviceport.profiles.reads import reads
from techtool.serviceport.profiles.settings import setting
from techtool.station import settings
from techtool.station.outcomes import Outcome
from techtool.station.records import Record


class Wire(Protocol):
    """Where requests go."""

    async def call(self, command: Ask, within: float | None = None) -> Ended:
        """Ask the device. Raises LinkLost without a port."""

    def mark(self) -> int:
        """The number of the last record."""

    def since(self, mark: int) -> list[Record]:
        """Our records after it."""


async def put(wire: Wire, profile: ModbusProfile, wanted: registers.Change) -> Outcome:
    """Write it, and look what it is then. Raises LinkLost where it was not sent."""
    mark = wire.mark()
    ended, back = await wire.call(wanted.ask), None
    if wanted.back is not None and ended.ending is not Ending.LINK_LOST:
        try:
            back = await wire.call(wanted.back)
        except LinkLost:
            back = None  # it was written all the same
    records = raw.evidence(wire.since(mark), *filter(None, (wanted.ask, wanted.back)))
    return registers.judge(profile, wanted, ended, back, records)


class Registers:
    """A :class:`techtool.station.settings.Configuration` by a profile."""

    def __init__(self, wire: Wire, profile: ModbusProfile) -> None:
        self._wire = wire
        self._profile = profile

    async def read(self, names: Sequence[str] = ()) -> settings.Listed:
        """These settings, or all. What it refuses to read is unknown to it; what is only written has no value."""
        try:
            wanted = [setting(self._profile, name) for name in names] if names else list(self._profile.settings)
        except RefusedError as error:
            raise settings.UnknownSettingError(str(error)) from None
        found: dict[str, settings.Setting] = {}
        unknown: list[str] = []
        for one in wanted:
            if one.write_only:
                found[one.name] = registers.listed(one, None)
        for read in reads(self._profile, wanted):
            answer = (await self._wire.call(Ask(read.space, read.address, read.count))).answer
            parts = [part for part in read.wanted if isinstance(part, Setting)]
            if isinstance(answer, tuple):
                found |= {part.name: registers.listed(part, read.words(part, answer)) for part in parts}
            elif isinstance(answer, Refusal) and len(parts) > 1:  # one that is not there spoils a read of many
                for part in parts:
                    await self._alone(part, found, unknown)
            elif isinstance(answer, Refusal):
                unknown += [part.name for part in parts]
        silent = [one.name for one in wanted if one.name not in found and one.name not in unknown]
        return settings.Listed(
            tuple(found[one.name] for one in wanted if one.name in found), tuple(unknown), tuple(silent)
        )

    def check(self, name: str, value: str) -> None:
        """Whether the profile allows it."""
        registers.change(self._profile, name, value, force=False)

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        """Write one setting, and read it back, or what the profile says that shows it."""
        wanted = registers.change(self._profile, name, value, force=force)
        await make_sure(self._wire, self._profile)
        return await put(self._wire, self._profile, wanted)

    async def _alone(self, part: Setting, found: dict[str, settings.Setting], unknown: list[str]) -> None:
        register = part.register
        answer = (await self._wire.call(Ask(register.space, register.address, register.size))).answer
        if isinstance(answer, tuple):
            found[part.name] = registers.listed(part, answer)
        elif isinstance(answer, Refusal):
            unknown.append(part.name)
