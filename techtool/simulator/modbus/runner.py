"""The edge: a pseudo terminal around a simulated box."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.effects import Report
from techtool.simulator.modbus.box import Box
from techtool.simulator.modbus.script import USAGE, Command, parse
from techtool.simulator.script import ScriptError
from techtool.simulator.terminals import Device


async def run(
    profile: ModbusProfile,
    link: Path | None = None,
    lines: AsyncIterator[str] | None = None,
    *,
    unit: int | None = None,
    on_device: Callable[[str], None] = lambda name: None,
    on_report: Callable[[Report], None] = lambda report: None,
) -> None:
    """Run one box until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    Raises:
        techtool.simulator.terminals.DeviceError: there can be no such device.
    """
    box, device, loop = Box(profile, unit), Device(link), asyncio.get_running_loop()

    def hear() -> None:
        if data := device.read():
            on_report(Report("received", data.hex(" ")))
            if said := box.received(data):
                on_report(Report("sent", said.hex(" ")))
                device.write(said)

    loop.add_reader(device.fd, hear)
    try:
        on_device(device.name)
        if lines is not None:
            async for line in lines:
                if _typed(box, line, on_report):
                    return
        await asyncio.Event().wait()
    finally:
        loop.remove_reader(device.fd)
        device.close()


def _typed(box: Box, line: str, report: Callable[[Report], None]) -> bool:
    """Do what a line says; whether it ends the box. What is wrong with it is reported."""
    try:
        command = parse(line)
    except ScriptError as error:
        report(Report("problem", str(error)))
        return False
    if command is not None:
        for one in _done(box, command):
            report(one)
    return command is not None and command.name == "quit"


def _done(box: Box, command: Command) -> list[Report]:
    match command.name:
        case "car":
            box.car = command.car
        case "amps":
            box.amps = command.amps
        case "fault" | "clear":
            box.faulty = command.name == "fault"
        case "silent":
            box.silent = command.on
        case "echo":
            box.echo = command.on
        case "set":
            return _set(box, command)
        case "help":
            return [Report("help", ", ".join(USAGE.values()))]
    box.measure()
    return []


def _set(box: Box, command: Command) -> list[Report]:
    spaces = [space for space in Space if box.memory.get(space, command.address, 1) is not None]
    if not spaces:
        return [Report("problem", f"The box has nothing at {command.address}.")]
    for space in spaces:
        top = 1 if space.of_bits else 0xFFFF
        box.memory.put(space, command.address, [min(command.value, top)])
    return [Report("state", f"{', '.join(spaces)} {command.address} is {command.value}")]
