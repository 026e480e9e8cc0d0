"""The settings of a device with a console, over its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from techtool.serviceport.console import settings
from techtool.serviceport.console.commands import Ended, Ending
from techtool.serviceport.profiles.console import ConsoleProfile, Kind
from techtool.serviceport.profiles.console import Setting as Known
from techtool.serviceport.profiles.lines import Row, range_words
from techtool.station.outcomes import CallRefusedError, Outcome
from techtool.station.settings import Choice, Listed, Setting, UnknownSettingError
from techtool.text import safe


class Wire(Protocol):
    """Where it is typed."""

    async def get(self, wanted: settings.Get, within: float | None = None) -> Ended:
        """Have the settings shown. Raises LinkLost without a port."""

    async def put(self, wanted: settings.Set, within: float | None = None) -> Outcome:
        """Write one, and look at it. Raises LinkLost without a port."""


class ConsoleSettings:
    """A :class:`techtool.station.settings.Configuration` by a profile."""

    def __init__(self, wire: Wire, profile: ConsoleProfile) -> None:
        self._wire = wire
        self._profile = profile

    async def read(self, names: Sequence[str] = ()) -> Listed:
        """These settings, or all: the device shows all at once, and what it does not show it has not now."""
        try:
            wanted = settings.wish("get", [], self._profile, force=False)
        except CallRefusedError as error:
            raise UnknownSettingError(str(error)) from None
        assert isinstance(wanted, settings.Get)
        ended = await self._wire.get(wanted)
        if ended.ending is not Ending.ANSWERED:
            return Listed((), (), tuple(names) or tuple(one.key for one in self._profile.settings))
        shown = {row.key: row for row in settings.rows(self._profile, ended.answer)}
        known = {one.key: one for one in self._profile.settings}
        keys = names or list(dict.fromkeys([*shown, *known]))
        return Listed(
            tuple(_listed(shown[key], known.get(key), self._profile) for key in keys if key in shown),
            tuple(key for key in keys if key not in shown),
        )

    def check(self, name: str, value: str) -> None:
        """Whether the profile allows it."""
        settings.wish("set", [name, value], self._profile, force=False)

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        """Write one setting; it is believed only when the device shows it."""
        wanted = settings.wish("set", [name, value], self._profile, force=force)
        assert isinstance(wanted, settings.Set)
        return await self._wire.put(wanted)


def _listed(row: Row, known: Known | None, profile: ConsoleProfile) -> Setting:
    name, value = safe(row.key, 60), safe(row.value, 200)
    if known is None:
        return Setting(name, value, readonly=True, known=False)
    kind = "choice" if known.choices else "text" if known.kind is Kind.TEXT else "number"
    choices = tuple(Choice(sent, told) for sent, told in known.choices.items())
    takes = range_words(known)
    return Setting(name, value, profile.write is None, kind, known.unit, True, known.label, takes, choices)
