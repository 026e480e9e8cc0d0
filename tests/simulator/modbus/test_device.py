"""What can be done to a simulated box."""

from __future__ import annotations

import pytest

from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.effects import Quit, Report
from techtool.simulator.modbus.device import ModbusDevice
from techtool.simulator.serviceport.device import Say
from tests.serviceport.modbus.boxes import profile_of, request

STATE = Ask(Space.INPUT, 5, 1)


def answer(device: ModbusDevice) -> bytes | None:
    """What it says when it is asked for its state."""
    said = [one.data for one in device.received(0.0, request(STATE)) if isinstance(one, Say)]
    return said[0] if said else None


@pytest.fixture
def device() -> ModbusDevice:
    return ModbusDevice(profile_of("heidelberg-energy-control"))


def test_cars_come_and_faults_too(device: ModbusDevice) -> None:
    free = answer(device)
    assert device.command(0.0, "car C") == []
    charging = answer(device)
    device.command(0.0, "fault")
    faulty = answer(device)
    assert len({free, charging, faulty, None}) == 4
    device.command(0.0, "clear")
    assert answer(device) == charging


def test_it_can_be_silent_or_on_a_line_that_echoes(device: ModbusDevice) -> None:
    first = answer(device)
    device.command(0.0, "silent on")
    assert answer(device) is None
    device.command(0.0, "echo on")
    assert answer(device) == request(STATE)
    device.command(0.0, "silent off")
    assert first is not None and answer(device) == request(STATE) + first


def test_a_register_is_set_where_there_is_one(device: ModbusDevice) -> None:
    assert device.command(0.0, "set 261 160") == [Report("state", "holding 261 is 160")]
    assert device.command(0.0, "set 9999 1") == [Report("problem", "The box has nothing at 9999.")]
    assert device.command(0.0, "set 1") == [Report("problem", "Write it so: set ADDRESS VALUE.")]
    assert device.command(0.0, "# nothing") == [] and device.command(0.0, "quit") == [Quit()]
