"""Looking through an RS-485 line, against the simulated boxes of all profiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from techtool.serviceport.modbus.asks import Answer, Ask, Refusal, answer_of, pdu_of
from techtool.serviceport.modbus.scanning import ALL_UNITS, ANSWERS, FIRST_UNITS, FITS, Scan, Step
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.traits import Trait, Where
from techtool.simulator.modbus.box import Box
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, profile_of

PROFILES = [profile_of(name) for name in SHIPPED]
DETECTED = [one.id for one in PROFILES if one.detect is not None]


def looked(answer: Callable[[Step], Answer | None], units: Sequence[int] = FIRST_UNITS) -> tuple[Scan, list[Step]]:
    scan, asked = Scan(PROFILES, units), []
    while scan.step is not None:
        asked.append(scan.step)
        scan.answered(answer(scan.step))
    assert scan.asked == len(asked) <= scan.total
    return scan, asked


def at_its_line(name: str, unit: int) -> Callable[[Step], Answer | None]:
    """A box that hears its own speed only."""
    profile = profile_of(name)
    box, wire = Box(profile, unit), WIRES[profile.transport]

    def answer(step: Step) -> Answer | None:
        if (step.line.baud, step.line.format) != (profile.line.baud, profile.line.format):
            return None
        packet = wire.unwrap(box.received(WIRES[step.transport].wrap(step.unit, pdu_of(step.ask))))
        return answer_of(step.ask, packet.pdu) if packet is not None else None

    return answer


@pytest.mark.parametrize("unit", FIRST_UNITS)
@pytest.mark.parametrize("name", DETECTED)
def test_every_box_is_found_with_its_unit(name: str, unit: int) -> None:
    scan, asked = looked(at_its_line(name, unit))
    (found,) = [one for one in scan.candidates if one.sure == FITS]
    line = profile_of(name).line
    assert found.profile == name and found.where == Where(unit, line.baud, line.format)
    assert asked[-1].line == line, "a line has one speed: the others are not tried"


def test_nothing_is_ever_written() -> None:
    _, asked = looked(lambda step: None)
    assert asked and not any(step.ask.writes for step in asked)
    assert {step.unit for step in asked} == set(FIRST_UNITS)
    lines = list(dict.fromkeys((step.line.baud, step.line.format) for step in asked))
    assert lines[:5] == [(9600, "8N1"), (19_200, "8E1"), (38_400, "8E1"), (57_600, "8N2"), (115_200, "8N1")]


def test_a_box_that_naps_is_asked_twice() -> None:
    _, asked = looked(lambda step: None)
    assert {step.times for step in asked if step.profile is not None and step.profile.id == "abl-emh1"} == {2}


def test_somebody_who_answers_is_told_and_the_look_goes_on() -> None:
    def refuses(step: Step) -> Answer | None:
        return Refusal(2) if (step.line.baud, step.unit) == (115_200, 3) else None

    scan, asked = looked(refuses)
    assert scan.candidates == (
        Trait(
            "modbus",
            "some Modbus box",
            ANSWERS,
            "unit 3, 115200 baud 8N1: it answers, but no profile fits",
            where=Where(3, 115_200, "8N1"),
        ),
    )
    assert scan.asked == scan.total == len(asked)


def test_two_boxes_on_one_line_are_both_told() -> None:
    one, two = at_its_line(HEIDELBERG, 1), at_its_line(HEIDELBERG, 2)
    scan, _ = looked(lambda step: one(step) or two(step))
    assert [one.where.unit for one in scan.candidates if one.where is not None] == [1, 2]


def test_all_units_are_asked_on_demand() -> None:
    scan = Scan(PROFILES, ALL_UNITS)
    assert scan.total == Scan(PROFILES, (1,)).total * 247
    assert scan.step is not None and isinstance(scan.step.ask, Ask)
