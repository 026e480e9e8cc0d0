"""What the laptop says to a Modbus device: what the technician wants, and in between the reads that keep the
picture fresh. Pure.

Feed it what came and the time; take from it what to do. Times are monotonic seconds.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from techtool.serviceport.effects import Send, TimedOut
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Dialogue, Ended, Ending
from techtool.serviceport.modbus.framing import Piece, Sort
from techtool.serviceport.modbus.schedule import Job, Schedule
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.settings import words_of_order

TIMEOUT_ID = "modbus"
"""Modbus numbers nothing: a time-out belongs to what was sent last."""


class Came(NamedTuple):
    """Bytes came; keep them."""

    piece: Piece


Effect = Came | Send | TimedOut | Ended


class Driver:
    """The laptop's end of one line, from the opening of the port to its loss."""

    def __init__(self, profile: ModbusProfile, unit: int, now: float) -> None:
        self._wire, self._unit = WIRES[profile.transport], unit
        self._dialogue = Dialogue(self._wire, unit, profile.bus, now)
        self._schedule = Schedule(profile, now)
        self._heartbeat = profile.heartbeat
        self._beat_at: float | None = None
        self._beats: set[int] = set()
        self._asked: dict[int, Job] = {}
        self._effects: list[Effect] = []
        self.heard_noise = self.heard_echo = False
        """What came that was no answer, for the advice to one who waits."""
        self.heard_unit: int | None = None
        """Another unit, of which a whole frame came."""
        self.tick(now)

    @property
    def surveyed(self) -> bool:
        """Everything that the device tells of itself has been asked for once."""
        return self._schedule.surveyed

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due."""
        deadline = self._dialogue.deadline
        if deadline is not None:
            return deadline
        times = [at for at in (self._schedule.due, self._beat_at) if at is not None]
        return max(min(times, default=float("inf")), self._dialogue.free_at)

    def control(self, on: bool, now: float) -> None:
        """Take the device under control, or let it go: only in between the profile's heartbeat is sent."""
        self._beat_at = now if on and self._heartbeat is not None else None
        self._go_on(now)

    def call(self, ask: Ask, now: float, timeout: float | None = None) -> int:
        """Queue a request of the technician; it ends as an :class:`Ended` with this number. Raises ValueError."""
        number = self._dialogue.call(ask, now, timeout)
        self._go_on(now)
        return number

    def heard(self, data: bytes, now: float) -> None:
        """These bytes came."""
        self._take(*self._dialogue.feed(data, now), now)
        self._go_on(now)

    def quiet(self, now: float) -> None:
        """Nothing came for a while."""
        self._take(*self._dialogue.flush(now), now)

    def tick(self, now: float) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        self._go_on(now)

    def closed(self, now: float) -> None:
        """The port is gone: everything that is open ends."""
        pieces, lost = self._dialogue.closed(now)
        self._effects += map(Came, pieces)
        self._effects += [one for one in lost if one.number not in self._asked and one.number not in self._beats]

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    def _go_on(self, now: float) -> None:
        while True:
            self._ask(now)
            pieces, ended, send = self._dialogue.tick(now)
            self._take(pieces, ended, now)
            if send is not None:
                self._effects.append(send)
            if send is not None or ended is None:
                return

    def _ask(self, now: float) -> None:
        """The technician's requests first; a read of ours only when the line is free."""
        if not self._dialogue.idle or now < self._dialogue.free_at:
            return
        if self._beat_at is not None and self._beat_at <= now and self._heartbeat is not None:
            order = self._heartbeat
            ask = Ask(order.register.space, order.register.address, order.register.size, words_of_order(order))
            self._beats.add(self._dialogue.call(ask, now))
            self._beat_at = now + (order.every_ms or 0) / 1000
        elif (job := self._schedule.next(now)) is not None:
            self._asked[self._dialogue.call(job.ask, now)] = job

    def _take(self, pieces: list[Piece], ended: Ended | None, now: float) -> None:
        self._effects += map(Came, pieces)
        self.heard_noise = self.heard_noise or any(one.sort is Sort.NOISE for one in pieces)
        self.heard_echo = self.heard_echo or any(one.sort is Sort.ECHO for one in pieces)
        strange = (self._wire.unwrap(one.data) for one in pieces if one.sort is Sort.NOISE)
        units = (one.unit for one in strange if one is not None and one.unit != self._unit)
        self.heard_unit = next(units, self.heard_unit)
        if ended is None:
            return
        if ended.ending is Ending.TIMED_OUT:
            note = {"id": TIMEOUT_ID, "action": ended.ask.words, "seconds": round(ended.seconds, 3)}
            self._effects.append(TimedOut(json.dumps(note).encode()))
        job = self._asked.pop(ended.number, None)
        if job is not None:
            if ended.answer is None:
                self._schedule.unanswered(job, now)
            else:
                self._schedule.answered(job, ended.answer, now)
        elif ended.number in self._beats:
            self._beats.discard(ended.number)
        else:
            self._effects.append(ended)
