"""Whether an OpenEVSE may charge: put to sleep, woken up, and looked at each time.

It has no other release that every firmware has: ``$S4``, the authorization lock, is refused by builds without
AUTH_LOCK. Source: OpenEVSE/open_evse rapi_proc.h and J1772EvseController.h (``$FE``, ``$FS``, ``$FD``, the states
and the volatile flags of ``$GS``); tried with firmware 8.2.3.EU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from techtool.serviceport import releasing
from techtool.serviceport.port import Settings
from techtool.serviceport.rapi import configuration, raw
from techtool.serviceport.rapi.commanding import carry_out
from techtool.serviceport.rapi.dialogue import Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.states import EV_CONNECTED, code_of, state_of
from techtool.serviceport.releasing import Patience, Sight
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict
from techtool.station.release import Report, Way
from techtool.text import safe

ENABLE, SLEEP, DISABLE = "FE", "FS", "FD"
NAME = "sleep"
RELAY_CLOSED, AUTH_LOCKED, LIMIT_SLEEP = 0x0040, 0x0008, 0x0004
"""Volatile flags: the car has mains; a card or an app must let it charge; a limit put it to sleep."""
_UNKNOWN, _A, _B, _C, _D, _ASLEEP, _DISABLED = 0x00, 0x01, 0x02, 0x03, 0x04, 0xFE, 0xFF
_HOMES = {ENABLE: "awake", SLEEP: "asleep (FE)", DISABLE: "disabled (FF)"}
_FAULTS = range(_D, 0x0F)


class Wire(configuration.Wire, Protocol):
    """Where commands go, and where that is."""

    settings: Settings


class RapiRelease:
    """A :class:`techtool.station.release.Release`."""

    def __init__(self, wire: Wire, patience: Patience = Patience()) -> None:  # noqa: B008  a value
        self._wire = wire
        self.patience = patience

    @property
    def ways(self) -> tuple[Way, ...]:
        """There is one."""
        return (releasing.way_of(Gate(self._wire)),)

    async def test(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        told: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        """Put it to sleep, wake it up, and put back what was found. There is one way, and it is named sleep."""
        for name in names:
            if name != NAME:
                raise CallRefusedError(f"{safe(name, 40)} is no way to release an OpenEVSE; there is: {NAME}.")
        return await releasing.run([Gate(self._wire)], force=force, told=told, patience=self.patience)


class Gate:
    """A :class:`techtool.serviceport.releasing.Gate`."""

    name = NAME
    blocked = "asleep (state FE), relay open"
    released = "awake: any state but FE and FF, without a fault"
    note = None

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def look(self) -> Sight | Outcome:
        """What ``$GS`` tells. Raises LinkLost."""
        mark = self._wire.mark()
        ended = await self._wire.call(Frame("GS"))
        records = raw.evidence(self._wire.since(mark), ended, None)
        if ended.ending is not Ending.ACCEPTED or ended.answer is None:
            return raw.judge(ended, records)
        words = ended.answer.arguments
        try:
            return sight(code_of(words[0]), int(words[3], 16) if len(words) > 3 else None, records)
        except (ValueError, IndexError):
            text = f"$GS tells {safe(' '.join(words), 60) or 'nothing'}, which makes no sense."
            return Outcome(Verdict.UNANSWERED, text, None, records)

    async def move(self, *, released: bool) -> Outcome:
        """``$FE`` or ``$FS``, read back. Raises LinkLost where it was not sent."""
        return await self.send(ENABLE if released else SLEEP)

    async def put_back(self, found: Sight) -> Outcome:
        """To sleep, disabled or awake again. Raises LinkLost where it was not sent."""
        return await self.send(_command(found))

    def is_as(self, found: Sight, now: Sight) -> bool:
        """Awake, asleep or disabled as it was; what a car does meanwhile is the car's."""
        return _command(found) == _command(now)

    def home(self, found: Sight) -> str:
        """As it was."""
        return f"as found: {_HOMES[_command(found)]}"

    def by_hand(self, found: Sight) -> str:
        """The command that puts it back."""
        return f"`techtool call {_command(found)} --serial {safe(self._wire.settings.device, 200)}`."

    async def send(self, name: str) -> Outcome:
        """A command without words, and what came of it. Raises LinkLost where it was not sent."""
        command = raw.prepare(name, [])
        mark = self._wire.mark()
        ended, seen = await carry_out(self._wire, command, None)
        return raw.judge(ended, raw.evidence(self._wire.since(mark), ended, seen), seen)


def sight(state: int, told: int | None, records: tuple[int, ...] = ()) -> Sight:
    """What a state and its volatile flags mean for a release; old firmware tells no flags."""
    flags = told or 0
    known, awake = state_of(state, flags), state not in (_ASLEEP, _DISABLED)
    closed, locked = bool(flags & RELAY_CLOSED), bool(flags & AUTH_LOCKED)
    car: bool | None = bool(flags & EV_CONNECTED) or state in (_B, _C)
    if told is None and not awake:
        car = None
    relay = "" if told is None else "relay closed" if closed else "relay open"
    parts = [f"state {state:02X} ({known.words or known.status})", *filter(None, [relay])]
    parts += ["authorization lock on ($S4)"] if locked else []
    parts += ["a limit was reached"] if flags & LIMIT_SLEEP else []
    offered = None
    if car:
        offered = True if state in (_B, _C) and not locked else False if locked or not awake else None
    return Sight(
        ", ".join(parts),
        (state,),
        released=None if state == _UNKNOWN else awake,
        offered=offered,
        charging=state == _C or closed,
        car=car,
        fault=known.words if state in _FAULTS else None,
        lasting="sleeps because a limit was reached" if flags & LIMIT_SLEEP else None,
        # before the relay closes it tests itself for a second
        settled=state != _UNKNOWN and (state != _C or closed or told is None),
        records=records,
    )


def _command(there: Sight) -> str:
    """Which command leads to this state."""
    return {_ASLEEP: SLEEP, _DISABLED: DISABLE}.get(there.raw[0], ENABLE)
