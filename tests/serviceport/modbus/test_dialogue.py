"""One request at a time, without a wire and without waiting."""

from __future__ import annotations

import pytest

from techtool.serviceport.effects import Send
from techtool.serviceport.modbus.asks import Ask, Refusal, pdu_of
from techtool.serviceport.modbus.dialogue import Dialogue, Ended, Ending
from techtool.serviceport.modbus.framing import Sort
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles.model import Bus
from techtool.serviceport.profiles.registers import Space

READ = Ask(Space.INPUT, 5)
OTHER = Ask(Space.INPUT, 9)
WRITE = Ask(Space.HOLDING, 261, 1, (160,))
BUS = Bus(timeout_ms=1000, gap_ms=50)


def answer(words: str) -> bytes:
    return RTU.wrap(1, bytes.fromhex(words))


SEVEN = answer("04020007")


def dialogue(bus: Bus = BUS) -> Dialogue:
    return Dialogue(RTU, 1, bus, 0.0)


def sent(made: Dialogue, now: float) -> Ask | None:
    _, _, send = made.tick(now)
    return next((one for one in (READ, OTHER, WRITE) if send == Send(RTU.wrap(1, pdu_of(one)))), None)


def asking(*asks: Ask, bus: Bus = BUS) -> Dialogue:
    """The first of these is on its way."""
    made = dialogue(bus)
    for ask in asks:
        made.call(ask, 0.0)
    assert sent(made, 0.0) == asks[0]
    return made


def test_one_is_in_flight_and_a_pause_lies_between() -> None:
    made = asking(READ, OTHER)
    assert sent(made, 0.5) is None
    pieces, ended = made.feed(SEVEN, 0.6)
    assert [one.sort for one in pieces] == [Sort.ANSWER]
    assert ended is not None and (ended.ending, ended.answer, ended.number) == (Ending.ANSWERED, (7,), 1)
    assert sent(made, 0.64) is None and made.deadline == pytest.approx(0.65)
    assert sent(made, 0.65) == OTHER


def test_a_read_is_tried_again_and_given_up() -> None:
    made = asking(READ)
    assert made.tick(1.0) == ([], None, None), "overdue: nothing else may go out yet"
    assert made.deadline == 2.0
    assert sent(made, 2.0) == READ
    _, ended, _ = made.tick(3.0)
    assert ended is not None and (ended.ending, ended.answer, ended.sent) == (Ending.TIMED_OUT, None, True)
    assert made.tick(4.0) == ([], None, None) and made.idle


def test_a_write_is_never_sent_again() -> None:
    made = asking(WRITE)
    _, ended, send = made.tick(1.0)
    assert ended is not None and ended.ending is Ending.TIMED_OUT and send is None
    assert made.tick(2.0) == ([], None, None) and made.tick(9.0) == ([], None, None)


def test_a_late_answer_is_that_of_its_own_request_and_never_of_the_next() -> None:
    made = asking(READ, OTHER)
    made.tick(1.0)
    _, ended = made.feed(SEVEN, 1.05)
    assert ended is not None and (ended.ask, ended.answer) == (READ, (7,))
    assert sent(made, 1.1) == OTHER


def test_what_comes_after_it_was_given_up_ends_nothing() -> None:
    made = asking(READ)
    made.feed(SEVEN, 0.1)  # no echo: what comes back of a write is its answer
    made.call(WRITE, 1.0)
    made.call(OTHER, 1.0)
    assert sent(made, 1.0) == WRITE
    made.tick(2.0)
    assert sent(made, 2.04) is None
    pieces, ended = made.feed(RTU.wrap(1, pdu_of(WRITE)), 2.05)
    assert [one.sort for one in pieces] == [Sort.ANSWER] and ended is None
    assert sent(made, 2.2) == OTHER


