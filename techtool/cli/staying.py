"""What a charger sends while ``techtool call --stay`` stays: a report, or the message that was asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from techtool.cli import documents
from techtool.csms import frames
from techtool.csms.frames import Call, Send, Unreadable
from techtool.masking import mask_broken, mask_payload
from techtool.station.records import Direction, Kind, Record
from techtool.text import decoded, safe
from techtool.timeouts import timeout_at

if TYPE_CHECKING:
    from techtool.picture import Taken
    from techtool.session import Session


class Message(NamedTuple):
    """A message that the charger sent by itself, with its secrets masked."""

    at: datetime
    action: str | None
    """None where the message cannot be read."""
    payload: Any
    """Of a message that cannot be read: its text."""

    @property
    def line(self) -> str:
        """For a person."""
        clock = self.at.astimezone().strftime("%H:%M:%S.%f")[:-3]
        action = safe(self.action, 60) if self.action is not None else "unreadable"
        return f"{clock}  {action:<30}  {json.dumps(self.payload, separators=(',', ':'))}"

    @property
    def document(self) -> dict[str, Any]:
        """For a script."""
        return {"at": documents.time(self.at), "action": self.action, "payload": self.payload}


def message(record: Record) -> Message | None:
    """The message in a record; None for answers, for what the laptop said, and for what is no message."""
    if record.direction is not Direction.CHARGER or record.kind not in (Kind.TEXT, Kind.BINARY):
        return None
    match frames.parse(record.data).frame:
        case Call(_, action, payload) | Send(_, action, payload):
            try:
                return Message(record.time, action, mask_payload(payload))
            except RecursionError:
                return Message(record.time, action, decoded(mask_broken(record.data)))
        case Unreadable():
            return Message(record.time, None, decoded(mask_broken(record.data)))
    return None


class Meanwhile:
    """Keeps what one charger sends from now on, on whatever link: a reset brings it back on another one."""

    def __init__(self, visit: Session, identity: str) -> None:
        self._identity = identity
        self._records: asyncio.Queue[Record] = asyncio.Queue()
        self._unwatch = visit.watch(self._take)

    def _take(self, taken: Taken) -> None:
        if taken.identity == self._identity:
            self._records.put_nowait(taken.record)

    async def messages(self, seconds: float) -> AsyncIterator[Message]:
        """What was kept, and what comes within so many seconds."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                async with timeout_at(end):
                    record = await self._records.get()
            except TimeoutError:
                return
            if (found := message(record)) is not None:
                yield found

    def rest(self) -> Iterator[Message]:
        """What was kept and not told yet, where Ctrl-C has ended the telling."""
        while not self._records.empty():
            if (found := message(self._records.get_nowait())) is not None:
                yield found

    def close(self) -> None:
        """Keep no more."""
        self._unwatch()
