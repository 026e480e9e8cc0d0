"""What the charger wants to send: in order, one CALL at a time, transaction messages kept while offline."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from techtool.csms.frames import MessageId

Payload = dict[str, Any]


def _nothing(_: Any) -> None:
    return None


@dataclass(slots=True, eq=False)
class Message:
    """One CALL to come. ``build`` is asked when it goes out, for what is not known before (a transaction id)."""

    action: str
    build: Callable[[], Payload]
    on_result: Callable[[Payload], None] = _nothing
    on_failure: Callable[[str], None] = _nothing
    """With the code of the CALLERROR, ``timeout`` or ``offline``."""
    kept: bool = False
    """A transaction message: outlives the connection, keeps its place among its like, is tried again."""
    early: bool = False
    """May go out before the boot is accepted."""
    id: MessageId | None = None
    """The message id, where it is chosen before it goes out."""
    attempts: int = 0
    not_before: float = 0.0


class Outbox:
    """The queue."""

    def __init__(self) -> None:
        self._queue: deque[Message] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, message: Message) -> None:
        """Last in the queue."""
        self._queue.append(message)

    def back(self, message: Message) -> None:
        """First in the queue: it was taken, and did not get through."""
        self._queue.appendleft(message)

    def has(self, action: str) -> bool:
        """Whether a message of this action waits."""
        return any(message.action == action for message in self._queue)

    def has_kept(self) -> bool:
        """Whether transaction messages wait."""
        return any(message.kept for message in self._queue)

    def take(self, now: float, accepted: bool) -> Message | None:
        """The next that may go out now."""
        blocked = False
        for message in self._queue:
            if message.kept and (blocked or message.not_before > now):
                blocked = True
                continue
            if accepted or message.early:
                self._queue.remove(message)
                return message
        return None

    def lose(self) -> list[Message]:
        """Drop and return what does not outlive a connection."""
        lost = [message for message in self._queue if not message.kept]
        self._queue = deque(message for message in self._queue if message.kept)
        return lost

    def double(self, next_id: Callable[[], MessageId] | None = None) -> None:
        """Every message twice in a row; the second one's answer is of no interest.

        With ``next_id`` both have the same id, else each its own.
        """
        doubled: deque[Message] = deque()
        for message in self._queue:
            if next_id is not None:
                message.id = next_id()
            doubled += message, Message(message.action, message.build, kept=message.kept, id=message.id)
        self._queue = doubled
