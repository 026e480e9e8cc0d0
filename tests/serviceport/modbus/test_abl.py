"""ABL's own framing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.abl import ABL_ASCII, Framer
from techtool.serviceport.modbus.asks import Ask, pdu_of
from techtool.serviceport.modbus.framing import Piece, Sort
from techtool.serviceport.profiles.registers import Space

ASK = Ask(Space.HOLDING, 0x2E, 5)
SENT = b":0103002E0005C9\r\n"
ANSWER = b">01030A2EA1106403E803E803E8EE\r\n"
"""Recorded: evcc-io/evcc issue 526."""
SAID = (0x2EA1, 0x1064, 1000, 1000, 1000)


def framer() -> Framer:
    made = ABL_ASCII.framer()
    made.expect(1, ASK, SENT)
    return made


def test_it_is_asked_and_answered_as_recorded() -> None:
    assert ABL_ASCII.wrap(1, pdu_of(ASK)) == SENT
    assert framer().feed(ANSWER) == [Piece(Sort.ANSWER, ANSWER, SAID)]


def test_an_echo_begins_with_another_sign() -> None:
    assert [one.sort for one in framer().feed(SENT + ANSWER)] == [Sort.ECHO, Sort.ANSWER]


@pytest.mark.parametrize("bit", range(8 * len(ANSWER)))
def test_no_answer_with_a_flipped_bit_is_believed(bit: int) -> None:
    data = bytearray(ANSWER)
    data[bit // 8] ^= 1 << bit % 8
    made = framer()
    believed = [one for one in (*made.feed(bytes(data)), *made.flush()) if one.sort is Sort.ANSWER]
    # a digit of hex may become the same digit in the other case, which says the same
    assert all(one.answer == SAID for one in believed)
    assert not believed or bytes(data).upper() == ANSWER


def test_the_first_byte_repeats_the_address() -> None:
    body = bytes.fromhex("01030a2fa1106403e803e803e8")
    line = b">" + (body + bytes((-sum(body) & 0xFF,))).hex().upper().encode() + b"\r\n"
    assert [one.sort for one in framer().feed(line)] == [Sort.NOISE]


@given(st.binary(max_size=60), st.integers(1, len(ANSWER) - 1))
def test_noise_before_it_and_any_cut_change_nothing(noise: bytes, at: int) -> None:
    made = framer()
    pieces = [*made.feed(noise + ANSWER[:at]), *made.feed(ANSWER[at:]), *made.flush()]
    assert b"".join(one.data for one in pieces) == noise + ANSWER
    assert [one.data for one in pieces if one.sort is Sort.ANSWER] == [ANSWER]


@given(st.binary(max_size=2000))
def test_any_bytes_come_out_as_they_went_in(data: bytes) -> None:
    made = framer()
    assert b"".join(one.data for one in (*made.feed(data), *made.flush())) == data
    ABL_ASCII.unwrap(data)
