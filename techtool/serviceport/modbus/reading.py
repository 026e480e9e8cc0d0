"""Modbus frames, turned into changes of the station. Pure, and the same live and in a replay.

What registers mean stands in the profile, whose text is in the note on the opened port: a recording is read with
the profile of its day. The charger is shown as EVSE 1 with connector 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from techtool.serviceport.condition import Condition
from techtool.serviceport.measurands import readings
from techtool.serviceport.modbus.asks import Ask, Refusal, answer_of, ask_of
from techtool.serviceport.modbus.recognising import another, question
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.profiles.model import ModbusProfile, Value
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.noted import MAKE, UNREADABLE, noted
from techtool.serviceport.profiles.reads import block_of
from techtool.serviceport.profiles.values import Told, read
from techtool.station.changes import Change, Described, Found, Metered
from techtool.station.findings import Code, Severity
from techtool.station.model import Make, ReadingKey
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe

ECHO = "The line gives back what is sent, as RS-485 adapters do that hear themselves. It is ignored: no answer."
_ECHOED = Found(Code.ECHO, ECHO, severity=Severity.INFO)


class Reader:
    """Reads the records of one opening of a port in their order. ``note`` is that of the opening."""

    def __init__(self, note: Mapping[str, Any]) -> None:
        self._profile = noted(note, ModbusProfile)
        self._asked: Ask | None = None
        self._last = b""
        self._linked = self._echoed = False
        self._condition = Condition()
        self._known: set[ReadingKey] = set()

    def linked(self) -> list[Change]:
        """The device has answered for the first time."""
        if self._profile is None:
            return [UNREADABLE]
        self._linked = True
        before: list[Change] = [_ECHOED] if self._echoed else []
        return [Described(Make(model=self._profile.name)), *before]

    def read(self, record: Record, at: datetime) -> list[Change]:
        """What a frame, an echo or a time-out means."""
        if record.kind is Kind.TIMEOUT:
            self._asked = None
            name = safe(str(record.note.get("action", "?")), 60)
            return [Found(Code.NO_ANSWER, f"No answer to the {name}.", name)]
        if record.kind is Kind.ECHO:
            first, self._echoed = not self._echoed, True
            return [_ECHOED] if first and self._linked else []
        packet = WIRES[self._profile.transport].unwrap(record.data) if self._profile is not None else None
        if packet is None or self._profile is None:
            return []  # a damaged file
        if record.direction is Direction.LAPTOP:
            self._asked = ask_of(packet.pdu)
            return []
        asked, again = self._asked, record.data == self._last
        self._asked, self._last = None, record.data
        if asked is None:
            # who wakes a device by asking twice may be answered twice
            text = "An answer came when nobody waited for it any more: the device is slower than its profile says."
            return [] if again else [Found(Code.LATE_ANSWER, text)]
        answer = answer_of(asked, packet.pdu)
        if answer is None:
            return []
        if asked == question(self._profile) and (said := another(self._profile, answer)) is not None:
            meaning = [] if isinstance(answer, Refusal) else self._told(self._profile, asked, answer, at)
            return [Found(Code.WRONG_PROFILE, f"{said} Its values may mean nothing.", self._profile.id), *meaning]
        if isinstance(answer, Refusal):
            text = f"The {asked.words} was refused: {answer.words}."
            return [Found(Code.ERROR_ANSWER, text, asked.words, Severity.INFO)]
        return [] if asked.writes else self._told(self._profile, asked, answer, at)

    def _told(self, profile: ModbusProfile, asked: Ask, words: tuple[int, ...], at: datetime) -> list[Change]:
        found = {
            one.name: (one, _read(one, asked, words)) for one in profile.status if _within(profile, one, asked)
        }
        changes: list[Change] = []
        metered = [pair for one, told in found.values() for pair in readings(one, told, at)]
        # what a box never told is unknown; what it stopped to tell must not stay as it was
        news = {key: one for key, one in metered if one.value is not None or key in self._known}
        self._known |= news.keys()
        if news:
            changes.append(Metered(1, news))
        for one, told in found.values():
            self._note(one, told)
        if found:
            changes += self._condition.changes()
        make = {
            MAKE[one.name]: text
            for one in profile.info
            if one.name in MAKE and _within(profile, one, asked) and (text := _text(_read(one, asked, words)))
        }
        return [*changes, Described(Make(**make))] if make else changes

    def _note(self, value: Value, told: tuple[Told, ...]) -> None:
        if value.name == STATE:
            self._condition.state = told[0].value if isinstance(told[0].value, str) else None
        elif value.name == "error":
            self._condition.error = _error(told[0])
        elif value.texts or value.flags:
            self._condition.note(value.label or value.name, _words(told))


def _within(profile: ModbusProfile, value: Value, asked: Ask) -> bool:
    """Whether the answer has this value; a register of a block means something in the whole block alone."""
    register = value.register
    block = block_of(profile.bus, register)
    if register.space is not asked.space or (
        block is not None and (block.address, block.size) != (asked.address, asked.count)
    ):
        return False
    return asked.address <= register.address and register.end <= asked.address + asked.count


def _read(value: Value, asked: Ask, words: tuple[int, ...]) -> tuple[Told, ...]:
    begin = value.register.address - asked.address
    return read(value, words[begin : begin + value.register.size])


def _text(told: tuple[Told, ...]) -> str | None:
    """A fact in words; a text that was never set is full of 0xFF or empty."""
    value = told[0].value
    if value is None or isinstance(value, tuple):
        return None
    text = str(value).strip()
    return safe(text, 60) if text and not set(text) <= {"\xff"} else None


def _error(told: Told) -> str | None:
    """The error in words; None where there is none: 0, no bit, nothing told."""
    if told.value is None or told.value in (0, "", ()):
        return None
    if told.raw == 0:
        return None
    return _words((told,)) or str(told.value)


def _words(told: tuple[Told, ...]) -> str:
    parts = [", ".join(one.value) if isinstance(one.value, tuple) else str(one.value or "") for one in told]
    return safe(" / ".join(part for part in parts if part), 200)
