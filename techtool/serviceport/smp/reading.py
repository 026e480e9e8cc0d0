"""SMP frames, turned into changes of the station. Pure, and the same live and in a replay.

SMP knows no connectors: what it tells is what software runs, and what the next start will bring.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from enum import Enum

from smp.image_management import ImageState
from smp.os_management import OSApplicationInfoReadResponse

from techtool.serviceport.profiles.patterns import plain
from techtool.serviceport.smp import cbor, slots
from techtool.serviceport.smp.answers import Answer, Told, Unreadable, answer_of
from techtool.serviceport.smp.asks import ask_of
from techtool.serviceport.smp.driver import BANNER
from techtool.serviceport.smp.framing import unwrap
from techtool.serviceport.smp.messages import Message, message_of
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.schedule import PLATFORM
from techtool.station.changes import Booted, Change, Described, Found, Said
from techtool.station.findings import Code, Severity
from techtool.station.model import Make
from techtool.station.records import Direction, Kind, Record
from techtool.text import safe

NAME = "SMP device (MCUmgr)"
"""What it is called until it tells its board."""
SAID = 4_000
"""Characters of a line that is told."""
_BOARD = 60
_REMEMBERED = 40
"""Requests that are over and may still be answered."""
_KEPT = 50
"""Changes from before it was known who says it."""
_RESET = (0, 5)


_RESET_S = 15
"""A device that was told to start anew does so within this time, if it does."""


class _Start(Enum):
    """Where the device is between a reset, or the first word of a start, and its first answer."""

    RUNS = "runs"
    TOLD_TO = "told to start anew"
    SILENT = "silent since it was told"
    STARTS = "says that it starts"


class Reader:
    """Reads the records of one opening of a port in their order."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Message] = OrderedDict()
        self._given_up: set[str] = set()
        self._linked = False
        self._before: list[Change] = []
        self._start = _Start.RUNS
        self._told_at = 0
        self._make = Make(model=NAME)
        self._fate: str | None = None

    def linked(self) -> list[Change]:
        """The device has answered for the first time."""
        self._linked = True
        before, self._before = self._before, []
        return [Described(self._make), *before]

    def read(self, record: Record, at: datetime) -> list[Change]:
        """What a frame, a text or a time-out means."""
        changes = self._read(record)
        if self._linked:
            return changes
        self._before = [*self._before, *changes][-_KEPT:]
        return []

    def _read(self, record: Record) -> list[Change]:
        match record.kind:
            case Kind.TIMEOUT:
                return self._timeout(record)
            case Kind.CHATTER:
                return self._said(record.data)
            case Kind.ECHO:
                return []
        packet = unwrap(record.data)
        message = message_of(packet) if packet is not None else None
        if message is None:
            return []  # a damaged file
        if record.direction is Direction.LAPTOP:
            self._asks(message)
            return []
        return self._answered(message, record)

    def _asks(self, message: Message) -> None:
        self._given_up.discard(message.id)
        self._asked[message.id] = message
        self._asked.move_to_end(message.id)
        while len(self._asked) > _REMEMBERED:
            self._given_up.discard(self._asked.popitem(last=False)[0])

    def _timeout(self, record: Record) -> list[Change]:
        self._given_up.add(str(record.note.get("id")))
        if self._start is _Start.TOLD_TO and record.mono - self._told_at < _RESET_S * 1_000_000_000:
            self._start = _Start.SILENT
        if self._start in (_Start.SILENT, _Start.STARTS):
            return []  # nobody can answer meanwhile
        name = safe(str(record.note.get("action", "?")), 60)
        return [Found(Code.NO_ANSWER, f"No answer to the {name}.", name)]

    def _said(self, data: bytes) -> list[Change]:
        text = plain(data.decode("utf-8", "replace")).strip("\0 ")
        said: list[Change] = [Said(safe(text, SAID))] if text else []
        if not BANNER.search(data):
            return said
        before, self._start = self._start, _Start.STARTS
        # the boot loader says so, and then the application: that is one start
        return said if before is _Start.STARTS else [*said, Booted(self._make, None, triggered=False)]

    def _answered(self, message: Message, record: Record) -> list[Change]:
        asked = self._asked.get(message.id)
        if asked is None or asked.writes is not message.writes or message.id in self._given_up:
            text = "An answer came when nobody waited for it any more: the device is slower than it should be."
            return [Found(Code.LATE_ANSWER, text)]
        changes: list[Change] = []
        if self._start is _Start.SILENT:
            changes.append(Booted(self._make, None, triggered=False))
        if self._start is not _Start.TOLD_TO:  # it may answer until it does
            self._start = _Start.RUNS
        answer = answer_of(message)
        if (message.group, message.command) == _RESET and isinstance(answer, Told):
            self._start, self._told_at = _Start.TOLD_TO, record.mono
        return [*changes, *self._told(asked, answer)]

    def _told(self, asked: Message, answer: Answer) -> list[Change]:
        ask = ask_of(asked)
        words = ask.words if ask is not None else "?"
        if isinstance(answer, Unreadable):
            return [Found(Code.ERROR_ANSWER, f"The answer to the {words} cannot be read.", words)]
        if isinstance(answer, Refusal):
            text = f"The {words} was refused: {answer.words}."
            return [Found(Code.ERROR_ANSWER, text, words, Severity.INFO)]
        images = slots.images_in(answer)
        if images is not None:
            return self._slots(images)
        return self._board(asked, answer)

    def _slots(self, images: tuple[ImageState, ...]) -> list[Change]:
        changes: list[Change] = []
        active = slots.running(images)
        if active is not None and self._make.firmware != slots.version_of(active):
            self._make = self._make._replace(firmware=slots.version_of(active))
            changes.append(Described(Make(firmware=self._make.firmware)))
        before, self._fate = self._fate, slots.fate(images)
        if self._fate is not None and self._fate != before:
            changes.append(Found(Code.CHARGER_EVENT, self._fate, "image", Severity.INFO))
        return changes

    def _board(self, asked: Message, answer: Told) -> list[Change]:
        told = answer.structure
        if not isinstance(told, OSApplicationInfoReadResponse) or not told.output.strip():
            return []
        if (cbor.map_of(asked.body) or {}).get("format") != PLATFORM:
            return []
        self._make = self._make._replace(model=safe(told.output.strip(), _BOARD))
        return [Described(Make(model=self._make.model))]
