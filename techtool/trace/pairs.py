"""Which record answers which: by message id within a connection, found from the first bytes alone."""

from __future__ import annotations

import json
import re
from array import array
from typing import NamedTuple

from techtool.csms import frames
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, Send, Unreadable
from techtool.serviceport.rapi.frames import frame_of
from techtool.serviceport.smp.framing import unwrap
from techtool.serviceport.smp.messages import message_of
from techtool.station.records import Direction, Kind, Record
from techtool.trace.serial import ANSWERS

OPEN_KEPT = 5_000
"""Unanswered requests remembered of one connection."""
_HEAD = re.compile(
    rb'\s*\[\s*([2-6])\s*,\s*("(?:[^"\\]|\\.){0,80}"|-?[0-9][0-9.eE+-]{0,40})\s*(?:,\s*"([A-Za-z0-9_.-]{1,60})")?'
)
_MODBUS_ID = b'"modbus"'
_CONSOLE_ID = b'"console"'
_NO_SEQUENCE = b"null"
_SMP_QUIET = frozenset({(0, 0), (1, 1)})
"""Echo and image upload."""
_OTHER = {Direction.CHARGER: Direction.LAPTOP, Direction.LAPTOP: Direction.CHARGER}


class Head(NamedTuple):
    """The start of a frame."""

    kind: int
    id: bytes | str
    action: str


def head(data: bytes) -> Head | None:
    """Message type, id and action of a frame; None where there is no id."""
    found = _HEAD.match(data)
    if found is None:
        return _parsed_head(data)
    id: bytes | str = found[2]
    if b"\\" in found[2] or not found[2].isascii():
        id = _plain(found[2])
    action = found[3]
    return Head(int(found[1]), id, action.decode() if action else "")


def _plain(token: bytes) -> bytes | str:
    """The id however its characters are escaped: it may come back written in another way."""
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _parsed_head(data: bytes) -> Head | None:
    match frames.parse(data).frame:
        case Call(id, action, _):
            return Head(2, json.dumps(id).encode(), action)
        case Send(id, action, _):
            return Head(6, json.dumps(id).encode(), action)
        case CallResult(id, _):
            return Head(3, json.dumps(id).encode(), "")
        case CallError(id, _, _, _):
            return Head(4, json.dumps(id).encode(), "")
        case CallResultError(id, _, _, _):
            return Head(5, json.dumps(id).encode(), "")
        case Unreadable(_, id, kind) if id is not None and kind is not None:
            return Head(kind, json.dumps(id).encode(), "")
    return None


def _rapi_head(record: Record) -> Head | None:
    """A RAPI frame in the same terms: an answer has the sequence id of its command, news have none."""
    frame = frame_of(record.data)
    if frame is None:
        return None
    id = json.dumps(frame.sequence).encode()
    if frame.name in ANSWERS:
        return Head(3, id, "")
    return Head(2 if record.direction is Direction.LAPTOP else 6, id, f"${frame.name}")


def _modbus_head(record: Record) -> Head:
    """A Modbus frame in the same terms: it has no id, and answers what was asked last. Reads are no events."""
    if record.direction is not Direction.LAPTOP:
        return Head(3, _MODBUS_ID, "")
    from techtool.trace import modbus

    return Head(2, _MODBUS_ID, "write" if modbus.writes(record) else "")


def _smp_head(record: Record) -> Head | None:
    """An SMP message in the same terms. What is only asked, echoed, or a part of an image is no event."""
    packet = unwrap(record.data)
    message = message_of(packet) if packet is not None else None
    if message is None:
        return None
    quiet = not message.writes or (message.group, message.command) in _SMP_QUIET
    return Head(3 if message.answers else 2, json.dumps(message.id).encode(), "" if quiet else "write")


def _console_head(record: Record) -> Head:
    """A line of a console in the same terms: the first thing that is no echo answers what was typed last."""
    return Head(2 if record.direction is Direction.LAPTOP else 3, _CONSOLE_ID, "")


class Pairs:
    """Takes records in their order; gives each one's other half."""

    def __init__(self) -> None:
        self._base = 1
        self._partners = array("q")
        self._open: dict[int, dict[tuple[Direction, bytes | str], int]] = {}
        self._rapi: dict[int, bytes | str] = {}
        """What was asked last on each connection: old firmware does not repeat the sequence id."""
        self._numbered: set[int] = set()
        """The connections whose answers have them: one without is to somebody else on the line."""

    def take(self, record: Record) -> tuple[Head | None, int]:
        """Pair the next record; its head, and the number of the record it belongs to or 0."""
        if not self._partners:
            self._base = record.number
        self._partners.append(0)
        match record.kind:
            case Kind.TEXT | Kind.BINARY:
                found = head(record.data)
                if found is None:
                    return None, 0
                return found, self._message(record, found)
            case Kind.RAPI:
                found = self._rapi_asked(record, _rapi_head(record))
                return found, self._message(record, found) if found is not None else 0
            case Kind.MODBUS:
                found = _modbus_head(record)
                return found, self._message(record, found)
            case Kind.SMP:
                found = _smp_head(record)
                return found, self._message(record, found) if found is not None else 0
            case Kind.LINE | Kind.PROMPT:
                found = _console_head(record)
                return found, self._message(record, found)
            case Kind.TIMEOUT:
                return None, self._timeout(record)
            case Kind.CLOSED:
                self._open.pop(record.connection, None)
        return None, 0

    def partner(self, number: int) -> int | None:
        """The other half of a record, as far as it has been taken."""
        index = number - self._base
        if not 0 <= index < len(self._partners):
            return None
        return self._partners[index] or None

    def forget(self, first: int) -> None:
        """Records before this number are gone."""
        gone = first - self._base
        if gone > 0:
            del self._partners[:gone]
            self._base = first

    def _rapi_asked(self, record: Record, found: Head | None) -> Head | None:
        """An answer without a sequence id belongs to what was asked last."""
        if found is None or found.kind == 6:
            return found
        if record.direction is Direction.LAPTOP:
            self._rapi[record.connection] = found.id
        elif found.id != _NO_SEQUENCE:
            self._numbered.add(record.connection)
        elif record.connection in self._rapi and record.connection not in self._numbered:
            return found._replace(id=self._rapi[record.connection])
        return found

    def _message(self, record: Record, found: Head) -> int:
        waiting = self._open.get(record.connection)
        if waiting is None:
            waiting = self._open[record.connection] = {}
        if found.kind == 2:
            waiting[record.direction, found.id] = record.number
            if len(waiting) > OPEN_KEPT:
                del waiting[next(iter(waiting))]
            return 0
        if found.kind in (3, 4):
            asked = waiting.pop((_OTHER.get(record.direction, Direction.NOTE), found.id), 0)
            self._join(asked, record.number)
            return asked
        return 0

    def _timeout(self, record: Record) -> int:
        try:
            id = json.dumps(json.loads(record.data).get("id")).encode()
        except (ValueError, AttributeError, RecursionError):
            return 0
        # It stays open: a late answer is still its answer.
        asked = self._open.get(record.connection, {}).get((Direction.LAPTOP, id), 0)
        self._join(asked, record.number)
        return asked

    def _join(self, asked: int, answer: int) -> None:
        if not asked:
            return
        self._partners[answer - self._base] = asked
        if asked >= self._base:
            self._partners[asked - self._base] = answer
