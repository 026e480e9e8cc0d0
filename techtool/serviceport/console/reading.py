"""Lines of a console, turned into changes of the station. Pure, and the same live and in a replay.

What lines mean stands in the profile, whose text is in the note on the opened port: a recording is read with the
profile of its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from techtool.serviceport.condition import Condition
from techtool.serviceport.console.texts import text_of
from techtool.serviceport.measurands import reading
from techtool.serviceport.profiles.console import Ask, ConsoleProfile, Echo
from techtool.serviceport.profiles.lines import value_in
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.noted import MAKE, UNREADABLE, noted
from techtool.station.changes import Booted, Change, Described, Found, Metered, Said
from techtool.station.findings import Code
from techtool.station.model import Make, Reading, ReadingKey
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe

SAID = 4_000
"""Characters of a line that is told."""
_KEPT = 50
"""Changes from before it was known who says it."""

Value = int | Decimal | str


class Reader:
    """Reads the records of one opening of a port in their order. ``note`` is that of the opening."""

    def __init__(self, note: Mapping[str, Any]) -> None:
        self._profile = noted(note, ConsoleProfile)
        self._linked = False
        self._before: list[Change] = []
        self._open: dict[str, Ask] = {}
        """What was asked for, and not told yet, by name."""
        self._detects = self._given_up = self._came = False
        self._condition = Condition()
        self._known: set[ReadingKey] = set()

    def linked(self) -> list[Change]:
        """The device has answered for the first time."""
        if self._profile is None:
            return [UNREADABLE]
        self._linked = True
        before, self._before = self._before, []
        return [Described(Make(model=self._profile.name)), *before]

    def read(self, record: Record, at: datetime) -> list[Change]:
        """What a line, a prompt or a time-out means."""
        if self._profile is None:
            return []
        changes = self._read(self._profile, record, at)
        if self._linked:
            return changes
        self._before = [*self._before, *changes][-_KEPT:]
        return []

    def _read(self, profile: ConsoleProfile, record: Record, at: datetime) -> list[Change]:
        match record.kind, record.direction:
            case Kind.TIMEOUT, _:
                self._open, self._detects, self._given_up = {}, False, True
                name = safe(str(record.note.get("action", "?")), 60)
                return [Found(Code.NO_ANSWER, f"No answer to {name}.", name)]
            case Kind.LINE, Direction.LAPTOP:
                changes = self._over(profile, at)
                self._ask(profile, record.data)
                return changes
            case Kind.ECHO, _:
                self._came = True
            case Kind.LINE, _:
                self._came = True
                text = text_of(record.data, profile.habits)
                if self._given_up and text:
                    self._given_up = False
                    return [Found(Code.LATE_ANSWER, "An answer came when nobody waited for it any more.")]
                return self._told(profile, text, at)
            case Kind.PROMPT, _:
                self._given_up = False
                self._detect(profile, text_of(record.data, profile.habits))
                # where the echo comes first, a prompt before it is one of before
                self._came = self._came or profile.habits.echo is not Echo.ON
                return self._over(profile, at)
            case Kind.CHATTER, _:
                return self._chatter(profile, record.data)
        return []

    def _ask(self, profile: ConsoleProfile, data: bytes) -> None:
        """This was typed; what comes next answers it."""
        self._given_up = self._came = False
        typed = data.decode(profile.habits.encoding, "replace")
        self._open = {one.name: one for one in (*profile.info, *profile.status) if one.send == typed}
        self._detects = profile.detect is not None and profile.detect.send == typed

    def _told(self, profile: ConsoleProfile, text: str, at: datetime) -> list[Change]:
        self._detect(profile, text)
        changes: list[Change] = []
        for ask in list(self._open.values()):
            if (value := value_in(ask, text, profile.habits)) is not None:
                del self._open[ask.name]
                changes += self._value(profile, ask, value, at)
        return changes

    def _detect(self, profile: ConsoleProfile, text: str) -> None:
        if self._detects and profile.detect is not None and profile.detect.pattern.search(text):
            self._detects = False

    def _over(self, profile: ConsoleProfile, at: datetime) -> list[Change]:
        """An answer is complete: what it did not tell is not known any more."""
        if not self._came:
            return []  # it was not answered: perhaps it is asked once more
        changes: list[Change] = []
        if self._detects:
            text = f"It answers, but not as {profile.name} does: is it another one? Its values may mean nothing."
            changes.append(Found(Code.WRONG_PROFILE, text, profile.id))
        for ask in self._open.values():
            if ask in profile.status:
                changes += self._value(profile, ask, None, at)
        self._open, self._detects = {}, False
        return changes

    def _value(self, profile: ConsoleProfile, ask: Ask, value: Value | None, at: datetime) -> list[Change]:
        if ask in profile.info:
            made = {MAKE[ask.name]: safe(value, 60)} if ask.name in MAKE and value else {}
            return [Described(Make(**made))] if made else []
        if ask.name == STATE:
            self._condition.state = str(value) if value is not None else None
        elif ask.name == "error":
            self._condition.error = safe(value, 200) if value else None
        elif isinstance(value, int | Decimal) or self._key(ask, at) in self._known:
            return self._metered(ask, value, at)
        else:
            self._condition.note(ask.label or ask.name, safe(value, 200) if value is not None else "")
        return self._condition.changes()

    def _key(self, ask: Ask, at: datetime) -> ReadingKey:
        return reading(ask.name, ask.unit, None, at)[0]

    def _metered(self, ask: Ask, value: Value | None, at: datetime) -> list[Change]:
        key, found = reading(ask.name, ask.unit, value if not isinstance(value, str) else None, at)
        self._known.add(key)
        told: dict[ReadingKey, Reading] = {key: found}
        return [Metered(1, told)]

    def _chatter(self, profile: ConsoleProfile, data: bytes) -> list[Change]:
        text = text_of(data, profile.habits)
        if any(one.search(text) for one in profile.habits.boot):
            self._open, self._detects = {}, False
            return [Said(safe(text, SAID)), Booted(Make(model=profile.name), None, triggered=False)]
        return [Said(safe(text, SAID))] if text.strip() else []
