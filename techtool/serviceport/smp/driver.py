"""What the laptop says to an SMP device: what the technician wants, and in between the questions that keep the
picture fresh. Pure.

Feed it what came and the time; take from it what to do. Times are monotonic seconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from smp.image_management import ImageState

from techtool.serviceport.effects import Linked, Rebooted, Send, TimedOut
from techtool.serviceport.smp import slots
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Dialogue, Ended, Ending
from techtool.serviceport.smp.framing import Framer, Piece, Sort, wrap
from techtool.serviceport.smp.messages import message_of, packet_of
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.schedule import Job, Schedule

BOOT_S = 1.0
"""A device that starts is left alone for so long."""
BANNER = re.compile(rb"\*\*\* Booting ")
"""MCUboot says so, and then Zephyr."""


class Came(NamedTuple):
    """Bytes came; keep them."""

    piece: Piece
    echo: bool = False
    """It is our own request, given back."""


Effect = Came | Send | Linked | Rebooted | TimedOut | Ended


class Driver:
    """The laptop's end of one line, from the opening of the port to its loss."""

    def __init__(self, now: float) -> None:
        self._framer = Framer()
        self._dialogue = Dialogue(now)
        self._schedule = Schedule(now)
        self._asked: dict[int, Job] = {}
        self._effects: list[Effect] = []
        self._linked = False
        self.images: Sequence[ImageState] = ()
        """What the device said last of its slots."""
        self.heard: set[Sort] = set()
        self.heard_echo = False
        """What came that was no answer, for the advice to one who waits."""
        self.tick(now)

    @property
    def surveyed(self) -> bool:
        """Everything that the device tells of itself has been asked for once."""
        return self._schedule.surveyed

    @property
    def late(self) -> int:
        """Answers so far that came when nobody waited for them any more."""
        return self._dialogue.late

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due."""
        deadline = self._dialogue.deadline
        if deadline is not None:
            return deadline
        due = self._schedule.due
        return max(due, self._dialogue.free_at) if due is not None else float("inf")

    def call(self, ask: Ask, now: float, timeout: float | None = None) -> int:
        """Queue a request of the technician; it ends as an :class:`Ended` with this number."""
        number = self._dialogue.call(ask, now, timeout)
        self._go_on(now)
        return number

    def cancel(self, number: int) -> None:
        """Nobody waits for this request any more."""
        self._dialogue.cancel(number)

    def hear(self, data: bytes, now: float) -> None:
        """These bytes came."""
        self._take(self._framer.feed(data), now)
        self._go_on(now)

    def quiet(self, now: float) -> None:
        """Nothing more came for a while; what may yet become an answer is kept while one is waited for."""
        self._take(self._framer.flush() if self._dialogue.idle else self._framer.still(), now)

    def tick(self, now: float) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        if (ended := self._dialogue.tick(now)) is not None:
            self._over(ended, now)
        self._go_on(now)

    def closed(self, now: float) -> None:
        """The port is gone: everything that is open ends."""
        self._take(self._framer.flush(), now)
        for ended in self._dialogue.closed(now):
            self._over(ended, now)

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    def _go_on(self, now: float) -> None:
        """The technician's requests first; a question of ours only when the line is free."""
        if self._dialogue.idle and now >= self._dialogue.free_at and (job := self._schedule.next(now)) is not None:
            self._asked[self._dialogue.call(job.ask, now)] = job
        if (message := self._dialogue.next(now)) is not None:
            self._effects.append(Send(wrap(packet_of(message))))

    def _take(self, pieces: list[Piece], now: float) -> None:
        for piece in pieces:
            message = message_of(piece.packet) if piece.sort is Sort.FRAME else None
            if piece.sort is Sort.FRAME and message is None:
                piece = Piece(Sort.NOISE, piece.data)
            echo = message is not None and not message.answers
            self.heard.add(piece.sort)
            self.heard_echo = self.heard_echo or echo
            if message is not None and not echo and not self._linked:
                self._linked = True
                self._effects.append(Linked())
            self._effects.append(Came(piece, echo))
            if message is not None and not echo and (ended := self._dialogue.heard(message, now)) is not None:
                self._over(ended, now)
            elif piece.sort is Sort.CHATTER and BANNER.search(piece.data):
                self._booted(now)

    def _booted(self, now: float) -> None:
        self._effects.append(Rebooted())
        self._schedule.restart(now + BOOT_S)
        if (ended := self._dialogue.rebooted(now + BOOT_S, now)) is not None:
            self._over(ended, now)

    def _over(self, ended: Ended, now: float) -> None:
        if (images := slots.images_in(ended.answer)) is not None:
            self.images = images
        if ended.ending is Ending.TIMED_OUT:
            note = {"id": ended.id, "action": ended.ask.words, "seconds": round(ended.seconds, 3)}
            self._effects.append(TimedOut(json.dumps(note).encode()))
        job = self._asked.pop(ended.number, None)
        if job is None:
            self._effects.append(ended)
        elif ended.ending in (Ending.ANSWERED, Ending.REFUSED):
            refusal = ended.answer if isinstance(ended.answer, Refusal) else None
            self._schedule.answered(job, refusal, now)
        elif ended.ending is Ending.TIMED_OUT:
            self._schedule.unanswered(job, now)
