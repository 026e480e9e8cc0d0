"""A simulated box as its profile has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.abl import ABL_ASCII
from techtool.serviceport.modbus.asks import Ask, Refusal, answer_of
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles.codec import decode
from techtool.serviceport.profiles.model import Value
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.profiles.values import fits
from techtool.simulator.modbus.box import Box
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, profile_of, request

STATE = Ask(Space.INPUT, 5)


def told(box: Box, ask: Ask, name: str = HEIDELBERG) -> object:
    said = box.received(request(ask, name))
    packet = RTU.unwrap(said) or ABL_ASCII.unwrap(said)
    return answer_of(ask, packet.pdu) if packet is not None else said


@pytest.mark.parametrize("name", SHIPPED)
def test_every_box_can_be_detected_and_has_all_that_its_profile_names(name: str) -> None:
    profile = profile_of(name)
    box = Box(profile)
    assert profile.detect is not None
    words = box.memory.get(
        profile.detect.register.space, profile.detect.register.address, profile.detect.register.size
    )
    if name != "abl-emh1":  # the address comes into its first byte on the way
        assert words is not None and fits(profile.detect, words)
    values = [one.register for one in (*profile.info, *profile.status)]
    for register in (*values, *(one.register for one in profile.settings)):
        assert box.memory.get(register.space, register.address, register.size) is not None


def test_the_car_moves_the_registers() -> None:
    box = Box(profile_of(HEIDELBERG))
    assert told(box, STATE) == (3,)
    box.car, box.amps = "C", 12.0
    box.measure()
    assert told(box, Ask(Space.INPUT, 5, 4)) == (7, 120, 120, 120)
    box.faulty = True
    box.measure()
    assert told(box, STATE) == (10,)


@pytest.mark.parametrize(
    ("name", "car", "faulty", "said"),
    [
        ("mennekes-compact", "A", False, {"box_state": "idle", "downgrade": "no car", "plug_lock": "unlocked"}),
        ("mennekes-compact", "B", False, {"box_state": "car connected", "plug_lock": "locked"}),
        ("mennekes-compact", "C", False, {"box_state": "charging", "downgrade": "not active"}),
        ("mennekes-compact", "C", True, {"box_state": "error", "plug_lock": "locked"}),
        ("abl-emh1", "A", False, {"car": "no", "box_state": "A1 no car"}),
        ("abl-emh1", "C", False, {"car": "yes", "box_state": "C2 charging", "iec_state": "C2"}),
    ],
)
def test_what_it_says_of_its_car_fits_together(name: str, car: str, faulty: bool, said: dict[str, str]) -> None:
    box = Box(profile_of(name))
    box.car, box.faulty = car, faulty
    box.measure()

    def words(value: Value) -> object:
        register = value.register
        found = box.memory.get(register.space, register.address, register.size)
        assert found is not None
        code = decode(register, found)[0]
        assert isinstance(code, int)
        mask = value.mask or 0xFFFF
        return value.texts.get((code & mask) >> ((mask & -mask).bit_length() - 1))

    assert {one.name: words(one) for one in profile_of(name).status if one.name in said} == said


def test_what_is_written_stays_and_shows() -> None:
    name = "abb-terra-ac"
    box = Box(profile_of(name))
    assert told(box, Ask(Space.HOLDING, 0x4100, 2, (0, 10_000), True), name) == (0, 10_000)
    assert told(box, Ask(Space.HOLDING, 0x400E, 2), name) == (0, 10_000)
    assert told(box, Ask(Space.HOLDING, 0x5000), name) == Refusal(2)
    assert told(box, Ask(Space.HOLDING, 0x5000, 1, (1,)), name) == Refusal(2)


def test_silent_another_unit_and_echo() -> None:
    box = Box(profile_of(HEIDELBERG), unit=7)
    assert box.received(request(STATE)) == b""
    box = Box(profile_of(HEIDELBERG))
    box.silent = box.echo = True
    assert box.received(request(STATE)) == request(STATE)


def test_abl_answers_as_it_was_recorded() -> None:
    box = Box(profile_of("abl-emh1"))
    box.memory.put(Space.HOLDING, 0x2E, [0x2EA1, 0x1064, 1000, 1000, 1000])
    assert box.received(b":0103002E0005C9\r\n") == b">01030A2EA1106403E803E803E8EE\r\n"


@given(st.lists(st.binary(max_size=300) | st.just(request(STATE)), max_size=10))
def test_any_bytes_are_survived(chunks: list[bytes]) -> None:
    box = Box(profile_of(HEIDELBERG))
    for chunk in chunks:
        box.received(chunk)
    box.received(b"\xff" * 600)
    assert any(told(box, STATE) == (3,) for _ in range(3)), "the line may lose one to what was before"
