"""RTU frames out of any bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.asks import Ask, Refusal, pdu_of
from techtool.serviceport.modbus.framing import Piece, Sort
from techtool.serviceport.modbus.rtu import RTU, Framer
from techtool.serviceport.profiles.registers import Space

ASK = Ask(Space.INPUT, 5, 3)
SENT = RTU.wrap(1, pdu_of(ASK))
ANSWER = RTU.wrap(1, bytes.fromhex("04060007007b0000"))
REFUSAL = RTU.wrap(1, bytes.fromhex("8402"))
SINGLE = Ask(Space.HOLDING, 261, 1, (160,))
WRITTEN = RTU.wrap(1, pdu_of(SINGLE))


def framer(ask: Ask = ASK) -> Framer:
    made = RTU.framer()
    made.expect(1, ask, RTU.wrap(1, pdu_of(ask)))
    return made


def sorts(pieces: list[Piece]) -> list[Sort]:
    return [one.sort for one in pieces]


def test_the_checksum_is_that_of_the_standard() -> None:
    assert (
        RTU.wrap(17, bytes.fromhex("03006b0003")).hex() == "1103006b00037687"
    )  # an example that many documents have
    assert RTU.unwrap(SENT) == (1, pdu_of(ASK))
    assert RTU.unwrap(SENT[:-1] + b"\0") is None


def test_an_answer_and_a_refusal() -> None:
    (piece,) = framer().feed(ANSWER)
    assert piece == Piece(Sort.ANSWER, ANSWER, (7, 123, 0))
    (piece,) = framer().feed(REFUSAL)
    assert piece == Piece(Sort.ANSWER, REFUSAL, Refusal(2))


@pytest.mark.parametrize("at", range(1, len(ANSWER)))
def test_however_it_is_cut(at: int) -> None:
    made = framer()
    assert made.feed(ANSWER[:at]) == []
    assert made.feed(ANSWER[at:]) == [Piece(Sort.ANSWER, ANSWER, (7, 123, 0))]


@pytest.mark.parametrize("bit", range(8 * len(ANSWER)))
def test_no_answer_with_a_flipped_bit_is_believed(bit: int) -> None:
    data = bytearray(ANSWER)
    data[bit // 8] ^= 1 << bit % 8
    made = framer()
    pieces = [*made.feed(bytes(data)), *made.flush()]
    assert sorts(pieces) == [Sort.NOISE] and pieces[0].data == data


@pytest.mark.parametrize("bit", range(8 * len(REFUSAL)))
def test_no_refusal_with_a_flipped_bit_is_believed(bit: int) -> None:
    data = bytearray(REFUSAL)
    data[bit // 8] ^= 1 << bit % 8
    made = framer()
    assert Sort.ANSWER not in sorts([*made.feed(bytes(data)), *made.flush()])


NOISE = st.binary(max_size=40) | st.sampled_from(
    [b"\x01", b"\x01\x04", b"\x01\x04\x06\x00", b"\x01\x84", SENT[:5]]
)


@given(NOISE, NOISE, st.sampled_from([ANSWER, REFUSAL]), st.lists(st.integers(0, 100)))
def test_noise_around_it_hides_nothing(before: bytes, after: bytes, answer: bytes, cuts: list[int]) -> None:
    data = before + answer + after
    made = framer()
    pieces: list[Piece] = []
    ends = sorted({min(cut, len(data)) for cut in cuts} | {len(data)})
    for begin, end in zip([0, *ends], ends, strict=False):
        pieces += made.feed(data[begin:end])
    pieces += made.flush()
    assert b"".join(one.data for one in pieces) == data, "every byte comes out once, in its order"
    assert [one.data for one in pieces if one.sort is Sort.ANSWER] == [answer]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_any_bytes_come_out_as_they_went_in(chunks: list[bytes]) -> None:
    made = framer()
    pieces = [piece for chunk in chunks for piece in made.feed(chunk)] + made.flush()
    assert b"".join(one.data for one in pieces) == b"".join(chunks)
    assert made.flush() == []


def test_a_flood_is_not_held() -> None:
    made = framer()
    assert sum(len(one.data) for one in made.feed(b"y" * 100_000)) == 100_000


def test_an_echo_of_a_read_is_none_of_its_answers() -> None:
    pieces = framer().feed(SENT + ANSWER)
    assert sorts(pieces) == [Sort.ECHO, Sort.ANSWER]


def test_the_echo_of_a_write_is_not_taken_for_its_answer() -> None:
    made = framer()
    made.feed(SENT + ANSWER)
    made.expect(1, SINGLE, WRITTEN)
    assert sorts(made.feed(WRITTEN)) == [Sort.ECHO]
    assert sorts(made.feed(WRITTEN)) == [Sort.ANSWER]


def test_without_an_echo_what_comes_back_is_the_answer_of_a_write() -> None:
    made = framer()
    made.feed(ANSWER)
    made.expect(1, SINGLE, WRITTEN)
    assert made.feed(WRITTEN) == [Piece(Sort.ANSWER, WRITTEN, (160,))]


def test_before_anything_is_known_a_write_is_not_proved_by_what_may_be_its_echo() -> None:
    assert sorts(framer(SINGLE).feed(WRITTEN)) == [Sort.ECHO]


def test_another_unit_is_not_listened_to() -> None:
    made = framer()
    other = RTU.wrap(2, bytes.fromhex("04060007007b0000"))
    assert sorts([*made.feed(other), *made.flush()]) == [Sort.NOISE]
