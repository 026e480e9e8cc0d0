"""A record: one thing that passed over a wire, as it came, with the time it passed.

Records are the truth of a visit; everything else is computed from them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
"""With room for any time zone, and for a day to be added."""
_YEAR_2100 = 4_102_444_800_000_000_000


class Direction(StrEnum):
    """Who spoke, in the signs that the trace shows."""

    CHARGER = ">"
    LAPTOP = "<"
    NOTE = "-"  # a note: a link that opened or ended, a time-out, what the technician wrote


class Kind(StrEnum):
    """What the bytes of a record are."""

    OPENED = "opened"  # a socket was accepted; JSON: wire, peer, local
    REQUEST = "request"  # the head of the HTTP request
    RESPONSE = "response"  # the head of the HTTP answer
    LINKED = "linked"  # the handshake is done; JSON: identity, protocol, offered, path, user
    KNOCK = "knock"  # the attempt came to nothing; JSON: reason, detail
    TEXT = "text"  # a WebSocket text message
    BINARY = "binary"  # a WebSocket binary message
    PING = "ping"
    PONG = "pong"
    RAPI = "rapi"  # a frame of OpenEVSE's serial protocol, with the ends of its line
    MODBUS = "modbus"  # a Modbus frame of a service port with its checksum, RTU or ASCII
    SMP = "smp"  # an SMP packet of a service port, on the lines that it came on, with their marks and ends
    LINE = "line"  # a line typed into a console, or one of its answer, with its end
    PROMPT = "prompt"  # what a console says without an end when it waits: for a command, or for a value
    TRANSFER = "transfer"  # a part of a file on its way over a service port, and the receiver's answers
    ECHO = "echo"  # what was sent on a service port, given back by the line
    CHATTER = "chatter"  # text that a charger says unasked at its service port
    CLOSE = "close"  # a WebSocket close frame, where there was no link yet
    NOISE = "noise"  # bytes that are no whole message: cut off, or broken framing
    OMITTED = "omitted"  # bytes that were not kept; JSON: bytes
    TIMEOUT = "timeout"  # no answer to a CALL of ours in time; JSON: id, seconds
    CARRIED = "carried"  # what earlier visits know of it; JSON: make, transactions, ended, habits, ...
    REMARK = "remark"  # what the technician wrote; JSON: text, record
    CLOSED = "closed"  # the link ended; JSON: code, reason, by, silent_s


class Record(NamedTuple):
    """One thing on the wire. ``connection`` counts the sockets of a visit from 1."""

    number: int
    """Place in the visit, from 1, without gaps."""
    connection: int
    at: int
    """Wall clock, nanoseconds since 1970 UTC."""
    mono: int
    """Monotonic clock, nanoseconds; only differences mean anything."""
    direction: Direction
    kind: Kind
    data: bytes

    @property
    def time(self) -> datetime:
        """The wall clock as an aware UTC datetime, to the microsecond."""
        return moment(self.at)

    @property
    def note(self) -> dict[str, Any]:
        """The JSON of one of techtool's own notes; empty where it is none: files hold anything."""
        try:
            told = json.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


def moment(ns: int) -> datetime:
    """Nanoseconds since 1970 UTC as an aware datetime, within the range of one: files hold any number."""
    if 0 <= ns < _YEAR_2100:  # every live record: no need to look at the limits
        return datetime.fromtimestamp(ns / 1e9, UTC)
    try:
        return min(max(datetime.fromtimestamp(ns / 1e9, UTC), _FIRST), _LAST)
    except (ValueError, OverflowError, OSError):
        return _FIRST if ns < 0 else _LAST
