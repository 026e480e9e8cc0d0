"""Reading the configuration keys of a 1.6 charger: what to ask next, and what its answers told. Pure.

Not every charger answers a question for all keys: some take four names at most, some answer the first one alone,
some nothing. So it is asked for all; then for as many at once as it says that it takes; at worst for one after the
other (FIELD.md, thread 19; 1.6 edition 2, 5.8 and 9.1.9).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

from techtool.csms import lenient
from techtool.csms.parts import Parts

LIMIT = "GetConfigurationMaxKeys"
FEW = 10
"""Names in one question where the charger does not say how many it takes."""
MOST = 100
"""However many it says: a question is to stay small."""


class Key(NamedTuple):
    """A key as the charger told it."""

    name: str
    value: str | None
    """None where it told none: it may only be written, or it is empty."""
    readonly: bool


class Question(NamedTuple):
    """The next one."""

    names: tuple[str, ...]
    """Empty for all keys."""
    within: float
    """Seconds to wait for the answer."""

    @property
    def payload(self) -> dict[str, Any]:
        """Of GetConfiguration."""
        return {"key": list(self.names)} if self.names else {}


class _Stage(Enum):
    ALL = "all keys at once"
    LIMIT = "how many it takes"
    PARTS = "names"


class KeyReader:
    """One reading, of some keys or of all. Ask :meth:`next`, then tell what came of it."""

    def __init__(self, names: Sequence[str] = (), known: Sequence[str] = ()) -> None:
        """``names`` are wanted, all if there are none; then ``known`` are asked for where that is not answered."""
        self.keys: dict[str, Key] = {}
        """What was told, by name as the charger writes it, in its order."""
        self.unknown: list[str] = []
        """Names that the charger says it does not know."""
        self.parts: Parts[str] = Parts()
        self.all_at_once = False
        """It answered the question for all keys."""
        self._known = [one for one in known if one != LIMIT]
        self._stage = _Stage.PARTS if names else _Stage.ALL
        self.parts.put(names, max(1, len(names)))

    def next(self) -> Question | None:
        """What to ask now; None when it is over."""
        if self._stage is _Stage.ALL:
            return None if self.all_at_once else Question((), self.parts.within)
        if self._stage is _Stage.LIMIT:
            return Question((LIMIT,), self.parts.within)
        names = self.parts.next()
        return Question(names, self.parts.within) if names else None

    def answered(self, payload: Any) -> None:
        """An answer came, whatever it holds."""
        told = [one for one in map(_key, lenient.items(lenient.obj(payload).get("configurationKey"))) if one]
        self.keys |= {one.name: one for one in told}
        if self._stage is _Stage.ALL:
            self.all_at_once = bool(told)
            self._stage = _Stage.ALL if told else _Stage.LIMIT
            return
        asked = (LIMIT,) if self._stage is _Stage.LIMIT else self.parts.asked
        unknown = lenient.obj(payload).get("unknownKey")
        strange = (
            {one.casefold() for one in unknown if isinstance(one, str)} if isinstance(unknown, list) else set()
        )
        self.unknown += [one for one in asked if one.casefold() in strange]
        known = {one.name.casefold() for one in told} | strange
        left = [one for one in asked if one.casefold() not in known]
        if self._stage is _Stage.LIMIT:
            self.parts.silent += left
            self._plan()
        else:
            self.parts.answered(left)

    def was_refused(self) -> None:
        """It answered with an error."""
        match self._stage:
            case _Stage.ALL:
                self._stage = _Stage.LIMIT
            case _Stage.LIMIT:
                self.parts.refused.append(LIMIT)
                self._plan()
            case _Stage.PARTS:
                self.parts.was_refused()

    def was_silent(self) -> None:
        """It did not answer in time."""
        match self._stage:
            case _Stage.ALL:
                self.parts.silences += 1
                self._stage = _Stage.LIMIT
            case _Stage.LIMIT:
                self.parts.silences += 1
                self.parts.silent.append(LIMIT)
                self._plan(size=1)
            case _Stage.PARTS:
                self.parts.was_silent()

    def _plan(self, size: int | None = None) -> None:
        """Ask for every known name, as many at once as the charger takes."""
        self._stage = _Stage.PARTS
        limit = self.keys.get(LIMIT)
        told = lenient.integer(limit.value) if limit is not None else None
        size = size or (min(told, MOST) if told is not None and told > 0 else FEW)
        self.parts.put([one for one in self._known if one not in self.keys], size)


def _key(told: dict[str, Any]) -> Key | None:
    name = lenient.text(told.get("key"))
    if name is None:
        return None
    value = told.get("value")
    shown = value if isinstance(value, str) else lenient.text(value)
    return Key(name, shown, told.get("readonly") in (True, "true", "True", 1))
