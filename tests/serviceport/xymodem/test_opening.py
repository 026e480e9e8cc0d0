"""A receiver's letter, and a console that says CPU."""

from __future__ import annotations

import pytest

from techtool.serviceport.xymodem.opening import QUIET_S, Opening
from techtool.serviceport.xymodem.packets import CRC, NAK, STREAM

LETTERS = [(b"C", CRC), (b"\x15", NAK), (b"GG", STREAM)]
BEFORE = [
    b"",
    b"Send the file now\r\n",
    b"Waiting... ",
    b"\x15",
    b"## Ready for binary (ymodem) download\r\n",
    b"\xff",
]


def after(data: bytes, seconds: float) -> int | None:
    opening = Opening()
    opening.heard(data, 10.0)
    return opening.letter(10.0 + seconds)


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(("said", "letter"), LETTERS)
def test_a_letter_counts_when_nothing_follows(before: bytes, said: bytes, letter: int) -> None:
    assert after(before + said, 0.0) is None
    assert after(before + said, QUIET_S) == letter


def test_many_of_them_need_no_silence() -> None:
    assert after(b"CCC", 0.0) == CRC
    assert after(b"login:CCC", 0.0) == CRC


@pytest.mark.parametrize(
    "text", [b"", b"CPU: 240 MHz\r\n", b"U-Boot SPL Console", b"ABC", b"DC", b"CC\r\n", b"OK\n", b"G"]
)
def test_text_is_no_letter(text: bytes) -> None:
    assert after(text, 60.0) is None


def test_a_word_may_come_in_pieces() -> None:
    opening = Opening()
    opening.heard(b"C", 10.0)
    assert opening.deadline == 10.0 + QUIET_S
    opening.heard(b"PU: ", 10.0 + QUIET_S / 2)
    assert opening.letter(11.0) is None and opening.deadline == float("inf")
    opening.heard(b"ok\r\nC", 12.0)
    assert opening.letter(12.0 + QUIET_S) == CRC


def test_what_is_kept_has_an_end() -> None:
    opening = Opening()
    for _ in range(100):
        opening.heard(b"boot " * 100, 0.0)
    assert 0 < len(opening.said) < 1000
