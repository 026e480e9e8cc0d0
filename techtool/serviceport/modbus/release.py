"""Whether a box with registers may charge: what its profile's ``[auth]`` says is denied, granted, and looked at.

That a register reads as it was written is the box's word; its state (IEC 61851-1, annex A) and the value that the
profile names (``shown_by``) are held against it where they tell anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Protocol

from techtool.serviceport import releasing
from techtool.serviceport.modbus import configuration, raw, registers
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.recognising import make_sure
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles.model import ModbusProfile, Release, Setting, Undo, Value
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.reads import reads
from techtool.serviceport.profiles.settings import words_of_release
from techtool.serviceport.profiles.values import Told, read, state
from techtool.serviceport.releasing import Patience, Sight
from techtool.serviceport.states import state_of
from techtool.station.outcomes import CallRefusedError, Outcome
from techtool.station.release import Report, Way
from techtool.text import safe


class Wire(configuration.Wire, Protocol):
    """Where requests go, and where that is."""

    settings: Settings

    def control(self, on: bool) -> None:
        """Take the box under control, or let it go: in between it gets its heartbeat, where it wants one."""


class RegisterRelease:
    """A :class:`techtool.station.release.Release` by a profile."""

    def __init__(self, wire: Wire, profile: ModbusProfile, patience: Patience = Patience()) -> None:  # noqa: B008
        self._wire = wire
        self._profile = profile
        self.patience = patience

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every entry of the profile."""
        return tuple(releasing.way_of(Gate(self._wire, self._profile, one)) for one in self._profile.releases)

    async def test(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        told: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        """Deny and grant by these entries of the profile, or by all; ``undo`` there says how each is put back."""
        known = {one.name: one for one in self._profile.releases}
        for name in names:
            if name not in known:
                text = f"{safe(name, 40)} is no way to release {self._profile.name}; there is: {', '.join(known)}."
                raise CallRefusedError(text)
        gates = [Gate(self._wire, self._profile, known[name]) for name in dict.fromkeys(names or known)]
        await make_sure(self._wire, self._profile)
        self._wire.control(on=True)
        try:
            return await releasing.run(gates, force=force, told=told, patience=self.patience)
        finally:
            self._wire.control(on=False)


class Gate:
    """A :class:`techtool.serviceport.releasing.Gate` for one entry of ``[auth]``."""

    def __init__(self, wire: Wire, profile: ModbusProfile, one: Release) -> None:
        self._wire, self._profile, self._one = wire, profile, one
        self._as_setting = registers.moved(profile, one, words_of_release(one, grant=True)).setting
        self._shown = next((value for value in profile.status if value.name == one.shown_by), None)
        self._state = next((value for value in profile.status if value.name == STATE), None)
        self._before: int | float | str | None = None
        """What ``shown_by`` told before the last move, and where that was to lead: a change of it shows one."""
        self._last: int | float | str | None = None
        self._to: bool | None = None

    @property
    def name(self) -> str:
        """The entry's."""
        return self._one.name

    @property
    def blocked(self) -> str:
        """Of a register that can be read, what it reads."""
        return self._expected(grant=False)

    @property
    def released(self) -> str:
        """Of a register that can be read, what it reads."""
        return self._expected(grant=True)

    @property
    def note(self) -> str | None:
        """What the profile says of it, and whether that is sure."""
        basis = self._one.basis
        unsure = "NOT VERIFIED: " if not basis.verified else ""
        return f"The profile says: {unsure}{safe(basis.note, 300)}" if basis.note is not None else None

    async def look(self) -> Sight | Outcome:
        """The register, the state, and what is to show it. Raises LinkLost."""
        parts: list[Value | Setting] = [self._as_setting]  # what is written only is not read
        parts += [one for one in (self._state, self._shown) if one is not None]
        mark, answers = self._wire.mark(), dict[Ask, Ended]()
        words: dict[str, tuple[int, ...]] = {}
        for part in parts:
            for one in reads(self._profile, [part]):  # each alone: one that is not there spoils no other
                ask = Ask(one.space, one.address, one.count)
                ended = answers.get(ask) or await self._wire.call(ask)
                answers[ask] = ended
                if isinstance(ended.answer, tuple):
                    words[_key(part)] = one.words(part, ended.answer)
                elif ended.ending is not Ending.REFUSED or part is self._as_setting:
                    return raw.judge(ended, None, raw.evidence(self._wire.since(mark), *answers))
        return self._sight(words, raw.evidence(self._wire.since(mark), *answers))

    async def move(self, *, released: bool) -> Outcome:
        """Grant or deny, read back. Raises LinkLost where it was not sent."""
        self._before, self._to = self._last, released
        return await self._put(words_of_release(self._one, grant=released))

    async def put_back(self, found: Sight) -> Outcome:
        """What the profile says that is to be written at the end. Raises LinkLost where it was not sent."""
        self._before, self._to = self._last, None
        self._wire.control(on=True)  # a port that came back begins anew
        return await self._put(self._undo(found))

    def is_as(self, found: Sight, now: Sight) -> bool | None:
        """By the register; where it cannot be read, only that the same is shown as before tells something."""
        if self._one.write_only:
            return True if found.raw and now.raw == found.raw else None
        return now.raw == self._undo(found)

    def home(self, found: Sight) -> str:
        """As it was, or as the profile says."""
        if self._one.undo is not Undo.PREVIOUS:
            return f"{self._one.undo}, as the profile says"
        return f"as found: reads as {registers.told(self._as_setting, found.raw)}"

    def by_hand(self, found: Sight) -> str:
        """The write that puts it back."""
        register, values = self._one.register, list(self._undo(found))
        payload = json.dumps([register.space.value, register.address, values[0] if len(values) == 1 else values])
        return (
            f"`techtool call write '{payload}' --force --serial {safe(self._wire.settings.device, 200)}"
            f" --profile {self._profile.id}`."
        )

    async def _put(self, words: tuple[int, ...]) -> Outcome:
        return await configuration.put(self._wire, self._profile, registers.moved(self._profile, self._one, words))

    def _undo(self, found: Sight) -> tuple[int, ...]:
        if self._one.undo is Undo.PREVIOUS:
            return found.raw
        return words_of_release(self._one, grant=self._one.undo is Undo.GRANT)

    def _expected(self, *, grant: bool) -> str:
        name, number = ("grant", self._one.grant) if grant else ("deny", self._one.deny)
        where = f"{self._one.register.space} {self._one.register.address}"
        if not self._one.write_only:
            return f"{where} reads as {name} ({number})"
        shown = f", shown by {self._one.shown_by}" if self._shown is not None else ""
        return f"{name} ({number}) at {where}{shown}"

    def _sight(self, words: dict[str, tuple[int, ...]], records: tuple[int, ...]) -> Sight:
        read_as = words.get(_key(self._as_setting), ())
        released, parts, kept = None, list[str](), read_as
        if read_as:
            granted = read_as == words_of_release(self._one, grant=True)
            released = granted or (False if read_as == words_of_release(self._one, grant=False) else None)
            parts.append(f"reads as {registers.told(self._as_setting, read_as)}")
        if self._shown is not None and (shown := words.get(_key(self._shown))) is not None:
            told = read(self._shown, shown)[0]
            parts.append(f"{self._shown.label or self._shown.name}: {safe(told.value, 60)}")
            self._last = told.raw
            if not read_as and isinstance(told.raw, int):
                kept = (told.raw,)
            if not read_as and self._to is not None and self._before not in (None, self._last):
                released = self._to
        if self._state is not None and (shown := words.get(_key(self._state))) is not None:
            told = read(self._state, shown)[0]
            parts.append(f"state {safe(told.value or 'unknown', 10)}")
            tells = _tells_without_car(self._state)
            return with_state(
                Sight(", ".join(parts), kept, released, records=records), told, tells_without_car=tells
            )
        return Sight(", ".join(parts) or "nothing that tells", kept, released, records=records)


def _tells_without_car(state: Value) -> bool:
    """Whether it has both, A1 and A2: many boxes say A1 whenever there is no car."""
    return {"A1", "A2"} <= set(state.texts.values())


def with_state(seen: Sight, told: Told, *, tells_without_car: bool = False) -> Sight:
    """What the state says of a car: A none, B one, C and D it draws; 1 it may not, 2 it may."""
    letter, whole = state(told), safe(told.value, 10)
    if letter is None:
        return seen
    if letter in ("E", "F"):
        return seen._replace(fault=state_of(whole).words)
    car, charging = letter != "A", state_of(whole).status == "Charging"
    offered = None
    if car or tells_without_car:
        offered = False if whole[1:2] == "1" else True if charging or whole[1:2] == "2" else None
    return seen._replace(car=car, charging=charging, offered=offered)


def _key(part: Value | Setting) -> str:
    return f"{type(part).__name__} {part.name}"
