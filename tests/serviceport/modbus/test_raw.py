"""Registers as the technician writes them, before and after."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.asks import Ask, Refusal, pdu_of
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.raw import judge, prepare, read_back
from techtool.serviceport.profiles.model import Bus, WriteWith
from techtool.serviceport.profiles.registers import Space
from techtool.station.outcomes import CallRefusedError, Verdict

WRITE = Ask(Space.HOLDING, 261, 1, (160,))


@pytest.mark.parametrize(
    ("action", "payload", "ask"),
    [
        ("read", ["input", 5, 3], Ask(Space.INPUT, 5, 3)),
        ("READ", ["Coil", 20000], Ask(Space.COIL, 20000)),
        ("write", ["holding", 261, 160], WRITE),
        ("write", ["coil", 20000, 1], Ask(Space.COIL, 20000, 1, (1,))),
        ("write", ["holding", 261, [160, 60]], Ask(Space.HOLDING, 261, 2, (160, 60), True)),
    ],
)
def test_a_space_an_address_and_how_many_or_what(action: str, payload: Any, ask: Ask) -> None:
    assert prepare(action, payload, Bus(), force=True) == ask


def test_a_profile_says_how_is_written() -> None:
    together = prepare("write", ["holding", 20, 266], Bus(write=WriteWith.MULTIPLE), force=True)
    assert pdu_of(together)[0] == 16 and pdu_of(WRITE)[0] == 6
    with pytest.raises(CallRefusedError, match="one at a time"):
        prepare("write", ["holding", 261, [1, 2]], Bus(write=WriteWith.SINGLE), force=True)


@pytest.mark.parametrize(
    ("action", "payload", "sentence"),
    [
        ("GetConfiguration", {}, "is neither read nor write"),
        ("read", {}, "takes a list"),
        ("read", ["input", "5"], "takes a list"),
        ("read", ["input", True], "takes a list"),
        ("read", ["registers", 5], "is no space: coil, discrete, input, holding are"),
        ("read", ["input", 65_536], "addresses go from 0 to 65535"),
        ("read", ["input", 65_535, 2], "addresses go from 0 to 65535"),
        ("read", ["input", 5, 126], "125 at once is the most"),
        ("read", ["input", 5, 0], "125 at once is the most"),
        ("read", ["input", 5, "3"], "is a whole number"),
        ("write", ["input", 5, 1], "Modbus writes to no input"),
        ("write", ["holding", 261], "is a number from 0 to 65535"),
        ("write", ["holding", 261, -1], "is a number from 0 to 65535"),
        ("write", ["holding", 261, 1.5], "is a number from 0 to 65535"),
        ("write", ["coil", 1, 2], "is a number from 0 to 1"),
        ("write", ["holding", 261, [1, "x"]], "is a number from 0 to 65535"),
    ],
)
def test_what_modbus_cannot_say_never_goes_out(action: str, payload: Any, sentence: str) -> None:
    with pytest.raises(CallRefusedError, match=sentence):
        prepare(action, payload, Bus(), force=True)


def test_a_write_wants_to_be_meant() -> None:
    with pytest.raises(CallRefusedError, match="--force sends it anyway"):
        prepare("write", ["holding", 261, 160], Bus())


@given(
    st.sampled_from(["read", "write"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists),
)
def test_any_payload_is_asked_or_refused(action: str, payload: Any) -> None:
    try:
        ask = prepare(action, payload, Bus(), force=True)
    except CallRefusedError:
        return
    pdu_of(ask)


def ended(ask: Ask, ending: Ending, answer: Any = None, *, sent: bool = True) -> Ended:
    return Ended(1, ask, ending, answer, 1.0, sent)


def test_a_read_is_proved_by_its_answer() -> None:
    outcome = judge(ended(Ask(Space.INPUT, 5, 2), Ending.ANSWERED, (7, 8)), None, (3, 4))
    assert (outcome.verdict, outcome.records) == (Verdict.PROVED, (3, 4))
    assert outcome.result == {"space": "input", "address": 5, "values": [7, 8]}


@pytest.mark.parametrize(
    ("back", "verdict", "words"),
    [
        ((160,), Verdict.PROVED, "reads back as it was written"),
        ((60,), Verdict.CONTRADICTED, "reads back as 60"),
        (Refusal(2), Verdict.ACCEPTED, "cannot be read back"),
        (None, Verdict.ACCEPTED, "cannot be read back"),
    ],
)
def test_a_write_is_proved_by_what_is_read_back(back: Any, verdict: Verdict, words: str) -> None:
    read = ended(read_back(WRITE), Ending.ANSWERED, back)
    outcome = judge(ended(WRITE, Ending.ANSWERED, (160,)), read)
    assert outcome.verdict is verdict and words in outcome.text


def test_refused_and_unanswered() -> None:
    outcome = judge(ended(WRITE, Ending.REFUSED, Refusal(3)))
    assert outcome.verdict is Verdict.REFUSED and outcome.result == {"exception": 3}
    assert "does not take this value" in outcome.text
    outcome = judge(ended(WRITE, Ending.TIMED_OUT))
    assert outcome.verdict is Verdict.UNANSWERED and "whether it acted on it is unknown" in outcome.text
    assert "never went out" in judge(ended(WRITE, Ending.LINK_LOST, sent=False)).text
    assert "unknown" in judge(ended(WRITE, Ending.LINK_LOST)).text
    assert "unknown" not in judge(ended(Ask(Space.INPUT, 5), Ending.TIMED_OUT)).text
