"""A charger's settings without a wire, for the Config page: it keeps what it is told, or does something odd."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import pytest

from techtool.abilities import Abilities
from techtool.station.judging import judge_write
from techtool.station.outcomes import CallRefusedError, DangerousError, NoLinkError, Outcome, Verdict
from techtool.station.settings import Choice, Configuration, Listed, Setting

ON_OFF = (Choice("on", "on"), Choice("off", "off"))
SOME = (
    Setting("current_a", "32", type="number", unit="A", label="current offered to the car", takes="6 to 80 A"),
    Setting("most_a", "32", type="number", unit="A", label="most that can ever be set", takes="6 to 80 A"),
    Setting("rcd_check", "on", type="switch", label="looks for the RCD", takes="on or off", choices=ON_OFF),
    Setting(
        "mode", "Smart", type="choice", label="how it charges", takes="NORMAL or SMART",
        choices=(Choice("NORMAL", "Normal"), Choice("SMART", "Smart")),
    ),
    Setting("WifiPassword", "geheim-9", label="of the network in the house", takes="text"),
    Setting("name", "Carport", label="what the app shows", takes="text"),
    Setting("serial", "88034", readonly=True, label="of the board"),
    Setting("x17", "0x5A", readonly=True, known=False),
    Setting(
        "counter", None, type="choice", label="only written", takes="reset", choices=(Choice("reset", "reset"),)
    ),
)  # fmt: skip


class Keeper:
    """A :class:`techtool.station.settings.Configuration`."""

    def __init__(self, settings: Iterable[Setting] = SOME) -> None:
        self.settings = {one.name: one for one in settings}
        self.unknown: tuple[str, ...] = ()
        self.silent: tuple[str, ...] = ()
        self.refuses: set[str] = set()
        self.keeps: dict[str, str] = {}
        """It takes a value, and keeps this one."""
        self.mute: set[str] = set()
        """It does not answer when these are written."""
        self.dangerous: set[str] = set()
        self.lost = False
        self.reads = 0
        self.written: list[tuple[str, str]] = []
        self.open = asyncio.Event()
        """Closed, an answer waits."""
        self.open.set()
        self.record: Callable[[], int] = lambda: 1

    async def read(self, names: Sequence[str] = ()) -> Listed:
        await self.open.wait()
        self.reads += 1
        if self.lost:
            raise NoLinkError("ttyUSB0 is not open.")
        there = tuple(one for name, one in self.settings.items() if name not in self.silent)
        return Listed(there, self.unknown, self.silent)

    def check(self, name: str, value: str) -> None:
        self._check(name, value, force=False)

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        self._check(name, value, force=force)
        self.written.append((name, value))
        await self.open.wait()
        if self.lost:
            raise NoLinkError("ttyUSB0 is not open.")
        if name in self.mute:
            return Outcome(Verdict.UNANSWERED, f"No answer to {name} = {value} in 1 s.", None, (self.record(),))
        one = self.settings[name]
        refused = "not now" if name in self.refuses else None
        now = one.value if refused else self.keeps.get(name, value)
        shown = next((choice.shown for choice in one.choices if choice.value == now), now)
        self.settings[name] = one._replace(value=shown)
        records = (self.record(),)
        return judge_write(
            name, value, refused=refused, shown=shown, is_set=now == value and not refused, records=records
        )

    def _check(self, name: str, value: str, *, force: bool) -> None:
        one = self.settings[name]
        bare = value.removesuffix(one.unit or "").strip()
        if one.type == "number" and (not bare.isdecimal() or not 6 <= int(bare) <= 80):
            raise CallRefusedError(f"{value!r} is not allowed for {name}: {one.takes}.")
        if one.type == "text" and not value.strip():
            raise CallRefusedError(f"{name} = {value!r}: it takes no empty value.")
        if name in self.dangerous and not force:
            danger = "people depend on it"
            raise DangerousError(f"{name} is of risk safety: {danger}. --force writes it.", danger)


def kept_by(monkeypatch: pytest.MonkeyPatch, keeper: Configuration) -> None:
    """Every charger of every session has these settings, over whatever link."""
    monkeypatch.setattr(Abilities, "_configuration", lambda able, identity: keeper)
    monkeypatch.setattr("techtool.jobs.calling.NOT_OVER_OCPP", {})
