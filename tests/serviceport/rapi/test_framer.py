"""Noise, pieces and merged lines: the same frames come out, and no byte is lost."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.framer import MAX_PIECE, Framer, Piece, Sort
from techtool.serviceport.rapi.frames import Frame, decode

BOOT = (
    b"\nrelayCloseMs: 100\r\n\nrelayHoldPwm: 255\r\n"
    b"$AT 00 00 0 0200^03\r$AB 00 8.2.3.EU^20\r$OK 01 0 01 0200 :2A^7B\r"
)
FRAMES = st.sampled_from([b"$OK^20", b"$NK^21", b"$AT 01 01 32 0200^32", b"$OK 01 0 01 0200 :2A^7B"])


def all_of(data: bytes, *more: bytes) -> list[Piece]:
    framer = Framer()
    return [piece for part in (data, *more) for piece in framer.feed(part)] + framer.flush()


def frames(pieces: list[Piece]) -> list[Frame]:
    return [piece.frame for piece in pieces if piece.frame is not None]


def test_boot_text_stands_beside_the_frames() -> None:
    pieces = all_of(BOOT)
    assert [one.data.strip() for one in pieces if one.sort is Sort.CHATTER and one.data.strip()] == [
        b"relayCloseMs: 100",
        b"relayHoldPwm: 255",
    ]
    assert [one.name for one in frames(pieces)] == ["AT", "AB", "OK"]
    assert Sort.JUNK not in {one.sort for one in pieces}


def test_however_it_is_cut_it_is_the_same() -> None:
    whole = all_of(BOOT)
    for cut in range(len(BOOT)):
        assert all_of(BOOT[:cut], BOOT[cut:]) == whole
    assert all_of(b"", *(BOOT[place : place + 1] for place in range(len(BOOT)))) == whole


@given(st.lists(st.tuples(st.binary(max_size=20).filter(lambda junk: b"$" not in junk), FRAMES), max_size=8))
def test_exactly_the_valid_frames_come_out_of_noise(said: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(junk + frame + b"\r" for junk, frame in said)
    pieces = all_of(data)
    assert frames(pieces) == [decode(frame) for _, frame in said]
    assert b"".join(one.data for one in pieces) == data


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_byte_is_lost_and_none_is_held_for_long(parts: list[bytes]) -> None:
    framer = Framer()
    pieces = [piece for part in parts for piece in framer.feed(part)]
    left = framer.flush()
    assert b"".join(one.data for one in [*pieces, *left]) == b"".join(parts)
    assert all(0 < len(one.data) <= MAX_PIECE for one in [*pieces, *left])
    assert framer.flush() == []


def test_what_has_no_end_is_given_out_in_pieces_and_a_frame_after_it_is_whole() -> None:
    pieces = all_of(b"y" * 1000, b"$OK " + b"1" * 1000, b"\r$OK^20\r")
    assert max(len(one.data) for one in pieces) == MAX_PIECE == 256
    assert frames(pieces) == [Frame("OK")]
    (long,) = [one for one in pieces if one.data[:1] == b"$" and one.frame is None]
    assert (long.sort, long.reason) == (Sort.JUNK, "a frame without its end")


def test_a_flood_takes_no_room() -> None:
    framer, chunk = Framer(), b"y" * 4096
    tracemalloc.start()
    try:
        for _ in range(100):
            framer.feed(chunk)
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


def test_a_frame_that_a_new_one_cuts_off_is_junk_with_its_reason() -> None:
    cut, whole = all_of(b"$OK 01 0$OK^20\r")
    assert (cut.sort, cut.data, cut.reason) == (Sort.JUNK, b"$OK 01 0", "a frame without its end")
    assert whole.frame == Frame("OK")
    (broken,) = all_of(b"$OK 01 0 01 0200 :2A^7C\r")
    assert broken.reason == "a broken frame: its checksum is 7C, and should be 7B"
