"""The tables of a TOML file, read key by key; what is wrong is collected with its line. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from techtool.serviceport.profiles.positions import Path, line_of
from techtool.serviceport.profiles.problems import Problem, shown
from techtool.text import safe

E = TypeVar("E", bound=StrEnum)
TEXT = 600
"""Characters of a text at most."""


class Report:
    """Collects what is wrong in one file."""

    def __init__(self, file: str, positions: dict[Path, int]) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._positions = positions

    def say(self, path: Path, text: str) -> None:
        """Something is wrong there."""
        self.problems.append(Problem(self._file, line_of(self._positions, path), safe(text)))


def nearest(word: str, known: Iterator[str] | list[str]) -> str:
    """``; did you mean …?`` where a known word is near, else nothing."""
    near = get_close_matches(word[:40], list(known), 1, 0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


class Table:
    """One table. Every key that is asked for is known; :meth:`close` complains of the others."""

    def __init__(self, report: Report, path: Path, values: Mapping[str, Any]) -> None:
        self.path = path
        self._report = report
        self._values = values
        self._asked: dict[str, None] = {}

    @property
    def name(self) -> str:
        """As a header has it: ``[status.temp_c]``."""
        return f"[{safe('.'.join(map(str, self.path)), 60)}]" if self.path else "the file"

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def say(self, key: str | None, text: str) -> None:
        """Something is wrong with a key, or with the table itself."""
        self._report.say(self.path if key is None else (*self.path, key), text)

    def at(self, *path: str | int) -> Table:
        """A place further in, to tell of what is wrong there."""
        return Table(self._report, (*self.path, *path), {})

    def raw(self, key: str, *, needed: bool = False) -> Any:
        """Whatever stands there; None where nothing does."""
        self._asked[key] = None
        if key not in self._values and needed:
            self.say(None, f"{self.name} has no {key}; it is needed.")
        return self._values.get(key)

    def text(self, key: str, *, needed: bool = False) -> str | None:
        """A text that is not empty."""
        value = self.raw(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > TEXT:
            self.say(key, f"{key} must be a text of 1 to {TEXT} characters in quotes, not {shown(value)}.")
            return None
        return value

    def whole(self, key: str, least: int, most: int, *, needed: bool = False) -> int | None:
        """A whole number, both ends included."""
        value = self.raw(key, needed=needed)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.say(key, f"{key} must be a whole number from {least} to {most}, not {shown(value)}.")
            return None
        return value

    def number(self, key: str, least: Decimal, most: Decimal) -> Decimal | None:
        """A number of at most nine digits with a size, the sign aside, between both ends, or 0."""
        value = self.raw(key)
        if value is None:
            return None
        exact = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(exact, Decimal) or not _modest(exact, least, most):
            text = (
                f"{key} must be a number from {least:f} to {most:f} with nine digits at most, not {shown(value)}."
            )
            self.say(key, text)
            return None
        return exact

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.say(key, f"{key} must be true or false, not {shown(value)}.")
            return None
        return value

    def choice(self, key: str, kind: type[E], *, needed: bool = False) -> E | None:
        """One of the words of an enumeration."""
        value = self.raw(key, needed=needed)
        if value is None:
            return None
        words = [one.value for one in kind]
        if value in words:
            return kind(value)
        near = nearest(value, words) if isinstance(value, str) else ""
        self.say(key, f"{key} must be one of {', '.join(words)}, not {shown(value)}{near or '.'}")
        return None

    def texts(self, key: str) -> list[tuple[int, str]]:
        """The texts of a list, with their place in it."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.say(key, f'{key} must be a list of texts, like ["…", "…"], not {shown(value)}.')
            return []
        return list(enumerate(value))

    def table(self, key: str, *, needed: bool = False) -> Table | None:
        """A table inside this one."""
        value = self.raw(key, needed=needed)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.say(key, f"{key} must be a table, not {shown(value)}.")
            return None
        return Table(self._report, (*self.path, key), value)

    def tables(self, key: str) -> list[Table]:
        """The tables of a list of tables."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.say(key, f"{key} must be a list of tables, not {shown(value)}.")
            return []
        return [Table(self._report, (*self.path, key, number), one) for number, one in enumerate(value)]

    def children(self) -> list[tuple[str, Table]]:
        """Every key of this table that was not asked for yet, as a table with its name."""
        made = []
        for key in [key for key in self._values if key not in self._asked]:
            child = self.table(key)
            if child is not None:
                made.append((key, child))
        return made

    def pairs(self) -> list[tuple[str, Any]]:
        """Every key with what stands there."""
        self._asked.update(dict.fromkeys(self._values))
        return list(self._values.items())

    def close(self) -> None:
        """Complain of every key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                near = nearest(key, list(self._asked))
                known = "" if near else f"; known here: {', '.join(self._asked)}."
                self.say(
                    key, f'{self.name} has a key "{safe(key, 40)}" that techtool does not know{near or known}'
                )


def _modest(number: Decimal, least: Decimal, most: Decimal) -> bool:
    if not number.is_finite() or len(number.as_tuple().digits) > 9:
        return False
    return number == 0 or least <= abs(number) <= most
