"""Has an SMP device start anew, and looks whether it did.

Source: docs.zephyrproject.org, SMP group 0, "System reset": it answers first, and starts anew a moment later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from techtool.serviceport import restarting
from techtool.serviceport.restarting import Probed, Seen
from techtool.serviceport.smp import asks
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended, Ending
from techtool.serviceport.smp.evidence import restart_evidence
from techtool.serviceport.smp.judging import failed
from techtool.station.outcomes import Outcome
from techtool.station.records import Record

PROBE_S = 0.5
STILL_THERE = "techtool: are you there?"


class Wire(Protocol):
    """Where requests go."""

    @property
    def boots(self) -> int:
        """How often the device has said that it starts."""

    @property
    def late(self) -> int:
        """Answers that came when nobody waited for them any more."""

    async def call(self, command: Ask, within: float | None = None) -> Ended:
        """Have the device do something. Raises LinkLost."""

    async def opened(self) -> None:
        """Wait until the port is open."""

    def mark(self) -> int:
        """The number of the last record."""

    def all_since(self, mark: int) -> Iterable[Record]:
        """The records after it, also of another opening of the port."""


class SmpReboot:
    """A :class:`techtool.station.reboot.Reboot`. Nothing on this wire tells whether a car charges."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def reboot(self, *, force: bool = False) -> Outcome:
        """The same as the command ``reset``."""
        return await carry_out(self._wire, asks.reset(), None)


async def carry_out(wire: Wire, ask: Ask, within: float | None) -> Outcome:
    """Tell it to, and look for at most ``within`` seconds. Raises LinkLost where it was not sent."""
    mark = wire.mark()
    ended, seen = await restart(wire, ask, within)
    return judge(ended, seen, restart_evidence(wire.all_since(mark), ended))


async def restart(wire: Wire, ask: Ask, within: float | None) -> tuple[Ended, Seen | None]:
    """Tell it to, and look; nothing is looked for where it refused. Raises LinkLost where it was not sent."""
    boots = wire.boots
    ended = await wire.call(ask)
    if ended.ending is Ending.REFUSED or not ended.sent:
        return ended, None
    lost = ended.ending is Ending.LINK_LOST
    return ended, await restarting.watch(_Subject(wire), boots, lost=lost, within=within)


def judge(ended: Ended, seen: Seen | None, records: tuple[int, ...]) -> Outcome:
    """What came of a reset."""
    bad = failed(ended, records)
    if seen is None:
        assert bad is not None, "it was refused, or never went out"
        return bad
    return restarting.judge("reset", seen, bad, records)


class _Subject:
    """It is asked by an echo, which every SMP server has."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def boots(self) -> int:
        return self._wire.boots

    @property
    def late(self) -> int:
        return self._wire.late

    async def probe(self) -> Probed:
        ended = await self._wire.call(replace(asks.echo(STILL_THERE), tries=1), PROBE_S)
        return Probed(ended.answer is not None, ended.ending is Ending.TIMED_OUT, ended.ending is Ending.LINK_LOST)

    async def opened(self) -> None:
        await self._wire.opened()
