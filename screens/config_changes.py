"""Settings as they were read, and what is to become of them: staged, never sent at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from techtool.masking import is_secret, mask_setting
from techtool.station.outcomes import Outcome
from techtool.station.settings import Listed, Setting
from techtool.text import safe

LONGEST = 200
"""Characters of a value that are shown."""


class Change(NamedTuple):
    """One setting that is to be written."""

    setting: Setting
    """As it is on the charger."""
    after: str
    """What is to be written."""

    @property
    def name(self) -> str:
        """Of the setting."""
        return self.setting.name

    @property
    def shown_before(self) -> str:
        """What is on the charger, fit to be shown."""
        return shown(self.setting, self.setting.value)

    @property
    def shown_after(self) -> str:
        """What is to be written, fit to be shown."""
        return shown(self.setting, self.after)


class Changes:
    """The settings of one charger in this visit."""

    def __init__(self) -> None:
        self.settings: dict[str, Setting] = {}
        """As they were read last, in the charger's order."""
        self.unknown: tuple[str, ...] = ()
        """The charger says that it does not have these."""
        self.silent: tuple[str, ...] = ()
        """No answer came for these."""
        self.read_at: datetime | None = None
        """When all of them were read last."""
        self.connection = 0
        """Which link of the charger they were read over."""
        self.version = 0
        """Counts what changed here."""
        self._found: dict[str, str | None] = {}
        self._staged: dict[str, str] = {}

    # --- what is on the charger ----------------------------------------------------------------------------

    def take(self, listed: Listed, at: datetime, connection: int) -> list[str]:
        """All of them were read. Which staged changes are given up: the charger does not show these any more."""
        kept = {name: self.settings[name] for name in listed.silent if name in self.settings}
        self.settings = {one.name: one for one in listed.settings} | kept
        self.unknown, self.silent = listed.unknown, listed.silent
        self.read_at, self.connection = at, connection
        for one in listed.settings:
            self._found.setdefault(one.name, one.value)
        gone = [name for name in self._staged if name not in self.settings]
        self._staged = {
            name: after
            for name, after in self._staged.items()
            if name in self.settings and not same(self.settings[name], self.settings[name].value, after)
        }
        self.version += 1
        return gone

    def written(self, change: Change, outcome: Outcome) -> None:
        """One was sent, and the charger answered: it is not staged any more."""
        name = change.name
        read = outcome.result.get("read") if isinstance(outcome.result, dict) else None
        if isinstance(read, str) and name in self.settings:
            self.settings[name] = self.settings[name]._replace(value=read)
        if self._staged.get(name) == change.after:  # it may be staged anew meanwhile
            del self._staged[name]
        self.version += 1

    def found(self, name: str) -> str | None:
        """What it was when it was first read in this visit."""
        return self._found.get(name)

    def was(self, name: str) -> str | None:
        """What it was when it was first read; None where it still is that."""
        one, found = self.settings[name], self._found.get(name)
        return None if found is None or same(one, one.value, found) else found

    # --- what is to become of them -------------------------------------------------------------------------

    @property
    def staged(self) -> Sequence[Change]:
        """What is to be sent, in the order in which it was chosen."""
        return [Change(self.settings[name], after) for name, after in self._staged.items()]

    def after(self, name: str) -> str | None:
        """What this is to become; None where it stays."""
        return self._staged.get(name)

    def stage(self, name: str, value: str) -> bool:
        """It is to become this; whether that is another value than it has."""
        one = self.settings[name]
        self._staged.pop(name, None)
        self.version += 1
        if same(one, one.value, value):
            return False
        self._staged[name] = value
        return True

    def would_change(self, name: str, value: str) -> bool:
        """Whether this is another value than it has."""
        one = self.settings[name]
        return not same(one, one.value, value)

    def back(self, name: str) -> bool:
        """It is to become what it was when it was first read; whether there is anything to do for that."""
        found = self._found.get(name)
        return found is not None and self.stage(name, writable(self.settings[name], found))

    def undo(self, name: str | None) -> str | None:
        """Not this one after all, or not the last one; which it was."""
        undone = name if name in self._staged else next(reversed(self._staged), None)
        if undone is not None:
            del self._staged[undone]
            self.version += 1
        return undone

    def undo_all(self) -> int:
        """None of them; how many there were."""
        count = len(self._staged)
        self._staged.clear()
        self.version += 1
        return count


def same(setting: Setting, value: str | None, other: str) -> bool:
    """Whether two texts say the same value of a setting: 16, 16.0 and 16 A do."""
    if value is None:
        return False
    if setting.choices:
        return writable(setting, value).casefold() == writable(setting, other).casefold()
    if setting.type == "number":
        one, two = number(setting, value), number(setting, other)
        return one == two if one is not None and two is not None else value.strip() == other.strip()
    return value == other


def number(setting: Setting, text: str) -> Decimal | None:
    """The number in a text with or without its unit; None where there is none."""
    try:
        found = Decimal(_bare(setting, text))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _bare(setting: Setting, text: str) -> str:
    return text.strip().removesuffix(setting.unit or "").strip()


def writable(setting: Setting, value: str) -> str:
    """What to write to have it read like this: of a choice its own word, of a number the bare one."""
    if setting.choices:
        known = {one.shown.casefold(): one.value for one in setting.choices}
        known |= {one.value.casefold(): one.value for one in setting.choices}
        return known.get(value.strip().casefold(), value)
    if setting.type == "number" and number(setting, value) is not None:
        return _bare(setting, value)
    return value


def shown(setting: Setting, value: str | None) -> str:
    """A value fit to be shown, with its unit; secrets are masked."""
    if value is None:
        return "--"
    text = safe(mask_setting(setting.name, value), LONGEST)
    if not text:
        return "(empty)"
    unit = setting.unit
    return f"{text} {safe(unit, 12)}" if unit and not text.endswith(unit) else text


def hidden(setting: Setting) -> bool:
    """What is typed for it must not be seen."""
    return (
        is_secret(setting.name)
        and not setting.choices
        and (setting.value is None or not setting.value or is_secret(setting.name, setting.value))
    )
