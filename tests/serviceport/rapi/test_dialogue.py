"""One command in flight, and every one ends exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.dialogue import BARE_S, TIMEOUT_S, TRIES, Dialogue, Ended, Ending, Late
from techtool.serviceport.rapi.frames import Frame, FrameError

READ, WRITE = Frame("GS"), Frame("SC", ("16", "V"))


def ok(asked: Frame | None, *words: str) -> Frame:
    assert asked is not None
    return Frame("OK", words, asked.sequence)


def test_a_command_is_answered_by_its_sequence_id() -> None:
    dialogue = Dialogue()
    first, second = dialogue.call(READ, 0.0), dialogue.call(WRITE, 0.0)
    asked = dialogue.next(0.0)
    assert asked == READ._replace(sequence="01") and dialogue.next(0.0) is None
    assert dialogue.heard(Frame("OK", (), "7F"), 0.01) is None, "nobody asked that"
    ended = dialogue.heard(ok(asked, "01"), 0.05)
    assert isinstance(ended, Ended)
    assert (ended.number, ended.ending, ended.seconds) == (first, Ending.ACCEPTED, 0.05)
    asked = dialogue.next(0.1)
    assert asked is not None and asked.sequence == "02"
    ended = dialogue.heard(Frame("NK", ("6",), asked.sequence), 0.2)
    assert isinstance(ended, Ended) and (ended.number, ended.ending) == (second, Ending.REFUSED)
    assert dialogue.idle


def test_a_read_is_tried_again_and_a_write_never() -> None:
    dialogue = Dialogue()
    dialogue.call(READ, 0.0)
    now, sent = 0.0, []
    while (frame := dialogue.next(now)) is not None:
        sent.append(frame.sequence)
        now += TIMEOUT_S
        ended = dialogue.tick(now)
    assert sent == [f"{number:02X}" for number in range(1, TRIES + 1)]
    assert ended is not None and ended.ending is Ending.TIMED_OUT
    number = dialogue.call(WRITE, now)
    asked = dialogue.next(now)
    ended = dialogue.tick(now + TIMEOUT_S)
    assert asked is not None
    assert ended == Ended(number, asked, Ending.TIMED_OUT, None, TIMEOUT_S, True)
    assert dialogue.idle


def test_a_late_answer_is_told_and_answers_nothing_else() -> None:
    dialogue = Dialogue()
    dialogue.call(WRITE, 0.0)
    dialogue.call(READ, 0.0)
    slow = dialogue.next(0.0)
    dialogue.tick(TIMEOUT_S)
    dialogue.next(TIMEOUT_S)
    late = dialogue.heard(ok(slow), TIMEOUT_S + 0.5)
    assert slow is not None and late == Late(slow, 0.5)
    assert not dialogue.idle, "the other one still waits"


def test_without_a_sequence_id_only_the_open_command_can_be_meant() -> None:
    dialogue = Dialogue()
    assert dialogue.heard(Frame("NK"), 0.0) is None
    dialogue.call(READ, 0.0)
    dialogue.next(0.0)
    ended = dialogue.heard(Frame("NK"), 0.1)
    assert isinstance(ended, Ended) and ended.ending is Ending.REFUSED


def test_when_the_port_is_gone_everything_ends_and_is_known_to_have_gone_out_or_not() -> None:
    dialogue = Dialogue()
    for _ in range(3):
        dialogue.call(WRITE, 0.0)
    dialogue.next(0.0)
    lost = dialogue.closed(1.0)
    assert [(one.ending, one.sent) for one in lost] == [(Ending.LINK_LOST, sent) for sent in (True, False, False)]
    assert dialogue.idle and dialogue.deadline is None


def test_what_cannot_be_sent_is_not_queued() -> None:
    dialogue = Dialogue()
    with pytest.raises(FrameError):
        dialogue.call(Frame("SC", ("16\r$FR",)), 0.0)
    assert dialogue.idle


@given(st.lists(st.sampled_from(["read", "write", "answer", "late", "wait", "closed"]), max_size=300))
def test_each_command_ends_exactly_once_whatever_happens(steps: list[str]) -> None:
    dialogue, now = Dialogue(), 0.0
    queued: list[int] = []
    ended: list[int] = []
    sent: list[Frame] = []
    for step in steps:
        outcome: Ended | Late | None = None
        match step:
            case "read" | "write":
                queued.append(dialogue.call(READ if step == "read" else WRITE, now))
            case "answer" if sent:
                outcome = dialogue.heard(ok(sent[-1]), now)
            case "late" if sent:
                outcome = dialogue.heard(ok(sent[0]), now)
            case "wait":
                now += TIMEOUT_S
                outcome = dialogue.tick(now)
            case "closed":
                ended += [one.number for one in dialogue.closed(now)]
        if isinstance(outcome, Ended):
            ended.append(outcome.number)
        if (frame := dialogue.next(now)) is not None:
            sent.append(frame)
    ended += [one.number for one in dialogue.closed(now)]
    assert sorted(ended) == queued


def test_a_charger_that_knows_no_sequence_ids_gets_none() -> None:
    """Old firmware takes one for an argument: with it `SC 16` is not kept, and `S3 4` refused."""
    dialogue = Dialogue()
    dialogue.call(READ, 0.0)
    asked = dialogue.next(0.0)
    assert asked is not None and asked.sequence == "01"
    assert dialogue.heard(Frame("OK", ("01",)), 0.05) is None, (
        "it may be to somebody else: one with its id may come"
    )
    assert dialogue.deadline == 0.05 + BARE_S and dialogue.tick(0.1) is None
    first = dialogue.tick(0.05 + BARE_S)
    assert isinstance(first, Ended) and (first.ending, first.seconds) == (Ending.ACCEPTED, 0.05)
    dialogue.call(WRITE, 1.0)
    assert dialogue.next(1.0) == WRITE
    ended = dialogue.heard(Frame("OK"), 1.1)
    assert isinstance(ended, Ended) and ended.command == WRITE


def test_one_answer_to_somebody_else_does_not_switch_the_ids_off() -> None:
    dialogue = Dialogue()
    dialogue.call(READ, 0.0)
    asked = dialogue.next(0.0)
    assert dialogue.heard(Frame("OK", ("20", "30", "16", "32")), 0.02) is None
    ended = dialogue.heard(ok(asked, "01"), 0.07)
    assert isinstance(ended, Ended) and ended.answer == ok(asked, "01")
    dialogue.call(READ, 0.1)
    again = dialogue.next(0.1)
    assert again is not None and again.sequence == "02" and dialogue.deadline == 0.1 + TIMEOUT_S


def test_without_sequence_ids_a_late_answer_is_waited_for_before_the_next_command() -> None:
    dialogue = Dialogue()
    dialogue.call(READ, 0.0)
    dialogue.next(0.0)
    assert dialogue.heard(Frame("OK", ("01",)), 0.05) is None
    assert isinstance(dialogue.tick(0.05 + BARE_S), Ended)
    dialogue.call(WRITE, 1.0)
    assert dialogue.next(1.0) == WRITE
    assert dialogue.tick(1.0 + TIMEOUT_S) is not None
    number = dialogue.call(READ, 2.1)
    assert dialogue.next(2.1) is None and dialogue.deadline == 2.0 + TIMEOUT_S
    late = dialogue.heard(Frame("OK", ("16",)), 2.5)
    assert isinstance(late, Late) and late.command == WRITE
    assert dialogue.next(3.0) == READ
    ended = dialogue.heard(Frame("OK", ("01",)), 3.1)
    assert isinstance(ended, Ended) and ended.number == number


def test_where_ids_are_repeated_an_ok_without_one_is_to_somebody_else() -> None:
    """A WiFi module may share the line, and asks without ids."""
    dialogue = Dialogue()
    dialogue.call(READ, 0.0)
    assert isinstance(dialogue.heard(ok(dialogue.next(0.0), "01"), 0.05), Ended)
    number = dialogue.call(WRITE, 0.1)
    asked = dialogue.next(0.1)
    assert asked is not None and asked.sequence == "02"
    assert dialogue.heard(Frame("OK", ("6", "32", "32", "32")), 0.15) is None
    ended = dialogue.heard(ok(asked), 0.2)
    assert isinstance(ended, Ended) and ended.number == number
    dialogue.call(WRITE, 0.3)
    asked = dialogue.next(0.3)
    assert asked is not None and asked.sequence == "03", "nor are ids given up for it"
    assert isinstance(dialogue.heard(Frame("NK", ("^21",)), 0.4), Ended), "so is a broken command refused"
