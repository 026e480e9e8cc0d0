"""The edge: a pseudo terminal and the real clock around a simulated console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from techtool.simulator.console.device import Console
from techtool.simulator.console.menu import Menu
from techtool.simulator.console.script import USAGE, Command, parse
from techtool.simulator.console.shell import Shell
from techtool.simulator.effects import Report
from techtool.simulator.script import ScriptError
from techtool.simulator.terminals import Device

CHAT_S = 0.4
"""How often a talkative one says something."""
CONSOLES: dict[str, type[Console]] = {"smartevse": Menu, "zephyr": Shell}
"""What there is, by the name that a person types."""


async def run(
    console: Console,
    link: Path | None = None,
    lines: AsyncIterator[str] | None = None,
    *,
    on_device: Callable[[str], None] = lambda name: None,
    on_report: Callable[[Report], None] = lambda report: None,
) -> None:
    """Run one device until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    Raises:
        techtool.simulator.terminals.DeviceError: there can be no such device.
    """
    device, loop = Device(link), asyncio.get_running_loop()

    def say(data: bytes) -> None:
        if data:
            device.write(data)

    def hear() -> None:
        if data := device.read():
            on_report(Report("received", repr(data)[1:]))
            say(console.received(data))

    async def chat() -> None:
        while True:
            await asyncio.sleep(CHAT_S)
            say(console.chat())

    loop.add_reader(device.fd, hear)
    try:
        on_device(device.name)
        async with asyncio.TaskGroup() as group:
            chatting = group.create_task(chat())
            if lines is not None:
                async for line in lines:
                    if _typed(console, line, say, on_report):
                        chatting.cancel()
                        return
            await chatting
    finally:
        loop.remove_reader(device.fd)
        device.close()


def _typed(console: Console, line: str, say: Callable[[bytes], None], report: Callable[[Report], None]) -> bool:
    """Do what a line says; whether it ends the device. What is wrong with it is reported."""
    try:
        command = parse(line)
    except ScriptError as error:
        report(Report("problem", str(error)))
        return False
    if command is None:
        return False
    _do(console, command, say, report)
    return command.name == "quit"


def _do(
    console: Console, command: Command, say: Callable[[bytes], None], report: Callable[[Report], None]
) -> None:
    match command.name:
        case "chatter":
            console.chatty = command.on
        case "chat":
            say(console.unasked(console.chatters[0]))
        case "silent":
            console.silent = command.on
        case "garble":
            console.garbled = command.on
        case "reboot":
            say(console.reboot())
        case "car" | "stubborn" if not isinstance(console, Menu):
            report(Report("problem", f"Only the smartevse knows {command.name}."))
        case "car" if isinstance(console, Menu):
            console.car = command.car
        case "stubborn" if isinstance(console, Menu):
            console.stubborn = command.on
        case "help":
            report(Report("help", ", ".join(USAGE.values())))
