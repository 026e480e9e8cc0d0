"""How the settings of one version of OCPP are read and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from techtool.jobs.described import Described
from techtool.jobs.fitting import Rule
from techtool.jobs.written import Written


class Told(NamedTuple):
    """What came of a reading."""

    settings: list[Described]
    unknown: list[str]
    silent: list[str]


class Dialect(Protocol):
    """Over one charger's link."""

    async def read(self, names: Sequence[str]) -> Told:
        """These settings, or all of them. Raises UnknownSettingError for what is no name of one."""

    async def write(self, name: str, value: str, *, force: bool) -> Written:
        """Write one. Raises CallRefusedError."""

    def rule(self, name: str) -> Rule | None:
        """What a setting takes that the charger was not asked about; None where nothing is known."""

    def message(self, name: str, value: str) -> tuple[str, dict[str, object]]:
        """The message that writes it. Raises UnknownSettingError for what is no name of a setting."""
