"""Misbehaviour on demand: of the line, and of odd chargers. Pure; what is random comes from a seed."""

from __future__ import annotations

from random import Random

from techtool.simulator.openevse.firmware import CHATTER, Said

QUIRKS: dict[str, str] = {
    "noise": "bytes that are no text before and after everything that it says",
    "bit-flips": "one bit of every fourth line is wrong",
    "wrong-speed": "what it says arrives as at a wrong speed: no byte is right",
    "chatter": "text of the firmware between a command and its answer",
    "silent": "hears and does everything, and says nothing",
    "late-answers": "answers 1.5 s late; news come at once",
    "echo": "gives back what it is sent, as after $FF E 1",
    "split": "says everything byte by byte",
    "merged": "says $AT in one breath with every answer",
    "no-sequence": "old firmware: takes a sequence id for an argument and does not repeat it",
    "reboots": "resets itself in the middle of every twentieth answer",
    "flood": "fills the line with text without an end",
}
"""Name and what it does, one line each, for ``--help``."""

LATE_S = 1.5
SPLIT_S = 0.003
"""From byte to byte."""
FLIPPED = 4
"""Lines from one wrong bit to the next."""
ANSWERS_TO_REBOOT = 20
FLOOD = b"y" * 4096
"""In each turn of the firmware: nine times what 115200 Bd can carry."""


class Line:
    """The cable, on the way from the charger."""

    def __init__(self, quirks: frozenset[str], seed: int | None) -> None:
        self._quirks = quirks
        self._random = Random(seed)
        self._lines = 0
        self._free = 0.0
        self._state = b""

    def carry(self, now: float, said: Said) -> list[tuple[float, bytes]]:
        """What of it arrives, and when."""
        if said.data.startswith(b"$AT"):
            self._state = said.data
        if "silent" in self._quirks:
            return []
        data = self._spoilt(said)
        at = now + LATE_S if said.answers and "late-answers" in self._quirks else now
        if "split" not in self._quirks:
            return [(at, data)]
        at = max(at, self._free)
        self._free = at + SPLIT_S * len(data)
        return [(at + SPLIT_S * place, data[place : place + 1]) for place in range(len(data))]

    def _spoilt(self, said: Said) -> bytes:
        data = said.data
        if said.answers and "merged" in self._quirks:
            data = data + self._state
        if said.answers and "chatter" in self._quirks:
            data = b"".join(CHATTER) + data
        if "bit-flips" in self._quirks:
            data = self._flipped(data)
        if "noise" in self._quirks:
            data = self._noise() + data + self._noise()
        if "wrong-speed" in self._quirks:
            data = bytes(self._random.randrange(0x80, 0x100) for _ in data)
        return data

    def _flipped(self, data: bytes) -> bytes:
        self._lines += 1
        if self._lines % FLIPPED:
            return data
        place = self._random.randrange(len(data))
        return data[:place] + bytes([data[place] ^ 1 << self._random.randrange(8)]) + data[place + 1 :]

    def _noise(self) -> bytes:
        return bytes(self._random.randrange(0x80, 0x100) for _ in range(self._random.randrange(1, 9)))
