"""What is read when."""

from __future__ import annotations

import pytest

from techtool.serviceport.modbus.asks import Ask, Refusal
from techtool.serviceport.modbus.schedule import Job, Schedule
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.schedule import LONGEST_S, SILENT_S
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, profile_of


def surveyed(made: Schedule) -> bool:
    return made.surveyed


def due(made: Schedule, now: float) -> Job:
    job = made.next(now)
    assert job is not None
    return job


def answered(made: Schedule, now: float) -> list[Ask]:
    """Everything that is due, each answered at once."""
    asked: list[Ask] = []
    while (job := made.next(now)) is not None:
        asked.append(job.ask)
        made.answered(job, (0,) * job.ask.count, now)
    return asked


def test_first_who_it_is_then_what_it_does_then_the_rest() -> None:
    made = Schedule(profile_of(HEIDELBERG), 0.0)
    assert not surveyed(made)
    assert answered(made, 0.0) == [
        Ask(Space.INPUT, 5),
        Ask(Space.INPUT, 5, 14),
        Ask(Space.INPUT, 4),
        Ask(Space.INPUT, 100, 2),
        Ask(Space.INPUT, 200),
        Ask(Space.INPUT, 203),
    ]
    assert surveyed(made) and made.due == 1.0
    assert answered(made, 1.0) == [Ask(Space.INPUT, 5, 14)]
    later = answered(made, 3.0)
    assert Ask(Space.HOLDING, 261, 2) in later and Ask(Space.INPUT, 4) not in later
    assert Ask(Space.HOLDING, 261, 2) not in answered(made, 30.0)


def test_one_register_that_is_not_there_does_not_hide_the_others() -> None:
    made = Schedule(profile_of(HEIDELBERG), 0.0)
    made.answered(due(made, 0.0), (7,), 0.0)
    whole = due(made, 0.0)
    made.answered(whole, Refusal(2), 0.0)
    assert not surveyed(made)
    alone = answered(made, 0.0)
    assert Ask(Space.INPUT, 5) in alone and Ask(Space.INPUT, 6, 3) in alone and Ask(Space.INPUT, 17, 2) in alone
    assert alone.count(Ask(Space.INPUT, 5)) == 1, "two values of one register are one read"
    assert surveyed(made) and whole.ask not in answered(made, 1.0)


def test_what_it_does_not_have_is_asked_for_rarely_and_what_it_is_busy_with_again() -> None:
    made = Schedule(profile_of(HEIDELBERG), 0.0)
    answered(made, 0.0)
    job = due(made, 1.0)
    made.answered(job, Refusal(6), 1.0)
    assert job.due == 2.0
    job.parts = job.parts[:1]
    job.ask = Ask(Space.INPUT, 5)
    made.answered(job, Refusal(2), 2.0)
    assert job.due == 2.0 + LONGEST_S


def test_who_says_nothing_is_asked_rarely() -> None:
    made = Schedule(profile_of(HEIDELBERG), 0.0)
    made.unanswered(due(made, 0.0), 2.0)
    assert made.due == 0.0, "one may be lost"
    made.unanswered(due(made, 2.0), 4.0)
    assert made.due == 4.0 + SILENT_S
    made.answered(due(made, 9.0), (7,), 9.0)
    made.unanswered(due(made, 9.0), 9.5)
    assert made.next(9.5) is not None


def test_one_read_that_is_never_answered_holds_the_others_up_less_and_less() -> None:
    made = Schedule(profile_of("mennekes-compact"), 0.0)
    answered(made, 0.0)
    deaf = due(made, 1.0)
    pauses = []
    for now in (1.0, 100.0, 200.0, 300.0, 400.0, 500.0):
        made.unanswered(deaf, now)
        pauses.append(deaf.due - now)
        other = due(made, now)
        assert other is not deaf
        made.answered(other, (0,) * other.ask.count, now)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_profile_is_surveyed_and_goes_on(name: str) -> None:
    made = Schedule(profile_of(name), 0.0)
    assert answered(made, 0.0) and made.surveyed
    assert made.due == 1.0
