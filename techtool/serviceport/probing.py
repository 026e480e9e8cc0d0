"""What is at a service port: listen, then ask; never write. Pure.

Nothing is asked that a device recognized by its own words would take amiss: a key stops U-Boot, and a login prompt
takes every line for a name. Source: SERIAL.md 4.3. Times are monotonic seconds.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

from techtool.serviceport.rapi.frames import Frame, encode
from techtool.serviceport.traits import Trait, garbled, traits

LISTEN_S = 1.5
ANSWER_S = 0.3
PROVED = 100
"""A checksum has."""
HEARD_MOST = 65_536
"""Bytes that are looked at; the rest of a flood says nothing new."""
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
    Question("RAPI's $GV", encode(Frame("GV", sequence="01")), frozenset({"openevse"})),
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
        self._heard = bytearray()
        self._asked: list[Question] = []
        self._answer_from = 0
        """Where in what was heard the answer to the last question begins."""
        self._echoed = False

    def heard(self, data: bytes) -> None:
        """Bytes came."""
        self._heard += data[: max(0, HEARD_MOST - len(self._heard))]

    def tick(self, now: float) -> bytes | None:
        """It is time: the next question, None while there is none to be sent."""
        if self.over or now < self.deadline:
            return None
        if self._asked and (sent := self._asked[-1].data.strip()):
            self._echoed = self._echoed or sent in self._heard[self._answer_from :]
        question = self._next(traits(bytes(self._heard)))
        if question is None:
            self.over = True
            return None
        self._asked.append(question)
        self._answer_from = len(self._heard)
        self.deadline = now + ANSWER_S
        return question.data

    def _next(self, found: Sequence[Trait]) -> Question | None:
        proved = self._asked and any(one.sure >= PROVED for one in found)
        if proved or any(one.quiet for one in found):
            return None
        likely = {one.protocol for one in found}
        fitting = (one for one in QUESTIONS if one not in self._asked and (not likely or one.fits & likely))
        return next(fitting, None)

    @property
    def result(self) -> Probed:
        """What is known so far."""
        heard = bytes(self._heard)
        found = tuple(traits(heard))
        asked = tuple(one.name for one in self._asked)
        return Probed(found, asked, len(heard), self._advice(heard, found))

    def _advice(self, heard: bytes, found: Sequence[Trait]) -> str | None:
        if not heard:
            return SILENT
        if any(one.quiet for one in found):
            return (
                "It was not spoken to any more: a key would stop a boot, and a login takes every line for a name."
            )
        if any(one.sure >= PROVED for one in found):
            return None
        if garbled(heard):
            return (
                "Bytes came, but no words and no whole frame: wrong speed? Try 9600, 19200, 38400 or 57600 baud."
            )
        if self._echoed and not found:
            return ECHO
        return None if found else "It says something, but nothing that techtool knows."
