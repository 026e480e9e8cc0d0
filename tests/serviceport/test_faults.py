"""The wire at its worst, for every protocol: what is shown is right, or unknown, and never wrong.

Each fault is a pump between the charger and the laptop. What only one protocol has, and what the port alone
decides, is tested where it lives: adapters that go and come in ``test_line``, ports that are busy or take
nothing in ``test_port``, transfers in ``xymodem``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from techtool.serviceport.chosen import Bare, Choice, Chosen
from techtool.serviceport.profiles import named
from techtool.serviceport.rapi.driver import QUESTIONS
from techtool.simulator.console.menu import Menu
from techtool.simulator.modbus.box import Box
from techtool.simulator.smp.device import SmpDevice
from techtool.station.model import Station
from tests.serviceport.chargers import charger
from tests.serviceport.console.consoles import SMART
from tests.serviceport.console.consoles import wired as console
from tests.serviceport.far import Far
from tests.serviceport.modbus.boxes import HEIDELBERG, faster, profile_of
from tests.serviceport.modbus.boxes import Wired as ModbusBox
from tests.serviceport.ptys import Cable, needs_terminals
from tests.serviceport.smp.devices import wired as smp
from tests.serviceport.visits import Visit, plugged_in

pytestmark = needs_terminals
MESSAGES = 12
"""So many answers pass with the fault; then nothing is wrong any more, and everything must be known."""
Say = Callable[[bytes], None]
Fault = Callable[[Say, bytes, int], None]


def box(wire: Cable) -> AbstractAsyncContextManager[ModbusBox]:
    made = Box(profile_of(HEIDELBERG))
    made.car = "C"
    made.measure()
    return ModbusBox(wire, made).alive()


def menu(wire: Cable) -> AbstractAsyncContextManager[Far]:
    made = Menu()
    made.car = "C"
    return console(wire, made)


def controller(wire: Cable) -> AbstractAsyncContextManager[Far]:
    return smp(wire, SmpDevice())


LINES = {"openevse": 7, "modbus": 12, "console": 3, "smp": 2}
"""So much is shown where nothing is wrong."""
WIRES = {"openevse": charger, "modbus": box, "console": menu, "smp": controller}


def byte_by_byte(say: Say, data: bytes, number: int) -> None:
    for byte in data:
        say(bytes((byte,)))


def noise_before(say: Say, data: bytes, number: int) -> None:
    say(b"\xff\x00\x81" + data)


def noise_after(say: Say, data: bytes, number: int) -> None:
    say(data + b"\x81\xfe")


def a_bit_flipped(say: Say, data: bytes, number: int) -> None:
    at = number % len(data)
    say(data[:at] + bytes((data[at] ^ 1 << number % 8,)) + data[at + 1 :] if number % 2 else data)


def cut_in_the_middle(say: Say, data: bytes, number: int) -> None:
    say(data[: len(data) // 2] if number % 3 == 0 else data)


def lost(say: Say, data: bytes, number: int) -> None:
    if number % 3:
        say(data)


def said_twice(say: Say, data: bytes, number: int) -> None:
    say(data + data)


def text_between(say: Say, data: bytes, number: int) -> None:
    say(b"\r\nrelayCloseMs: 100\r\n" + data)


def hostile_text(say: Say, data: bytes, number: int) -> None:
    say(b"\r\n[red]\x1b]52;c;aGk=\x07\x1b[2J\xe2\x80\xae\r\n" + data)


def another_speed(say: Say, data: bytes, number: int) -> None:
    say(bytes(byte | 0x80 for byte in data))


def a_flood(say: Say, data: bytes, number: int) -> None:
    say(b"y" * 3000 + b"\r\n" + data)


FAULTS = [
    byte_by_byte, noise_before, noise_after, a_bit_flipped, cut_in_the_middle, lost, said_twice, text_between,
    hostile_text, another_speed, a_flood,
]  # fmt: skip


def shown(station: Station) -> dict[str, object]:
    """What a technician reads off the screen."""
    evse = station.evses.get(1)
    told: dict[str, object] = (
        {f"{key.measurand} {key.phase}": one.value for key, one in evse.readings.items()} if evse else {}
    )
    told["firmware"] = station.make.firmware
    told["status"] = evse.connectors[1].status if evse and 1 in evse.connectors else None
    return told


def chosen_for(protocol: str, folder: Path) -> Choice | None:
    """With short waits: a fault costs one of them each time."""
    if protocol == "smp":
        return Bare(protocol)
    if protocol == "modbus":
        return faster(HEIDELBERG, folder, timeout_ms=100, gap_ms=5)
    return Chosen(named(SMART)) if protocol == "console" else None


async def truth(folder: Path, protocol: str) -> dict[str, object]:
    """What is shown where nothing is wrong."""
    async with plugged_in(folder, WIRES[protocol], chosen_for(protocol, folder)) as visit:
        await visit.until(lambda: complete(visit))
        return shown(visit.station)


def complete(visit: Visit[Far]) -> bool:
    if not visit.known():
        return False
    told, protocol = shown(visit.station), visit.station.link.protocol or ""
    return len(told) == LINES[protocol] and (protocol != "smp" or told["firmware"] is not None)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("protocol", list(WIRES))
async def test_what_is_shown_is_right_or_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: str, fault: Fault
) -> None:
    monkeypatch.setattr("techtool.serviceport.rapi.driver.QUESTIONS", dict.fromkeys(QUESTIONS, 0.05))
    monkeypatch.setattr("techtool.serviceport.modbus.schedule.STATUS_S", 0.05)
    monkeypatch.setattr("techtool.serviceport.console.schedule.STATUS_S", 0.05)
    monkeypatch.setattr("techtool.serviceport.console.schedule.SHARE", 0)
    monkeypatch.setattr("techtool.serviceport.rapi.dialogue.TIMEOUT_S", 0.1)
    monkeypatch.setattr("techtool.serviceport.rapi.driver.SILENT_S", 0.1)
    for module in ("schedule", "modbus.schedule", "console.schedule", "smp.schedule"):
        monkeypatch.setattr(f"techtool.serviceport.{module}.SILENT_S", 0.1)
    monkeypatch.setattr("techtool.serviceport.schedule.LONGEST_S", 0.2)
    monkeypatch.setattr("techtool.serviceport.console.dialogue.TIMEOUT_S", 0.1)
    monkeypatch.setattr("techtool.serviceport.smp.commands.TIMEOUT_S", 0.05)
    monkeypatch.setattr("techtool.serviceport.smp.schedule.ALIVE_S", 0.01)
    clean, folder = tmp_path / "clean", tmp_path / "faulty"
    for one in (clean, folder):
        one.mkdir()
    expected = await truth(clean, protocol)
    async with plugged_in(folder, WIRES[protocol], chosen_for(protocol, folder)) as visit:
        say, passed = visit.there.wire.say, 0

        def carry(data: bytes) -> None:
            nonlocal passed
            passed += 1
            if passed > MESSAGES:
                say(data)
            else:
                fault(say, data, passed)

        def wrong() -> dict[str, object]:
            if "ttyUSB0" not in visit.session.picture.stations:
                return {}
            return {
                name: value
                for name, value in shown(visit.station).items()
                if value is not None and value != expected.get(name)
            }

        visit.there.carry = carry
        while passed <= MESSAGES:
            before = passed
            await visit.until(lambda: passed > before)  # noqa: B023  it is waited for at once
            assert wrong() == {}
        await visit.until(lambda: complete(visit))
        assert shown(visit.station) == expected
        texts = " ".join(one.text for one in visit.station.findings.values())
        assert texts.isprintable() and "[red]" not in texts