def test_half_an_answer_at_the_end_of_its_time_is_noise_and_the_next_is_not() -> None:
    made = asking(READ)
    assert made.feed(SEVEN[:4], 0.5) == ([], None)
    assert made.flush(0.9) == ([], None), "more may come"
    assert made.tick(1.0) == ([], None, None), "the rest may still come"
    pieces, ended, send = made.tick(2.0)
    assert [(one.sort, one.data) for one in pieces] == [(Sort.NOISE, SEVEN[:4])]
    assert ended is None and send == Send(RTU.wrap(1, pdu_of(READ)))
    _, ended = made.feed(SEVEN, 2.1)
    assert ended is not None and ended.answer == (7,)


def test_an_answer_that_began_in_time_may_end_late() -> None:
    made = asking(READ)
    made.feed(SEVEN[:4], 0.99)
    made.tick(1.0)
    _, ended = made.feed(SEVEN[4:], 1.01)
    assert ended is not None and ended.answer == (7,)


def test_who_is_slower_than_two_tries_is_not_misread_either() -> None:
    made = asking(READ, OTHER)
    made.tick(1.0)
    assert sent(made, 2.0) == READ
    _, ended = made.feed(SEVEN, 2.5)  # the answer to the first try
    assert ended is not None and ended.answer == (7,)
    assert sent(made, 4.4) is None, "the second try is not answered yet"
    pieces, ended = made.feed(SEVEN, 4.5)
    assert [one.sort for one in pieces] == [Sort.ANSWER] and ended is None
    assert sent(made, 4.6) == OTHER


def test_an_answer_that_was_lost_is_not_waited_for_for_ever() -> None:
    made = asking(READ, OTHER)
    made.tick(1.0)
    assert sent(made, 2.0) == READ
    made.feed(SEVEN, 2.1)
    assert made.deadline == pytest.approx(4.35)
    assert sent(made, 4.4) == OTHER


def test_an_answer_that_came_damaged_is_not_waited_for() -> None:
    made = asking(READ, OTHER)
    made.feed(SEVEN[:-1] + b"\0", 0.1)
    made.tick(1.0)
    assert sent(made, 2.0) == READ
    made.feed(SEVEN, 2.2)
    assert sent(made, 2.3) == OTHER


def test_who_naps_is_asked_twice_but_not_if_it_is_awake() -> None:
    made = asking(READ, bus=BUS._replace(wake=1, gap_ms=100))
    assert made.deadline == pytest.approx(0.1)
    assert sent(made, 0.1) == READ and made.deadline == pytest.approx(1.1)
    _, ended = made.feed(SEVEN, 0.2)
    assert ended is not None and ended.answer == (7,)
    made.call(OTHER, 0.4)
    assert sent(made, 0.4) == OTHER
    _, ended = made.feed(SEVEN, 0.45)
    assert ended is not None and made.idle


def test_a_refusal_is_an_answer() -> None:
    made = asking(READ)
    _, ended = made.feed(answer("8402"), 0.1)
    assert ended is not None and (ended.ending, ended.answer) == (Ending.REFUSED, Refusal(2))


def test_a_lost_port_ends_all_and_tells_what_went_out() -> None:
    made = asking(WRITE, READ)
    made.feed(b"\x01\x06", 0.1)
    pieces, lost = made.closed(0.2)
    assert [one.data for one in pieces] == [b"\x01\x06"]
    assert [(one.ask, one.ending, one.sent) for one in lost] == [
        (WRITE, Ending.LINK_LOST, True),
        (READ, Ending.LINK_LOST, False),
    ]
    assert made.idle


def test_the_technicians_patience_counts() -> None:
    made = dialogue()
    made.call(WRITE, 0.0, 5.0)
    sent(made, 0.0)
    assert made.tick(4.9) == ([], None, None)
    _, ended, _ = made.tick(5.0)
    assert isinstance(ended, Ended)


def test_what_cannot_be_asked_is_not_queued() -> None:
    with pytest.raises(ValueError, match="addresses go from 0"):
        dialogue().call(Ask(Space.INPUT, 70_000), 0.0)
