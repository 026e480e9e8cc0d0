"""An MCUmgr server: requests in, answers out. Pure.

Source: docs.zephyrproject.org, "SMP Protocol Specification": what it does not have is answered with the common
code 8; errors of a group stand in ``err`` for clients of SMP 2, and are common codes for those of SMP 1.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import cbor2

from techtool.simulator.smp import groups
from techtool.simulator.smp.faults import INVALID, NOT_SUPPORTED, Fault
from techtool.simulator.smp.flash import Flash

HEADER = struct.Struct("!BBHHBB")
Handler = Callable[[dict[str, Any]], dict[str, Any]]
_READ, _WRITE = False, True


class Server:
    """One controller; what it does is the same with and without power, but for what it loses."""

    def __init__(self, buffer: int = 384, count: int = 4, running: bytes | None = None) -> None:
        """``buffer``: bytes of a packet that it takes, with length and CRC; ``running``: what it starts with."""
        self.flash = Flash(running)
        self.settings = groups.Settings()
        self.statistics = groups.Statistics()
        self.lacks: set[int] = set()
        """Groups that are not in its firmware."""
        self.old = False
        """It knows SMP 1 alone, and says rc 0 with everything that went well."""
        self.resets = False
        """It has been told to start anew."""
        self.asked: list[tuple[bool, int, int]] = []
        """Write, group and command of what it was asked."""
        self._buffer, self._count = buffer, count
        self._handlers: dict[tuple[bool, int, int], Handler] = {
            (_WRITE, 0, 0): lambda request: {"r": _text(request.get("d"))},
            (_WRITE, 0, 5): self._reset,
            (_READ, 0, 6): lambda request: {"buf_size": self._buffer, "buf_count": self._count},
            (_READ, 0, 7): groups.info,
            (_READ, 0, 8): groups.bootloader,
            (_READ, 1, 0): lambda request: {"images": self.flash.listed(), "splitStatus": 0},
            (_WRITE, 1, 0): self._mark,
            (_WRITE, 1, 1): self.flash.upload,
            (_WRITE, 1, 5): self._erase,
            (_READ, 2, 0): self.statistics.read,
            (_READ, 2, 1): self.statistics.listed,
            (_READ, 3, 0): self.settings.read,
            (_WRITE, 3, 0): self.settings.write,
            (_WRITE, 3, 1): self.settings.delete,
            (_WRITE, 3, 2): lambda request: {},
            (_READ, 3, 3): self.settings.load,
            (_WRITE, 3, 3): self.settings.save,
            (_WRITE, 9, 0): groups.shell,
        }

    def answer(self, packet: bytes) -> bytes:
        """What it says to a message; nothing to what is too long for its buffer, or is no request."""
        if len(packet) > self._buffer - 4 or len(packet) < HEADER.size:
            return b""
        first, _, length, group, sequence, command = HEADER.unpack(packet[: HEADER.size])
        operation, version = first & 7, 0 if self.old else first >> 3 & 3
        if operation not in (0, 2) or length != len(packet) - HEADER.size:
            return b""
        writes = operation == 2
        self.asked.append((writes, group, command))
        self.statistics.groups["smp"]["requests"] += 1
        try:
            told = self._handled(writes, group, command, packet[HEADER.size :])
            told = {**told, "rc": 0} if self.old else told
        except Fault as fault:
            told = fault.answer(version)
        body = cbor2.dumps(told)
        return HEADER.pack(version << 3 | operation + 1, 0, len(body), group, sequence, command) + body

    def start(self) -> None:
        """It starts anew."""
        self.resets = False
        self.flash.start()
        self.settings.load({})

    def _handled(self, writes: bool, group: int, command: int, body: bytes) -> dict[str, Any]:
        handler = self._handlers.get((writes, group, command))
        if handler is None or group in self.lacks:
            raise Fault(NOT_SUPPORTED)
        try:
            request = cbor2.loads(body)
        except cbor2.CBORError:
            raise Fault(INVALID) from None
        if not isinstance(request, dict):
            raise Fault(INVALID)
        return handler(request)

    def _reset(self, request: dict[str, Any]) -> dict[str, Any]:
        self.resets = True
        return {}

    def _mark(self, request: dict[str, Any]) -> dict[str, Any]:
        hash = request.get("hash")
        self.flash.mark(hash if isinstance(hash, bytes) else None, confirm=bool(request.get("confirm")))
        return {"images": self.flash.listed()}

    def _erase(self, request: dict[str, Any]) -> dict[str, Any]:
        slot = request.get("slot", 1)
        if not isinstance(slot, int):
            raise Fault(INVALID)
        self.flash.erase(slot)
        return {}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(INVALID)
    return value
