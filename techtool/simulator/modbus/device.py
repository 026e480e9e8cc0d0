"""A box and what can be done to it. Pure."""

from __future__ import annotations

from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.effects import Report
from techtool.simulator.modbus.box import Box
from techtool.simulator.serviceport.device import Device, Effect, Say
from techtool.simulator.serviceport.script import AMPS, CAR, Command, Form, switch, word_of

FORMS = {
    "car": CAR,
    "amps": AMPS,
    "fault": Form("fault"),
    "clear": Form("clear"),
    "silent": Form("silent on|off", (switch,)),
    "echo": Form("echo on|off", (switch,)),
    "set": Form("set ADDRESS VALUE", (word_of("An address"), word_of("A value"))),
}
"""What can be done to it."""


DARK_S = 4.0
"""Of a restart."""


class ModbusDevice(Device):
    """The box of a profile, at a unit of one's own or the profile's."""

    forms = FORMS

    def __init__(self, profile: ModbusProfile, unit: int | None = None) -> None:
        self.box = Box(profile, unit)
        self._dark_until = float("-inf")

    def received(self, now: float, data: bytes) -> list[Effect]:
        """A frame, or a part of one."""
        if now < self._dark_until:
            return []
        effects: list[Effect] = [Report("received", data.hex(" "))]
        before = self.box.restarts
        if said := self.box.received(data):
            effects += [Report("sent", said.hex(" ")), Say(said)]
        if self.box.restarts > before:
            self._dark_until = now + DARK_S
            effects.append(Report("state", f"it starts anew, and hears nothing for {DARK_S:g} s"))
        return effects

    def do(self, now: float, command: Command) -> list[Effect]:
        """One of :data:`FORMS`."""
        box = self.box
        match command:
            case Command("car", (str(car),)):
                box.car = car
            case Command("amps", (float(amps),)):
                box.amps = amps
            case Command("fault" | "clear"):
                box.faulty = command.name == "fault"
            case Command("silent", (bool(on),)):
                box.silent = on
            case Command("echo", (bool(on),)):
                box.echo = on
            case Command("set", (int(address), int(value))):
                return [self._set(address, value)]
        box.measure()
        return []

    def _set(self, address: int, value: int) -> Report:
        memory = self.box.memory
        spaces = [space for space in Space if memory.get(space, address, 1) is not None]
        if not spaces:
            return Report("problem", f"The box has nothing at {address}.")
        for space in spaces:
            memory.put(space, address, [min(value, 1 if space.of_bits else 0xFFFF)])
        return Report("state", f"{', '.join(spaces)} {address} is {value}")
