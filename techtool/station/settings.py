"""Settings of a charger, whatever its wire calls them: keys, variables, registers, entries of a menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from techtool.station.outcomes import Outcome


class Choice(NamedTuple):
    """One of the values that a setting takes."""

    value: str
    """What is written."""
    shown: str
    """How the charger shows it afterwards."""


class Setting(NamedTuple):
    """One of them, as it was read."""

    name: str
    value: str | None
    """As text; None where the charger told none."""
    readonly: bool = False
    type: str = "text"
    """``text``, ``number``, ``choice`` or ``switch``."""
    unit: str | None = None
    known: bool = True
    """techtool knows what it means; else it only shows it."""
    label: str | None = None
    """What it is, in words."""
    takes: str | None = None
    """What it may be set to, in words."""
    choices: tuple[Choice, ...] = ()
    """All that it may be set to, where these are a few: of a ``choice`` and of a ``switch``."""
    writeonly: bool = False
    """It can be set, and nobody can ask for it: that it has no value is no lack of an answer."""


class Listed(NamedTuple):
    """What came of reading settings: answered, unknown and silent are told apart."""

    settings: tuple[Setting, ...]
    unknown: tuple[str, ...] = ()
    """The charger says that it has no such setting."""
    silent: tuple[str, ...] = ()
    """Names without an answer."""


class UnknownSettingError(LookupError):
    """There is no setting of this name; the text names those that there are."""


class Configuration(Protocol):
    """The ability to read and write settings."""

    async def read(self, names: Sequence[str] = ()) -> Listed:
        """These settings, or all of them if none are named.

        Raises :class:`UnknownSettingError` for a name that nobody knows how to ask for, and what the link raises
        where it is lost.
        """

    def check(self, name: str, value: str) -> None:
        """Whether this may be written, by all that is known on this side; nothing goes out.

        Raises :class:`techtool.station.outcomes.CallRefusedError` where :meth:`write` would, and its
        :class:`techtool.station.outcomes.DangerousError` for what wants ``force``.
        """

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        """Write one setting, and read back what it is now; ``result`` is ``{"written", "read"}``.

        Raises :class:`techtool.station.outcomes.CallRefusedError` for what may not go out; ``force`` lets through
        what is dangerous, never what a charger may misunderstand.
        """
