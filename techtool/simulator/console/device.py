"""A console, when it talks by itself, and what can be done to it. Pure."""

from __future__ import annotations

from techtool.simulator.console.console import Console
from techtool.simulator.console.menu import Menu
from techtool.simulator.console.shell import Shell
from techtool.simulator.effects import Report
from techtool.simulator.serviceport.device import Device, Effect, Say
from techtool.simulator.serviceport.script import CAR, Command, Form, switch

CHAT_S = 0.4
"""How often a talkative one says something."""
CONSOLES: dict[str, type[Console]] = {"smartevse": Menu, "zephyr": Shell}
"""What there is, by the name that a person types."""
FORMS = {
    "chatter": Form("chatter on|off", (switch,)),
    "chat": Form("chat"),
    "car": CAR,
    "reboot": Form("reboot"),
    "silent": Form("silent on|off", (switch,)),
    "garble": Form("garble on|off", (switch,)),
    "stubborn": Form("stubborn on|off", (switch,)),
}
"""What can be done to it."""


class ConsoleDevice(Device):
    """One console under its clock."""

    forms = FORMS

    def __init__(self, console: Console) -> None:
        self.console = console
        self._chats_at = float("inf")

    def due(self) -> float:
        """When it says something unasked."""
        return self._chats_at

    def tick(self, now: float) -> list[Effect]:
        """Time passes."""
        if now < self._chats_at:
            return []
        self._chats_at = now + CHAT_S
        return _said(self.console.chat())

    def received(self, now: float, data: bytes) -> list[Effect]:
        """Keys."""
        return [Report("received", repr(data)[1:]), *_said(self.console.received(data))]

    def do(self, now: float, command: Command) -> list[Effect]:
        """One of :data:`FORMS`."""
        console = self.console
        match command:
            case Command("chatter", (bool(on),)):
                console.chatty = on
                self._chats_at = now + CHAT_S if on else float("inf")
            case Command("chat"):
                return _said(console.unasked(console.chatters[0]))
            case Command("silent", (bool(on),)):
                console.silent = on
            case Command("garble", (bool(on),)):
                console.garbled = on
            case Command("reboot"):
                return _said(console.reboot())
            case Command("car", (str(car),)) if isinstance(console, Menu):
                console.car = car
            case Command("stubborn", (bool(on),)) if isinstance(console, Menu):
                console.stubborn = on
            case _:
                return [Report("problem", f"Only the smartevse knows {command.name}.")]
        return []


def _said(data: bytes) -> list[Effect]:
    return [Say(data)] if data else []
