"""SMP packets out of any bytes, against PyPI smp's codec and what was recorded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smp import packet as theirs

from techtool.serviceport.smp.framing import FLOOD, LINE, MOST_LINE, Framer, Piece, Sort, unwrap, wrap
from techtool.serviceport.smp.messages import Message, packet_of
from tests.serviceport.smp.devices import IMAGE_LIST

ECHO = bytes.fromhex("0b00000700008c00a1617263486921")  # a device's answer, as PyPI smp's documentation has it
LIST = packet_of(Message(1, 1, 0, 66, IMAGE_LIST))
SHORT, LONG = (b"".join(theirs.encode(one, line_length=128)) for one in (ECHO, LIST))
TEXT = st.sampled_from([b"", b"uart:~$ ", b"[00:01,000] \x1b[0m<inf> x: y\r\n", b"\r\n", b"STATE A->B\n", b"\t"])
NOISE = (
    TEXT
    | st.binary(max_size=40)
    | st.sampled_from([b"\x06", b"\x06\x09", b"\x04\x14AAAA\n", SHORT[:9], LONG[:140]])
)
PACKETS = st.binary(min_size=8, max_size=400)


def cut(data: bytes, cuts: list[int]) -> list[Piece]:
    framer = Framer()
    ends = sorted({min(one, len(data)) for one in cuts} | {len(data)})
    pieces = [one for start, end in zip([0, *ends], ends, strict=False) for one in framer.feed(data[start:end])]
    return pieces + framer.flush()


def packets(pieces: list[Piece]) -> list[bytes]:
    return [one.packet for one in pieces if one.sort is Sort.FRAME]


def sorts(data: bytes) -> list[Sort]:
    return [one.sort for one in cut(data, [])]


def test_a_request_goes_out_as_that_of_others_does() -> None:
    """That of the mcumgr program, logged in apache/mynewt-mcumgr, issue 167."""
    image_list = packet_of(Message(0, 1, 0, 66, b"\xa0", version=0))
    assert image_list.hex() == "0000000100014200a0"
    assert wrap(image_list) == b"\x06\x09AAsAAAABAAFCAKD1Mw==\n"


@given(st.binary(min_size=8, max_size=3000))
def test_others_read_what_goes_out_and_no_line_is_too_long(packet: bytes) -> None:
    lines = wrap(packet).splitlines(keepends=True)
    assert max(map(len, lines)) <= LINE == 127
    decoder = theirs.decode()
    next(decoder)
    with pytest.raises(StopIteration) as whole:
        for line in lines:
            decoder.send(line)
    assert whole.value.value == packet
    assert unwrap(b"".join(lines)) == packet


@given(st.binary(min_size=8, max_size=3000), st.integers(8, 200))
def test_what_others_send_is_read(packet: bytes, line: int) -> None:
    assert unwrap(b"".join(theirs.encode(packet, line_length=line))) == packet


def test_what_is_longer_than_can_be_announced_is_not_sent() -> None:
    with pytest.raises(ValueError, match="too many"):
        wrap(bytes(65_534))
    longest = wrap(bytes(65_533))
    assert unwrap(longest) == bytes(65_533)


@pytest.mark.parametrize("whole", [SHORT, LONG])
def test_however_it_is_cut_in_two(whole: bytes) -> None:
    for at in range(1, len(whole)):
        assert [one.data for one in cut(whole, [at])] == [whole]


def test_byte_by_byte_and_two_at_once() -> None:
    both = SHORT + LONG
    for cuts in ([], list(range(len(both)))):
        assert cut(both, cuts) == [Piece(Sort.FRAME, SHORT, ECHO), Piece(Sort.FRAME, LONG, LIST)]


@pytest.mark.parametrize(("whole", "packet"), [(SHORT, ECHO), (LONG, LIST)])
def test_no_answer_with_a_flipped_bit_is_another_one(whole: bytes, packet: bytes) -> None:
    for bit in range(8 * len(whole)):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        assert packets(cut(bytes(data) + SHORT, [])) in ([ECHO], [packet, ECHO]), f"bit {bit}"


@given(NOISE, NOISE, PACKETS, st.lists(st.integers(0, 900)))
def test_noise_around_it_hides_nothing(before: bytes, after: bytes, packet: bytes, cuts: list[int]) -> None:
    data = before + wrap(packet) + after
    pieces = cut(data, cuts)
    assert b"".join(one.data for one in pieces) == data, "every byte comes out once, in its order"
    found = packets(pieces)
    assert packet in found and all(one == packet or wrap(one) in before + after for one in found)


@given(st.lists(TEXT, min_size=5, max_size=5), st.lists(st.integers(0, 900)))
def test_text_between_its_lines_hides_nothing(texts: list[bytes], cuts: list[int]) -> None:
    lines = LONG.splitlines(keepends=True)
    data = b"".join(text + line for text, line in zip(texts, [*lines, b""], strict=False))
    pieces = cut(data, cuts)
    assert packets(pieces) == [LIST]
    assert sorted(b"".join(one.data for one in pieces)) == sorted(data), "every byte comes out once"


@given(st.lists(st.binary(max_size=300) | st.sampled_from([SHORT, LONG, LONG[:50]]), max_size=20))
def test_any_bytes_come_out_and_only_whole_packets_are_believed(chunks: list[bytes]) -> None:
    framer = Framer()
    pieces = [piece for chunk in chunks for piece in framer.feed(chunk)] + framer.flush()
    assert sorted(b"".join(one.data for one in pieces)) == sorted(b"".join(chunks))
    for one in pieces:
        assert one.sort is not Sort.FRAME or unwrap(one.data) == one.packet
    assert framer.flush() == []


def test_text_and_noise_are_told_apart() -> None:
    assert sorts(b"uart:~$ kernel\r\n") == [Sort.CHATTER]
    assert sorts(b"\xff\xfe\x80\x81\n") == [Sort.NOISE]
    assert sorts(b"uart:~$ " + SHORT + b"ok\n") == [Sort.CHATTER, Sort.FRAME, Sort.CHATTER]


@pytest.mark.parametrize(
    "damaged",
    [
        SHORT.replace(b"A", b"!", 1),
        SHORT[:-2] + b"\n",
        LONG.replace(b"\x04\x14", b"\x06\x09", 1),
        b"\x04\x14AAAA\n",
        b"\x06\x09\n",
        b"\x06\x09AAA=\n",
        b"\x06\x09AAQAAAAA\n",
        b"\x06\x09" + b"A" * (MOST_LINE + 1) + b"\n",
        b"\x06\x09" + b"A" * (3 * MOST_LINE),
    ],
)
def test_what_is_damaged_is_noise_and_the_next_is_read(damaged: bytes) -> None:
    pieces = cut(damaged + SHORT, [])
    assert [one.sort for one in pieces] == [Sort.NOISE, Sort.FRAME] and pieces[0].data == damaged


def test_a_prompt_is_given_out_when_it_is_still_and_half_a_packet_is_kept() -> None:
    framer = Framer()
    assert framer.feed(b"uart:~$ ") == []
    assert framer.still() == [Piece(Sort.CHATTER, b"uart:~$ ")]
    assert framer.feed(LONG[:200]) == [] and framer.still() == []
    assert framer.feed(LONG[200:]) == [Piece(Sort.FRAME, LONG, LIST)]
    framer.feed(LONG[:200])
    assert framer.flush() == [Piece(Sort.NOISE, LONG[:200])]


def test_a_flood_is_neither_held_nor_cut_to_pieces() -> None:
    framer = Framer()
    endless = framer.feed(b"y" * 300_000)
    assert sum(len(one.data) for one in endless) > 300_000 - 2 * MOST_LINE
    lines = Framer().feed(b"y\n" * 30_000)
    assert len(lines) <= FLOOD + 1 and sum(len(one.data) for one in lines) == 60_000
    endless = Framer().feed(b"\x06\x09" + b"A" * 300_000)
    assert sum(len(one.data) for one in endless) > 299_000 and {one.sort for one in endless} == {Sort.NOISE}
