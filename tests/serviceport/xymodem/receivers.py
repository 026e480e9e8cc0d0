"""A receiver of XMODEM and YMODEM as strict as the protocol allows, on a clock that the test turns.

It shares no code with the sender: the CRC is counted bit by bit, the blocks are cut by hand.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from itertools import chain, repeat

from techtool.serviceport.xymodem.outcome import Ended
from techtool.serviceport.xymodem.sender import Sender

LETTER_S, BLOCK_S, BYTE_S, PURGE_S = 3.0, 10.0, 1.0, 0.1
TRIES = 10
BYTES_PER_S = 11_520


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


class Receiver:
    """Takes one transfer. ``done`` is its own opinion of whether it has everything."""

    def __init__(self, batch: bool = True, letter: bytes = b"C", naks_end: bool = False) -> None:
        self.files: dict[str, bytes] = {}
        self.done = self.gave_up = False
        self.out = b""
        self.deadline = 0.0
        self._batch, self._letter, self._naks_end = batch, letter, naks_end
        self._held = b""
        self._name, self._size = "", 0
        self._written = bytearray()
        self._expected = 0 if batch else 1
        self._begun = self._purging = False
        self._tries = 0

    def heard(self, data: bytes, now: float) -> None:
        if self.gave_up:
            return
        if self._purging:
            self.deadline = now + PURGE_S
            return
        self._held += data
        while self._held and self._piece(now):
            pass
        if self._held:
            self.deadline = now + BYTE_S

    def tick(self, now: float) -> None:
        """Nothing more came until the deadline."""
        if self.done or self.gave_up:
            self.deadline = float("inf")
            return
        self._tries += 1
        if self._tries > TRIES:
            self._give_up()
        elif self._purging or self._held or self._begun:
            self._purging, self._held = False, b""
            self._say(b"\x15", now)
        else:
            self._say(self._letter, now)

    def _piece(self, now: float) -> bool:
        first = self._held[0]
        if self._held[:2] == b"\x18\x18":
            self._give_up()
        elif first == 0x04:
            self._held = self._held[1:]
            self._end(now)
        elif first in (1, 2):
            size = 128 if first == 1 else 1024
            check = 2 if self._letter == b"C" else 1
            if len(self._held) < 3 + size + check:
                return False
            whole, self._held = self._held[: 3 + size + check], self._held[3 + size + check :]
            carried = whole[3 : 3 + size]
            wanted = crc(carried) if check == 2 else sum(carried) & 0xFF
            if whole[1] ^ whole[2] != 0xFF or int.from_bytes(whole[3 + size :], "big") != wanted:
                self._purge(now)
            else:
                self._block(whole[1], carried, now)
        elif self._held != b"\x18":
            self._purge(now)
        else:
            return False
        return True

    def _block(self, number: int, carried: bytes, now: float) -> None:
        self._tries = 0
        if self.done or (number == (self._expected - 1) & 0xFF and self._expected):
            self._say(b"\x06", now)
        elif number != self._expected & 0xFF:
            self._give_up()
        elif self._expected == 0:
            self._header(carried, now)
        else:
            self._begun = True
            self._written += carried
            self._expected += 1
            self._say(b"\x06", now)

    def _header(self, carried: bytes, now: float) -> None:
        name, _, told = carried.partition(b"\0")
        if not name:
            self.done = True
            self._say(b"\x06", now)
            return
        self._name, self._size = name.decode(), int(told.split(b"\0")[0].split(b" ")[0])
        self._written.clear()
        self._expected, self._begun = 1, False
        self._say(b"\x06" + self._letter, now)

    def _end(self, now: float) -> None:
        if self._naks_end:
            self._naks_end = False
            self._say(b"\x15", now)
        elif self._batch and self._expected == 0:
            self._say(b"\x06" + self._letter, now)  # our answer was lost
        elif self._batch and len(self._written) < self._size:
            self._give_up()
        elif self._batch:
            self.files[self._name] = bytes(self._written[: self._size])
            self._expected, self._begun = 0, False
            self._say(b"\x06" + self._letter, now)
        else:
            self.files[""] = bytes(self._written)
            self.done = True
            self._say(b"\x06", now)

    def _purge(self, now: float) -> None:
        self._purging, self._held = True, b""
        self.deadline = now + PURGE_S

    def _say(self, data: bytes, now: float) -> None:
        self.out += data
        self.deadline = now + (BLOCK_S if self._begun else LETTER_S)

    def _give_up(self) -> None:
        self.gave_up, self._held = True, b""
        self.deadline = float("inf")
        self.out += b"\x18\x18"


Fault = Callable[[bytes], list[bytes]]


def _fine(data: bytes) -> list[bytes]:
    return [data]


def run(sender: Sender, receiver: Receiver, faults: Iterable[Fault] = (), limit: int = 100_000) -> Ended:
    """Both on one line of 115,200 baud; a fault for each thing that is said, none after the last of them."""
    wire = chain(faults, repeat(_fine))
    flying: list[tuple[float, int, bool, bytes]] = []
    now, count = 0.0, 0
    for _ in range(limit):
        for ours, said in ((True, sender.take()), (False, receiver.out)):
            at = now + 0.001
            for data in next(wire)(said) if said else []:
                at += len(data) / BYTES_PER_S
                count += 1
                heapq.heappush(flying, (at, count, ours, data))
        receiver.out = b""
        if sender.ended is not None and not flying:
            return sender.ended
        arrives = flying[0][0] if flying else float("inf")
        until = sender.deadline if sender.running else float("inf")
        now = max(now, min(arrives, until, receiver.deadline))
        if now == arrives:
            _, _, ours, data = heapq.heappop(flying)
            (receiver if ours else sender).heard(data, now)
        elif now >= receiver.deadline:
            receiver.tick(now)
        else:
            sender.tick(now)
    raise AssertionError("it does not end")
