"""The firmware's loop: bytes in, answers and news out, with the pauses in which it hears nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from techtool.serviceport.rapi.frames import checksum
from techtool.simulator.openevse.answers import VERSION, Answer, answer
from techtool.simulator.openevse.board import RELAY_PATIENCE_S, TURN_S, Board, Pilot
from techtool.simulator.openevse.memory import Memory
from techtool.simulator.openevse.receiver import Command, Receiver, parse
from techtool.simulator.openevse.street import Street

ROOM = 63
"""Bytes that wait for the next turn; more are lost. This is why several commands at once get few answers."""
CHATTER = (b"\nrelayCloseMs: 100\r\n", b"\nrelayHoldPwm: 255\r\n")
"""What it says of itself before its first frame."""
WATCHDOG_S = 1.5
"""``$FR`` waits so long for the watchdog. It was recorded to answer then, and to be gone for the rest."""
DARK_S = 1.8
"""From a reset to the first word."""


class Said(NamedTuple):
    """One utterance."""

    data: bytes
    answers: bool = False
    """It answers a command; the rest is news and chatter."""


class Firmware:
    """One charger. ``due`` says when :meth:`turn` must be called."""

    def __init__(self, street: Street, now: float, *, ids: bool = True, echo: bool = False) -> None:
        self.street = street
        self.memory = Memory()
        self.board = Board(self.memory, street, now)
        self.due = now
        self._ids = ids
        self._echo = echo
        self._receiver = Receiver()
        self._waiting = bytearray()
        self._deaf = True
        self._next: Callable[[float], list[Said]] = self._boot

    def hear(self, now: float, data: bytes) -> None:
        """Bytes come in. What begins a burst is looked at one turn later."""
        if self._deaf:
            return
        if not self._waiting:
            self.due = max(self.due, now + TURN_S)
        self._waiting += data[: ROOM - len(self._waiting)]

    def turn(self, now: float) -> list[Said]:
        """One turn of the loop, or the end of a pause."""
        return self._next(now)

    def reset(self, now: float) -> None:
        """Lose everything that is not kept without power."""
        self._deaf = True
        self._waiting.clear()
        self._receiver = Receiver()
        self.board = Board(self.memory, self.street, now)
        self._next, self.due = self._boot, now + DARK_S

    def _boot(self, now: float) -> list[Said]:
        self._deaf = False
        self.board.echo = self._echo
        self.board.tell(force=True)
        self._next, self.due = self._tested, now + self.board.power_up_s()
        return [*(Said(text) for text in CHATTER), *self._news()]

    def _tested(self, now: float) -> list[Said]:
        passed = self.board.powered_up(now)
        if not passed:
            self.board.tell(force=True)
        self._next, self.due = self._loop, now + TURN_S
        return [Said(_line(f"AB {self.board.state:02x} {VERSION}")), *self._news()]

    def _loop(self, now: float) -> list[Said]:
        self.due = now + self.board.turn(now)
        said = self._news()
        heard = bytes(self._waiting)
        self._waiting.clear()
        echoed = bytearray()
        for byte in heard:
            if self.board.echo:
                echoed.append(byte)
            line = self._receiver.take(byte)
            if line is None:
                continue
            said += _echo(echoed)
            command = parse(line, ids=self._ids)
            if command is not None and command.name == "FR":
                self._restart(now, command)
                return said
            said += self._answered(command)
        return said + _echo(echoed)

    def _answered(self, command: Command | None) -> list[Said]:
        if command is None:
            return [self._say(Answer(False), None)]
        said = self._say(answer(self.board, command), command.sequence)
        self.board.tell()
        return [said, *self._news()]

    def _restart(self, now: float, command: Command) -> None:
        def restarted(then: float) -> list[Said]:
            said = self._say(Answer(True), command.sequence)
            self.reset(then)
            return [said]

        self.board.pilot = Pilot.STEADY
        self._deaf = True
        self.due = now + WATCHDOG_S + (RELAY_PATIENCE_S if self.board.closed else 0.0)
        self._next = restarted

    def _say(self, given: Answer, sequence: int | None) -> Said:
        words = ["OK" if given.ok else "NK", *([given.text] if given.text else [])]
        if sequence is not None:
            words.append(f":{sequence:02X}")
        return Said(_line(" ".join(words)) + (b"\n" if self.board.echo else b""), answers=True)

    def _news(self) -> list[Said]:
        return [Said(_line(one)) for one in self.board.news()]


def _echo(echoed: bytearray) -> list[Said]:
    said = [Said(bytes(echoed))] if echoed else []
    echoed.clear()
    return said


def _line(text: str) -> bytes:
    body = b"$" + text.encode("latin-1")
    return body + b"^%02X\r" % checksum(body)
