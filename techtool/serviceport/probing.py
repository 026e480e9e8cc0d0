"""What is at a service port: listen, then ask; never write. Pure.

Nothing is asked that a device recognized by its own words would take amiss: a key stops U-Boot, and a login prompt
takes every line for a name. Source: SERIAL.md 4.3. Times are monotonic seconds.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame, encode, may_answer
from techtool.serviceport.rapi.impression import HALF_OPEN
from techtool.serviceport.traits import Trait, frames, garbled, proofs, traits

LISTEN_S = 1.5
ANSWER_S = 0.3
PROVED = 100
"""A checksum has."""
HEARD_MOST = 65_536
"""Bytes that are kept, half of them the first and half the last: what lies between is only looked through for what
a checksum proves."""
LONGEST = 256
"""Of a frame that may come in two pieces."""
_GV = Frame("GV", sequence="01")
SILENT = (
    "Nothing came, and nothing was answered: is the device on and awake, are RX and TX crossed, is ground joined, "
    "is the speed right?"
)
ECHO = (
    "Only what was sent came back: RX and TX are joined, an RS-485 adapter hears itself, or the device echoes "
    "what is typed."
)


class Question(NamedTuple):
    """Something that changes nothing."""

    name: str
    data: bytes
    fits: frozenset[str]
    """It is asked where one of these is likely, or nothing is."""


def _smp_echo() -> bytes:
    """SMP's echo: operation 2, group 0, id 0, with CBOR ``{"d": "hi"}``; framed as on a serial line."""
    body = b"\xa1\x61d\x62hi"
    packet = bytes((2, 0, 0, len(body), 0, 0, 1, 0)) + body
    packet += binascii.crc_hqx(packet, 0).to_bytes(2, "big")
    return b"\x06\x09" + base64.b64encode(len(packet).to_bytes(2, "big") + packet) + b"\n"


QUESTIONS = (
    Question("RAPI's $GV", encode(_GV), frozenset({"openevse"})),
    Question("SMP's echo", _smp_echo(), frozenset({"smp", "console"})),
    Question("a carriage return", b"\r", frozenset({"console"})),
)


class Probed(NamedTuple):
    """What was found."""

    candidates: tuple[Trait, ...]
    """The likeliest first."""
    asked: tuple[str, ...]
    heard: int
    """Bytes."""
    advice: str | None
    """What to do where nothing, or nothing certain, was found."""
    deaf: bool = False
    """It talks by itself, and answered nothing."""

    @property
    def likeliest(self) -> Trait | None:
        """What it is; None where two are as likely, or nothing was found."""
        if not self.candidates:
            return None
        first, *rest = self.candidates
        return None if any(one.sure == first.sure for one in rest) else first


class Probe:
    """One look at a port, from its opening on."""

    def __init__(self, now: float) -> None:
        self.deadline = now + LISTEN_S
        """When :meth:`tick` is due."""
        self.over = False
        self._count = 0
        self._first = self._last = b""
        self._proofs: dict[str, bytes] = {}
        self._asked: list[Question] = []
        self._echoed = self._answered = False

    def heard(self, data: bytes) -> None:
        """Bytes came."""
        window = (self._first[-LONGEST:] + self._last)[-LONGEST:] + data
        self._proofs = proofs(window) | self._proofs
        if self._asked and (sent := self._asked[-1].data.strip()):
            self._echoed = self._echoed or sent in window
            self._answered = self._answered or any(_answers(frame) for frame, _ in frames(window))
        room = HEARD_MOST // 2 - len(self._first)
        self._first += data[:room]
        self._last = (self._last + data[room:])[-HEARD_MOST // 2 :]
        self._count += len(data)

    def tick(self, now: float) -> bytes | None:
        """It is time: the next question, None while there is none to be sent."""
        if self.over or now < self.deadline:
            return None
        question = self._next(traits(self._kept))
        if question is None:
            self.over = True
            return None
        self._asked.append(question)
        self.deadline = now + ANSWER_S
        return question.data

    def _next(self, found: Sequence[Trait]) -> Question | None:
        if any(one.quiet for one in found):
            return None
        if self._deaf and len(self._asked) == 1:
            return QUESTIONS[0]  # while it switches its relay it hears nothing
        if self._asked and any(one.sure >= PROVED for one in found):
            return None
        likely = {one.protocol for one in found}
        fitting = (one for one in QUESTIONS if one not in self._asked and (not likely or one.fits & likely))
        return next(fitting, None)

    @property
    def result(self) -> Probed:
        """What is known so far."""
        heard = self._kept
        found = tuple(traits(heard))
        asked = tuple(one.name for one in self._asked)
        return Probed(found, asked, self._count, self._advice(heard, found), self._deaf)

    @property
    def _kept(self) -> bytes:
        if self._count <= HEARD_MOST:
            return self._first + self._last
        between = [one for one in self._proofs.values() if one not in self._first and one not in self._last]
        return b"\r\n".join((self._first, *between, self._last))

    @property
    def _deaf(self) -> bool:
        """An OpenEVSE that was asked, and only talks by itself, or to a WiFi module on the same line."""
        return bool(self._asked) and not self._answered and any(one[0] == "$" for one in self._proofs)

    def _advice(self, heard: bytes, found: Sequence[Trait]) -> str | None:
        if not heard:
            return SILENT
        if any(one.quiet for one in found):
            return (
                "It was not spoken to any more: a key would stop a boot, a login takes every line for a name, "
                "and a question for its answer."
            )
        if self._deaf:
            return HALF_OPEN
        if any(one.sure >= PROVED for one in found):
            return None
        if garbled(heard):
            return (
                "Bytes came, but no words and no whole frame: wrong speed? Try 9600, 19200, 38400 or 57600 baud."
            )
        if self._echoed and not found:
            return ECHO
        return None if found else "It says something, but nothing that techtool knows."


def _answers(frame: Frame) -> bool:
    """Whether this is to our ``$GV``: an old charger leaves the sequence id out."""
    return (
        frame.name in ("OK", "NK")
        and may_answer(_GV, frame)
        and (frame.name == "OK" or frame.sequence is not None)
    )
