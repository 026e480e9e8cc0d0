"""Frames as this charger writes them: message ids, and bytes with its quirks."""

from __future__ import annotations

import json
import random
import uuid
from typing import Any

from techtool.csms.frames import Call, CallError, CallResult, encode
from techtool.simulator.effects import Effect, Report, Transmit
from techtool.simulator.readings import ENERGY

_WORDS = "\n  at Router.dispatch (ocpp.js:42:13)" * 8
"""SAP's simulator sends its stack."""


class Wire:
    """The pen of one charger. Message ids are UUIDs, unless a quirk wants others."""

    def __init__(self, quirks: frozenset[str], dice: random.Random) -> None:
        self._quirks = quirks
        self._dice = dice
        self._number = 0
        self._written = 0

    def opened(self) -> None:
        """A new connection."""
        if "reused-ids" in self._quirks:
            self._number = 0

    def next_id(self) -> str | int:
        """The id of the next CALL."""
        self._number += 1
        if "integer-ids" in self._quirks:
            return self._number
        if "reused-ids" in self._quirks:
            return str(self._number)
        return new_uuid(self._dice)

    def write(self, frame: Call | CallResult | CallError) -> Transmit:
        """One frame as a WebSocket message."""
        quirks = self._quirks
        if "strings-for-numbers" in quirks and not isinstance(frame, CallError):
            frame = frame._replace(payload=_as_text(frame.payload))
        if "numbers-for-strings" in quirks and not isinstance(frame, CallError):
            frame = frame._replace(payload=_as_values(frame.payload))
        if "bare-values" in quirks and isinstance(frame, Call):
            frame = frame._replace(payload=_bare(frame.payload))
        if "null-payload" in quirks and not isinstance(frame, CallError) and not frame.payload:
            frame = frame._replace(payload=None)
        data = encode(frame)
        if "wordy-error" in quirks and isinstance(frame, CallError):
            details = {"stack": "at Charger.answer", "action": frame.description}
            data = json.dumps([4, frame.id, frame.code, frame.description + _WORDS, details]).encode()
        if "four-element-error" in quirks and isinstance(frame, CallError):
            data = json.dumps([4, frame.id, frame.code, frame.description]).encode()
        if "spaced-json" in quirks:
            data = json.dumps(json.loads(data), separators=(", ", ": ")).encode()
        if "unclosed-reply" in quirks and isinstance(frame, CallResult):
            data = data[:-1]
        self._written += 1
        if "bad-json" in quirks and self._written % 4 == 0:
            data = data.replace(b'",', b'" ')
        if "cut-frames" in quirks and self._written % 5 == 0:
            data = data[: len(data) // 2]
        if "nul-bytes" in quirks:
            data += b"\x00"
        return Transmit(data, text="binary-frames" not in quirks)


def joined(effects: list[Effect]) -> list[Effect]:
    """The same, with messages that go out in one breath as one message."""
    found: list[Effect] = []
    last: int | None = None
    for effect in effects:
        before = None if last is None else found[last]
        if isinstance(effect, Transmit) and isinstance(before, Transmit) and last is not None:
            found[last] = Transmit(before.data + effect.data, effect.text)
            continue
        if isinstance(effect, Transmit):
            last = len(found)
        elif not isinstance(effect, Report):
            last = None
        found.append(effect)
    return found


def new_uuid(dice: random.Random) -> str:
    """A random UUID (version 4) from these dice."""
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _as_text(value: Any) -> Any:
    """Every number as text."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _bare(value: Any, sampled: bool = False) -> Any:
    """Every sampled value without its unit, and without the measurand that the standard assumes."""
    if isinstance(value, list):
        return [_bare(item, sampled) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _bare(item, key == "sampledValue")
        for key, item in value.items()
        if not sampled or (key not in ("unit", "unitOfMeasure") and (key, item) != ("measurand", ENERGY))
    }


def _as_values(value: Any) -> Any:
    """What stands under ``value`` as the number or boolean that its text means."""
    if isinstance(value, list):
        return [_as_values(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _meant(item) if key == "value" and isinstance(item, str) else _as_values(item)
        for key, item in value.items()
    }


def _meant(text: str) -> str | float | bool:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
