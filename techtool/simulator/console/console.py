"""What the simulated consoles do alike: take keys, give them back, and talk in between. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence


class Console(ABC):
    """A device with a console. Bytes in by :meth:`received`; what is to be said comes back."""

    chatters: Sequence[str] = ()
    """What it says unasked, one after the other."""
    most = 255
    """Characters of a line."""

    def __init__(self) -> None:
        self.silent = self.garbled = self.chatty = False
        self._typed = bytearray()
        self._said = 0

    def received(self, data: bytes) -> bytes:
        """These keys were pressed: the echo, and what the lines bring about."""
        said = bytearray()
        for byte in data:
            said += self._key(byte)
        return self._carried(bytes(said))

    def chat(self) -> bytes:
        """Something that nobody asked for, if it is that talkative."""
        if not self.chatty or not self.chatters:
            return b""
        text = self.chatters[self._said % len(self.chatters)]
        self._said += 1
        return self._carried(self.unasked(text))

    def reboot(self) -> bytes:
        """It starts anew: what it says."""
        self._typed.clear()
        return self._carried(self.started())

    @abstractmethod
    def started(self) -> bytes:
        """What it says when it starts; everything is as it is kept."""

    @abstractmethod
    def unasked(self, text: str) -> bytes:
        """A line of its own, between whatever else is there."""

    @abstractmethod
    def entered(self, line: str) -> bytes:
        """A line was typed: what it brings about."""

    def echo(self, byte: int) -> bytes:
        """What a key shows."""
        return bytes((byte,))

    def _key(self, byte: int) -> bytes:
        if byte in (0x0D, 0x0A):
            line, self._typed = self._typed.decode("latin-1"), bytearray()
            return self.echo(byte) + self.entered(line)
        if byte in (0x08, 0x7F):
            del self._typed[-1:]
        elif len(self._typed) < self.most:
            self._typed.append(byte)
        return self.echo(byte)

    def _carried(self, data: bytes) -> bytes:
        if self.silent:
            return b""
        return bytes(byte | 0x80 for byte in data) if self.garbled else data
