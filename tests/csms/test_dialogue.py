from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from techtool.csms.dialogue import Dialogue, Ended, Ending, Late
from techtool.csms.frames import CallError, CallResult


def test_one_call_is_in_flight() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "Reset", {}, now=0)
    dialogue.call("b", "Reset", {}, now=0)
    first = dialogue.next(now=1)
    assert first is not None and first.id == "a"
    assert dialogue.next(now=1) is None
    ended = dialogue.answered(CallResult("a", {"status": "Accepted"}), now=3)
    assert isinstance(ended, Ended) and ended.ending is Ending.ANSWERED and ended.seconds == 2
    second = dialogue.next(now=3)
    assert second is not None and second.id == "b"


def test_answers_belong_to_their_id() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "Reset", {}, now=0)
    dialogue.next(now=0)
    assert dialogue.answered(CallResult("x", {}), now=1) is None
    assert dialogue.flying is not None
    ended = dialogue.answered(CallError("a", "NotSupported", "", {}), now=1)
    assert isinstance(ended, Ended) and ended.ending is Ending.ERROR


def test_a_late_answer_is_told_by_how_much_and_does_not_end_the_next_call() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "GetLog", {}, now=0, timeout=30)
    dialogue.call("b", "Reset", {}, now=0, timeout=30)
    dialogue.next(now=0)
    assert dialogue.tick(now=29.9) is None
    ended = dialogue.tick(now=30)
    assert ended is not None and ended.ending is Ending.TIMED_OUT
    assert dialogue.next(now=30) is not None
    late = dialogue.answered(CallResult("a", {}), now=34)
    assert isinstance(late, Late) and late.call.action == "GetLog" and late.seconds == 4
    assert dialogue.flying is not None and dialogue.flying.id == "b"


def test_the_time_runs_from_the_sending() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "Reset", {}, now=0, timeout=30)
    assert dialogue.deadline is None
    dialogue.next(now=100)
    assert dialogue.deadline == 130


def test_a_lost_link_ends_every_call_at_once_and_says_what_went_out() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "Reset", {}, now=0)
    dialogue.call("b", "Reset", {}, now=0)
    dialogue.next(now=0)
    ended = dialogue.closed(now=5)
    assert [(one.call.id, one.ending, one.sent) for one in ended] == [
        ("a", Ending.LINK_LOST, True),
        ("b", Ending.LINK_LOST, False),
    ]
    assert dialogue.deadline is None and dialogue.next(now=6) is None


def test_an_unreadable_answer_ends_the_call() -> None:
    dialogue = Dialogue()
    dialogue.call("a", "Reset", {}, now=0)
    dialogue.next(now=0)
    assert dialogue.unreadable("b", now=1) is None
    ended = dialogue.unreadable(None, now=1)
    assert ended is not None and ended.ending is Ending.UNREADABLE


@given(st.lists(st.sampled_from(["call", "next", "answer", "late", "stray", "tick", "close", "bad"])))
def test_each_call_ends_exactly_once_whatever_happens(steps: list[str]) -> None:
    dialogue = Dialogue()
    ended: list[object] = []
    now = made = 0
    for step in steps:
        now += 7
        flying = dialogue.flying.id if dialogue.flying else "none"
        result: object = None
        match step:
            case "call":
                dialogue.call(f"c{made}", "Reset", {}, now, timeout=10)
                made += 1
            case "next":
                dialogue.next(now)
            case "answer":
                result = dialogue.answered(CallResult(flying, {}), now)
            case "late":
                result = dialogue.answered(CallResult("c0", {}), now)
            case "stray":
                result = dialogue.answered(CallResult("stray", {}), now)
            case "tick":
                result = dialogue.tick(now)
            case "bad":
                result = dialogue.unreadable(None, now)
            case "close":
                ended += [one.call.id for one in dialogue.closed(now)]
        if isinstance(result, Ended):
            ended.append(result.call.id)
    ended += [one.call.id for one in dialogue.closed(now)]
    assert sorted(map(str, ended)) == sorted(f"c{number}" for number in range(made))
