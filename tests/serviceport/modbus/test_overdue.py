from __future__ import annotations

from techtool.serviceport.modbus.asks import Ask, pdu_of
from techtool.serviceport.modbus.overdue import KEPT, Overdue
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.modbus.scanning import ORDER, Step
from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.registers import Space


def step(unit: int, address: int = 5) -> Step:
    return Step(ORDER[0], unit, Transport.MODBUS_RTU, Ask(Space.INPUT, address, 1), 1, None)


def answer(unit: int) -> bytes:
    return RTU.wrap(unit, b"\x04\x02\x00\x03")


ONE, TWO, THREE = step(1), step(2), step(3)


def test_an_answer_to_the_question_before_has_both_asked_again() -> None:
    overdue = Overdue()
    overdue.asked(ONE)
    overdue.heard(b"\xff" + answer(1)[:3])
    assert overdue.take() == [], "the newest is in time"
    overdue.asked(TWO)
    overdue.heard(answer(1)[3:])
    assert overdue.take() == [ONE, TWO]
    overdue.asked(THREE)
    overdue.heard(answer(1))
    assert overdue.take() == [], "it is asked anew"


def test_what_may_be_to_either_of_two_questions_is_taken_for_neither() -> None:
    overdue, other = Overdue(), step(1, 7)
    overdue.asked(ONE)
    overdue.asked(other)
    overdue.heard(RTU.wrap(1, b"\x84\x02"))
    overdue.answered()
    assert overdue.take() == [ONE, other]


def test_what_was_answered_in_time_is_not_asked_again() -> None:
    overdue = Overdue()
    for asked in (ONE, TWO):
        overdue.asked(asked)
        assert overdue.take() == []
    overdue.heard(answer(2))
    overdue.answered()
    overdue.asked(THREE)
    overdue.heard(answer(1))
    assert overdue.take() == [ONE, THREE]


def test_noise_and_the_traffic_of_others_are_no_late_answers() -> None:
    overdue = Overdue()
    overdue.asked(ONE)
    sent = RTU.wrap(2, pdu_of(TWO.ask))
    overdue.asked(TWO)
    for data in (b"\x81\x00\xff" * 2000, answer(7), sent, answer(1)[:-1] + b"\x00"):
        overdue.heard(data)
        assert overdue.take() == []


def test_one_that_is_later_than_that_is_given_up() -> None:
    overdue = Overdue()
    for unit in range(1, KEPT + 2):
        overdue.asked(step(unit))
    overdue.heard(answer(1))
    assert overdue.take() == []
    overdue.heard(answer(2))
    assert overdue.take()[0] == TWO
