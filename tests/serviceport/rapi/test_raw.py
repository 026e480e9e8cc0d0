"""RAPI commands before and after."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.raw import judge, prepare
from techtool.station.outcomes import CallRefusedError, Verdict


@pytest.mark.parametrize(
    ("action", "payload", "frame"),
    [
        ("GS", {}, Frame("GS")),
        ("$gv", [], Frame("GV")),
        ("SC", [16, "V"], Frame("SC", ("16", "V"))),
        ("SL", "A", Frame("SL", ("A",))),
        ("$SC 16 V", {}, Frame("SC", ("16", "V"))),
        ("$SC 16 V :2A^5B", {}, Frame("SC", ("16", "V"))),
        ("gs", {}, Frame("GS")),
        ("FF", ["D", 1], Frame("FF", ("D", "1"))),
    ],
)
def test_a_command_is_its_name_and_its_words(action: str, payload: Any, frame: Frame) -> None:
    assert prepare(action, payload) == frame


@pytest.mark.parametrize("value", ["x", "", "300", "2", "-6", "6.5", "\u0661\u0666"])
@pytest.mark.parametrize("force", [False, True])
def test_a_current_that_is_none_never_reaches_the_wire(value: str, force: bool) -> None:
    with pytest.raises(CallRefusedError):
        prepare("SC", [value], force=force)


@pytest.mark.parametrize(
    ("action", "payload", "said"),
    [
        ("SC", ["32", "M"], "once, ever"),
        ("FF", ["E", "1"], "echo stays on"),
        ("FF", ["G", 0], "switches the ground check off"),
        ("FF", ["O", 0], "does not know what O switches"),
        ("FF", ["E", 0], "echo stays on"),
        ("FC", {}, "does not know what this does"),
        ("Z0", [1, 2], "does not know what this does"),
    ],
)
def test_what_cannot_be_undone_wants_force(action: str, payload: Any, said: str) -> None:
    with pytest.raises(CallRefusedError, match=said):
        prepare(action, payload)
    assert prepare(action, payload, force=True).name == action


@pytest.mark.parametrize(
    "line",
    [
        "SC 40 MAX", "SC 16 X", "SC 16 V V", "FF GND 0", "FF G 00", "FF EE 1", "FF G", "FF g 0", "FF G 2",
        "S3 x", "S3 256", "SA x y", "SY x y", "SY 1 2 3", "SV x", "SV 230", "ST 99 99 99 99", "SL x", "SL 12",
        "S5 AM", "S1 26 13 1 0 0 0", "S4 2", "SH -1", "SK", "FB 8", "FP 0 2 x", "FD 1", "FR now",
    ],
)  # fmt: skip
@pytest.mark.parametrize("force", [False, True])
def test_what_a_charger_reads_in_its_own_way_never_goes_out(line: str, force: bool) -> None:
    with pytest.raises(CallRefusedError, match="would read in its own way"):
        prepare(line, {}, force=force)


@pytest.mark.parametrize("payload", [{"a": 1}, [True], [None], [["x"]], ["a b"], ["1\r$FR"]])
def test_what_is_no_list_of_words_is_refused(payload: Any) -> None:
    with pytest.raises(CallRefusedError):
        prepare("SL", payload)


@given(st.text(max_size=6), st.lists(st.text(max_size=8) | st.integers(), max_size=4))
def test_whatever_is_typed_is_a_command_or_refused_in_words(action: str, payload: list[Any]) -> None:
    try:
        assert isinstance(prepare(action, payload), Frame)
    except CallRefusedError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("name", "ending", "verdict"),
    [
        ("GS", Ending.ACCEPTED, Verdict.PROVED),
        ("SC", Ending.ACCEPTED, Verdict.ACCEPTED),
        ("SC", Ending.REFUSED, Verdict.REFUSED),
        ("GS", Ending.TIMED_OUT, Verdict.UNANSWERED),
        ("SC", Ending.LINK_LOST, Verdict.UNANSWERED),
    ],
)
def test_accepted_is_not_done(name: str, ending: Ending, verdict: Verdict) -> None:
    answer = Frame("OK", ("16",)) if ending is Ending.ACCEPTED else None
    outcome = judge(Ended(1, Frame(name), ending, answer, 1.0, True), (7,))
    assert (outcome.verdict, outcome.records) == (verdict, (7,))
    assert outcome.result == (["16"] if answer else None)
    assert ("read it back" in outcome.text) is (verdict is Verdict.REFUSED)
