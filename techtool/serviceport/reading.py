"""The records of serial links, turned into changes of the stations. Pure, and the same live and in a replay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from techtool.serviceport.rapi import news
from techtool.serviceport.rapi.dialogue import TRIES
from techtool.serviceport.rapi.frames import frame_of
from techtool.serviceport.rapi.reading import Reader as RapiReader
from techtool.station.changes import Change, Found, Heard, Linked, Said, Unlinked
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe

WIRES = frozenset({"openevse", "modbus", "console", "smp", "probe"})
"""What the note on an opened connection calls the wires that are read here."""


class Read(NamedTuple):
    """What one record means."""

    identity: str | None
    changes: list[Change]


class _Talk(Protocol):
    """How the frames of one wire are read."""

    def linked(self) -> list[Change]:
        """The charger has answered for the first time."""

    def read(self, record: Record, at: datetime) -> list[Change]:
        """What a frame, an echo or a time-out means."""


class _Rapi:
    """OpenEVSE's frames."""

    def __init__(self) -> None:
        self._rapi = RapiReader()

    def linked(self) -> list[Change]:
        return []

    def read(self, record: Record, at: datetime) -> list[Change]:
        if record.kind is Kind.CHATTER:
            text = news.chatter(record.data)
            return [Said(text)] if text is not None else []
        if record.kind is Kind.TIMEOUT:
            name = safe(str(record.note.get("action", "?")), 10)
            text = f"No answer to ${name}, asked up to {TRIES} times."
            return [Found(Code.NO_ANSWER, text, name)]
        frame = frame_of(record.data)
        if frame is None:
            return []  # a damaged file
        if record.direction is Direction.LAPTOP:
            return self._rapi.sent(frame)
        text = news.told(frame)
        return [*self._rapi.heard(frame, at), *([Said(text)] if text is not None else [])]


@dataclass(slots=True)
class _Line:
    """One connection."""

    number: int
    device: str
    since: int
    talk: _Talk = field(default_factory=_Rapi)
    identity: str | None = None
    heard: int = 0
    told_heard: int = 0


class Reader:
    """Reads the records of one visit's serial links in their order."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}

    def read(self, record: Record, at: datetime) -> Read:
        """What a record means."""
        line = self._lines.get(record.connection)
        if line is None:
            device = str(record.note.get("peer", "?")) if record.kind is Kind.OPENED else "?"
            line = self._lines[record.connection] = _Line(record.connection, device, record.mono, _talk(record))
        changes = list(self._changes(line, record, at))
        return Read(line.identity, changes)

    def identity(self, connection: int) -> str | None:
        """Who is on a link that stands."""
        line = self._lines.get(connection)
        return line.identity if line is not None else None

    def _changes(self, line: _Line, record: Record, at: datetime) -> list[Change]:
        match record.kind:
            case Kind.RAPI | Kind.MODBUS | Kind.SMP | Kind.LINE | Kind.PROMPT | Kind.CHATTER:
                return [*_heard(line, record), *line.talk.read(record, at)]
            case Kind.ECHO | Kind.TIMEOUT:
                return line.talk.read(record, at)
            case Kind.NOISE:
                text = f"{len(record.data):,} bytes that are no whole frame; they were ignored."
                return [Found(Code.JUNK, text)] if line.identity is not None else []
            case Kind.LINKED:
                note = record.note
                line.identity = str(note.get("identity", "?"))
                protocol = str(note.get("protocol", "openevse"))
                return [Linked(line.number, protocol, line.device, (protocol,)), *line.talk.linked()]
            case Kind.CLOSED:
                return self._closed(line, record)
        return []

    def _closed(self, line: _Line, record: Record) -> list[Change]:
        self._lines.pop(line.number, None)
        note = record.note
        silent_s = (record.mono - (line.heard or line.since)) / 1e9
        return [Unlinked(line.number, None, str(note.get("reason", "")), str(note.get("by", "network")), silent_s)]


def wire_of(record: Record) -> str:
    """What the note on an opened connection says that its wire is."""
    return str(record.note.get("wire", "?"))


def _talk(record: Record) -> _Talk:
    if record.kind is Kind.OPENED and wire_of(record) == "console":
        from techtool.serviceport.console.reading import Reader as ConsoleReader

        return ConsoleReader(record.note)
    if record.kind is Kind.OPENED and wire_of(record) == "modbus":
        # pymodbus takes longer to import than a first frame may
        from techtool.serviceport.modbus.reading import Reader as ModbusReader

        return ModbusReader(record.note)
    if record.kind is Kind.OPENED and wire_of(record) == "smp":
        # likewise smp
        from techtool.serviceport.smp.reading import Reader as SmpReader

        return SmpReader()
    return _Rapi()


def _heard(line: _Line, record: Record) -> list[Change]:
    """A sign of life, told once a second."""
    if record.direction is not Direction.CHARGER:
        return []
    line.heard = record.mono
    if 0 <= record.mono - line.told_heard < 1_000_000_000:
        return []
    line.told_heard = record.mono
    return [Heard(line.number)]
