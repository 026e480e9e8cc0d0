"""A controller at a UART under its clock, and what can be done to it. Pure."""

from __future__ import annotations

from techtool.simulator.effects import Report
from techtool.simulator.serviceport.device import Device, Effect, Say, Unplug
from techtool.simulator.serviceport.script import Command, Form, amount, switch, word_of
from techtool.simulator.smp.lines import Receiver, packed
from techtool.simulator.smp.server import HEADER, Server

RESET_S, BOOT_S = 0.25, 0.6
"""It starts anew a moment after it said so, and takes its time."""
BANNER = b"*** Booting MCUboot v2.2.0 ***\r\n*** Booting Zephyr OS build v4.2.0 ***\r\n"
LOG = b"[00:00:01.250,000] \x1b[0m<inf> charger: pilot state B\x1b[0m\r\n"
FORMS = {
    "reboot": Form("reboot"),
    "silent": Form("silent on|off", (switch,)),
    "garble": Form("garble on|off", (switch,)),
    "chat": Form("chat"),
    "old": Form("old on|off", (switch,)),
    "lack": Form("lack GROUP", (word_of("A group"),)),
    "unplug": Form("unplug SECONDS", (amount("Seconds", 0.0, 3600.0),)),
}
"""What can be done to it."""


class SmpDevice(Device):
    """A server that can be slow to start, silent, or on a bad line."""

    forms = FORMS

    def __init__(self, server: Server | None = None, *, banner: bool = True, boot_s: float = BOOT_S) -> None:
        self.server = server or Server()
        self.silent = self.garbled = False
        self.banner, self.boot_s = banner, boot_s
        self._receiver = Receiver()
        self._resets_at = self._up_at = float("inf")

    def due(self) -> float:
        """When it goes down, or is up again."""
        return min(self._resets_at, self._up_at)

    def tick(self, now: float) -> list[Effect]:
        """Time passes."""
        if now >= self._resets_at:
            return self._down(now)
        if now >= self._up_at:
            self._up_at = float("inf")
            self.server.start()
            return self._say(BANNER) if self.banner else []
        return []

    def received(self, now: float, data: bytes) -> list[Effect]:
        """Lines, or parts of some."""
        effects: list[Effect] = []
        for packet in self._receiver.feed(data):
            if self._up_at != float("inf"):
                continue  # nobody is at home
            effects.append(Report("received", _words(packet)))
            if answer := self.server.answer(packet):
                effects += self._say(packed(answer))
        if self.server.resets and self.due() == float("inf"):
            self._resets_at = now + RESET_S
        return effects

    def do(self, now: float, command: Command) -> list[Effect]:
        """One of :data:`FORMS`."""
        match command:
            case Command("reboot"):
                return self._down(now)
            case Command("silent", (bool(on),)):
                self.silent = on
            case Command("garble", (bool(on),)):
                self.garbled = on
            case Command("old", (bool(on),)):
                self.server.old = on
            case Command("lack", (int(group),)):
                self.server.lacks.add(group)
            case Command("chat"):
                return self._say(LOG)
            case Command("unplug", (float(seconds),)):
                return [Unplug(seconds)]
        return []

    def _down(self, now: float) -> list[Effect]:
        self._receiver = Receiver()
        self._resets_at, self._up_at = float("inf"), now + self.boot_s
        return [Report("state", "it starts anew")]

    def _say(self, data: bytes) -> list[Effect]:
        if self.silent:
            return []
        return [Say(bytes(byte | 0x80 for byte in data) if self.garbled else data)]


def _words(packet: bytes) -> str:
    if len(packet) < HEADER.size:
        return f"{len(packet)} bytes that are no message"
    first, _, _, group, sequence, command = HEADER.unpack(packet[: HEADER.size])
    return f"{'write' if first & 2 else 'read'} of command {command} in group {group}, number {sequence}"
