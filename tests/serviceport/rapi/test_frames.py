"""RAPI frames, against the dialogue of the real firmware."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import MAX_LINE, Frame, FrameError, decode, encode

RECORDED = Path(__file__).parents[2] / "frames" / "openevse-rapi.txt"
_LINE = re.compile(r"\s*[\d.]+ (->|<-) (raw )?(b'.*')$")
ANSWER = b"$OK 01 0 01 0200 :2A^7B"


def recorded(way: str) -> list[bytes]:
    """What the firmware said, or was told, as techtool would."""
    found = (_LINE.match(line) for line in RECORDED.read_text().splitlines())
    return [ast.literal_eval(one[3]) for one in found if one is not None and one[1] == way and not one[2]]


def dialogue() -> list[Frame]:
    """All frames of the recording in their order, of both sides."""
    found = (_LINE.match(line) for line in RECORDED.read_text().splitlines())
    lines = (ast.literal_eval(one[3]).rstrip(b"\r") for one in found if one is not None and not one[2])
    return [decode(line) for line in lines if line[:1] == b"$" and b"*" not in line]


def test_everything_that_the_firmware_said_is_read() -> None:
    frames = [decode(line) for line in recorded("<-") if line.startswith(b"$")]
    assert len(frames) > 50
    assert Frame("OK", ("8.2.3.EU", "5.2.1")) in frames
    assert Frame("OK", ("01", "0", "01", "0200"), "2A") in frames
    assert Frame("AT", ("06", "03", "32", "0582")) in frames
    assert Frame("NK") in frames


def test_what_the_firmware_was_told_is_written_byte_for_byte() -> None:
    told = [line for line in recorded("->") if b"*" not in line]
    assert len(told) > 30
    for line in told:
        assert encode(decode(line.rstrip(b"\r"))) == line


@pytest.mark.parametrize("place", range(len(ANSWER)))
def test_no_flipped_bit_is_taken_for_the_answer(place: int) -> None:
    for bit in range(8):
        flipped = bytearray(ANSWER)
        flipped[place] ^= 1 << bit
        try:
            frame = decode(bytes(flipped))
        except FrameError:
            continue
        assert frame == decode(ANSWER), "only the case of the checksum's digits may differ"


@given(
    st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True),
    st.lists(st.from_regex(r"[0-9a-zA-Z.\-]{1,4}", fullmatch=True), max_size=4),
    st.none() | st.integers(1, 255),
)
def test_what_is_written_is_read_back(name: str, arguments: list[str], sequence: int | None) -> None:
    frame = Frame(name, tuple(arguments), None if sequence is None else f"{sequence:02X}")
    line = encode(frame)
    assert line[-1:] == b"\r" and len(line) <= MAX_LINE + 1
    assert decode(line[:-1]) == frame


@pytest.mark.parametrize(
    "frame",
    [
        Frame("SC", ("16\r$FR",)),
        Frame("SC", ("16 V",)),
        Frame("SC", ("",)),
        Frame("SC", ("1^6",)),
        Frame("SC", ("ä",)),
        Frame("sc", ("16",)),
        Frame("SCX"),
        Frame("GS", (), "00"),
        Frame("GS", (), "2a"),
        Frame("FP", ("0", "0", "a.long.line.of.text.to.show")),
        Frame("SC", tuple("1234567890")),
    ],
)
def test_what_a_charger_would_drop_or_misread_is_not_written(frame: Frame) -> None:
    with pytest.raises(FrameError):
        encode(frame)


@given(st.binary(max_size=40))
def test_any_line_is_a_frame_or_said_to_be_none(line: bytes) -> None:
    for one in (line, b"$" + line, b"$OK" + line):
        try:
            assert isinstance(decode(one), Frame)
        except FrameError as error:
            assert str(error)
