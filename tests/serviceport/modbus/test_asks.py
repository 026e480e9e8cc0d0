"""Requests and answers inside their frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.asks import Ask, Refusal, answer_of, ask_of, pdu_of
from techtool.serviceport.profiles.registers import Space

READS = st.builds(Ask, st.sampled_from(Space), st.integers(0, 60_000), st.integers(1, 125))
WORDS = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=123)
BITS = st.lists(st.integers(0, 1), min_size=1, max_size=123)
WRITES = st.one_of(
    st.builds(
        lambda at, words: Ask(Space.HOLDING, at, len(words), tuple(words), True), st.integers(0, 60_000), WORDS
    ),
    st.builds(lambda at, bits: Ask(Space.COIL, at, len(bits), tuple(bits), True), st.integers(0, 60_000), BITS),
    st.builds(lambda at, word: Ask(Space.HOLDING, at, 1, (word,)), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF)),
    st.builds(lambda at, bit: Ask(Space.COIL, at, 1, (bit,)), st.integers(0, 0xFFFF), st.integers(0, 1)),
)


@given(READS | WRITES)
def test_what_is_asked_is_read_as_it_was_meant(ask: Ask) -> None:
    assert ask_of(pdu_of(ask)) == ask


@given(st.binary(max_size=260), READS | WRITES)
def test_any_bytes_are_a_request_an_answer_or_nothing(data: bytes, ask: Ask) -> None:
    ask_of(data)
    answer = answer_of(ask, data)
    assert answer is None or isinstance(answer, Refusal) or len(answer) == ask.count


@pytest.mark.parametrize(
    ("ask", "pdu", "answer"),
    [
        # MODBUS Application Protocol Specification V1.1b3, the examples of 6.1, 6.3, 6.4, 6.5, 6.6, 6.11, 6.12, 7
        (Ask(Space.COIL, 19, 19), "0103cd6b05", (1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1)),
        (Ask(Space.HOLDING, 107, 3), "0306022b00000064", (555, 0, 100)),
        (Ask(Space.INPUT, 8, 1), "0402000a", (10,)),
        (Ask(Space.COIL, 172, 1, (1,)), "0500acff00", (1,)),
        (Ask(Space.HOLDING, 1, 1, (3,)), "0600010003", (3,)),
        (Ask(Space.COIL, 19, 10, (1,) * 10, True), "0f0013000a", (1,) * 10),
        (Ask(Space.HOLDING, 1, 2, (10, 258), True), "1000010002", (10, 258)),
        (Ask(Space.COIL, 1185, 1), "8102", Refusal(2)),
        # what is none
        (Ask(Space.HOLDING, 107, 3), "0304022b0000", None),
        (Ask(Space.HOLDING, 107, 3), "0406022b00000064", None),
        (Ask(Space.HOLDING, 107, 3), "0308022b00000064", None),
        (Ask(Space.HOLDING, 1, 1, (3,)), "0600020003", None),
        (Ask(Space.HOLDING, 1, 2, (10, 258), True), "1000010001", None),
        (Ask(Space.HOLDING, 1, 1), "8402", None),
    ],
)
def test_answers(ask: Ask, pdu: str, answer: object) -> None:
    assert answer_of(ask, bytes.fromhex(pdu)) == answer


@pytest.mark.parametrize(
    "ask",
    [
        Ask(Space.INPUT, 65_535, 2),
        Ask(Space.INPUT, -1),
        Ask(Space.HOLDING, 0, 126),
        Ask(Space.COIL, 0, 2001),
        Ask(Space.INPUT, 0, 1, (1,)),
        Ask(Space.HOLDING, 0, 124, (1,) * 124, True),
        Ask(Space.HOLDING, 0, 2, (1,), True),
    ],
)
def test_what_modbus_cannot_ask_is_refused(ask: Ask) -> None:
    with pytest.raises(ValueError, match=r"at once is the most|cannot be written"):
        pdu_of(ask)


def test_refusals_have_words() -> None:
    assert Refusal(2).words == "it has no such address (2)"
    assert "does not know (224)" in Refusal(224).words
