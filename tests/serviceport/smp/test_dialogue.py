"""One request at a time, without a wire and without waiting."""

from __future__ import annotations

import cbor2
import pytest

from techtool.serviceport.smp import asks
from techtool.serviceport.smp.answers import Told
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Dialogue, Ended, Ending
from techtool.serviceport.smp.messages import Message
from techtool.serviceport.smp.refusals import Refusal

READ, OTHER, WRITE = asks.images(), asks.parameters(), asks.put("a/b", b"1")


def answer(request: Message, **values: object) -> Message:
    body = cbor2.dumps(values)
    return Message(request.operation + 1, request.group, request.command, request.sequence, body)


def asking(*given: Ask) -> tuple[Dialogue, Message]:
    """The first of these is on its way."""
    made = Dialogue(0.0)
    for ask in given:
        made.call(ask, 0.0)
    sent = made.next(0.0)
    assert sent is not None
    return made, sent


def ending(ended: Ended | None) -> tuple[Ask, Ending]:
    assert ended is not None
    return ended.ask, ended.ending


def nothing_to_do(made: Dialogue) -> bool:
    return made.idle and made.deadline is None


def test_one_is_in_flight_and_the_next_when_it_is_over() -> None:
    made, sent = asking(READ, OTHER)
    assert made.next(0.1) is None and not made.idle and made.deadline == 2.5
    ended = made.heard(answer(sent, images=[]), 0.2)
    assert ending(ended) == (READ, Ending.ANSWERED)
    assert ended is not None and isinstance(ended.answer, Told) and ended.seconds == 0.2
    following = made.next(0.2)
    assert following is not None and following.sequence == sent.sequence + 1
    refused = made.heard(answer(following, rc=8), 0.3)
    assert refused is not None and (refused.ending, refused.answer) == (Ending.REFUSED, Refusal(8))
    assert nothing_to_do(made)


def test_what_changes_nothing_is_sent_again_with_its_number() -> None:
    made, sent = asking(READ)
    assert made.tick(2.4) is None and made.tick(2.5) is None
    assert made.next(2.5) == sent
    ended = made.tick(5.0)
    assert ending(ended) == (READ, Ending.TIMED_OUT) and ended is not None
    assert (ended.seconds, ended.sent, ended.id) == (5.0, True, sent.id)


def test_what_changes_something_is_never_sent_again() -> None:
    made, _ = asking(WRITE)
    assert ending(made.tick(2.5)) == (WRITE, Ending.TIMED_OUT)
    assert made.next(9.0) is None


def test_a_late_answer_is_never_that_of_the_next_and_nothing_is_off_by_one() -> None:
    made, first = asking(WRITE, WRITE, READ, READ)
    made.tick(2.5)
    second = made.next(2.5)
    assert second is not None and second.id != first.id
    assert made.heard(answer(first, rc=0), 2.6) is None and made.late == 1
    assert ending(made.heard(answer(second, rc=0), 2.7)) == (WRITE, Ending.ANSWERED)
    for _ in range(2):
        sent = made.next(2.8)
        assert sent is not None
        assert ending(made.heard(answer(sent, images=[]), 2.9)) == (READ, Ending.ANSWERED)
    assert made.late == 1


def test_either_of_two_tries_may_be_answered_and_the_other_is_late() -> None:
    made, sent = asking(READ, OTHER)
    made.tick(2.5)
    made.next(2.5)
    assert ending(made.heard(answer(sent, images=[]), 3.0)) == (READ, Ending.ANSWERED)
    following = made.next(3.0)
    assert made.heard(answer(sent, images=[]), 3.1) is None and made.late == 1
    assert following is not None and ending(made.heard(answer(following), 3.2)) == (OTHER, Ending.ANSWERED)


@pytest.mark.parametrize(
    "change",
    [{"sequence": 99}, {"group": 0}, {"command": 5}, {"operation": 3}, {"operation": 0}],
)
def test_an_answer_to_something_else_is_none(change: dict[str, int]) -> None:
    made, sent = asking(READ)
    told = answer(sent, images=[])
    fields = {"operation": told.operation, "group": told.group, "command": told.command, "sequence": told.sequence}
    assert made.heard(Message(**{**fields, **change}, body=told.body), 0.1) is None
    assert ending(made.heard(told, 0.2)) == (READ, Ending.ANSWERED)


def test_numbers_begin_anew_after_the_last() -> None:
    made, numbers = Dialogue(0.0), []
    for _ in range(300):
        made.call(READ, 0.0)
        sent = made.next(0.0)
        assert sent is not None
        numbers.append(sent.sequence)
        assert made.heard(answer(sent, images=[]), 0.0) is not None
    assert max(numbers) == 255 and min(numbers) == 0 and numbers[:2] == [1, 2]


def test_a_request_has_as_long_as_it_needs_or_is_given() -> None:
    made, _ = asking(asks.erase(1))
    assert made.deadline == 40.0
    made = Dialogue(0.0)
    made.call(READ, 0.0, 0.5)
    made.next(0.0)
    assert made.deadline == 0.5


def test_a_device_that_starts_is_left_alone_and_asked_again_what_only_asks() -> None:
    made, sent = asking(READ, WRITE)
    assert made.rebooted(2.0, 1.0) is None
    assert made.next(1.5) is None and made.deadline == 2.0
    assert made.next(2.0) == sent
    made.heard(answer(sent, images=[]), 2.1)
    assert made.next(2.1) is not None
    assert ending(made.rebooted(4.0, 3.0)) == (WRITE, Ending.REBOOTED)
    assert made.rebooted(5.0, 4.0) is None and made.free_at == 5.0


def test_what_nobody_wants_is_not_sent_or_not_again() -> None:
    made, _ = asking(READ, OTHER)
    made.cancel(2)
    made.cancel(1)
    assert ending(made.tick(2.5)) == (READ, Ending.TIMED_OUT)
    assert made.idle


def test_a_lost_port_ends_all() -> None:
    made, _ = asking(WRITE, READ)
    assert [(one.ask, one.ending, one.sent) for one in made.closed(1.0)] == [
        (WRITE, Ending.LINK_LOST, True),
        (READ, Ending.LINK_LOST, False),
    ]
    assert made.idle
