"""Bytes of a console as pieces, however they come."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.console.framing import BURST, MOST_HELD, PROMPT_S, QUIET_S, Framer, Piece, Sort
from techtool.serviceport.console.texts import text_of
from techtool.serviceport.profiles.console import Habits
from tests.serviceport.console.consoles import profile_of

ZEPHYR = profile_of("zephyr-shell").habits
SMART = profile_of("smartevse-v2-cli").habits
PROMPT = b"\x1b[1;32muart:~$ \x1b[m"


def cut(*parts: bytes, habits: Habits = ZEPHYR) -> list[Piece]:
    framer = Framer(habits, 0.0)
    return [piece for part in parts for piece in framer.feed(part, 0.0)] + framer.flush()


def after(data: bytes, silence: float, habits: Habits = ZEPHYR) -> list[tuple[Sort, bytes]]:
    framer = Framer(habits, 0.0)
    return [tuple(one) for one in (*framer.feed(data, 0.0), *framer.tick(silence))]  # type: ignore[misc]


@given(st.lists(st.binary(max_size=60) | st.sampled_from([b"\r", b"\n", PROMPT, b"ok\r\n"]), max_size=20))
def test_every_byte_comes_out_once_and_in_order(parts: list[bytes]) -> None:
    assert b"".join(one.data for one in cut(*parts)) == b"".join(parts)


@given(
    st.lists(st.binary(max_size=30) | st.sampled_from([b"\r", b"\n", b"\r\n", b"x" * MOST_HELD]), max_size=12),
    st.data(),
)
def test_lines_are_the_same_however_they_are_cut(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    places = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[a:b] for a, b in zip([0, *places], [*places, len(whole)], strict=True)]
    assert cut(*pieces) == cut(whole)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\r\nb\r\n", [b"a\r\n", b"b\r\n"]),
        (b"a\nb\n", [b"a\n", b"b\n"]),
        (b"a\rb\r\n", [b"a\r", b"b\r\n"]),
        (b"MAX\r\nWARNING\n", [b"MAX\r\n", b"WARNING\n"]),
        (b"a\r\r\n", [b"a\r", b"\r\n"]),
    ],
)
def test_every_end_of_a_line_is_one(data: bytes, lines: list[bytes]) -> None:
    assert [one.data for one in cut(data)] == lines
    assert {one.sort for one in cut(data)} == {Sort.LINE}


def test_a_prompt_is_one_when_nothing_follows_it() -> None:
    assert after(PROMPT, PROMPT_S / 2) == []
    assert after(PROMPT, PROMPT_S) == [(Sort.PROMPT, PROMPT)]
    assert after(b"\n>", PROMPT_S, SMART) == [(Sort.LINE, b"\n"), (Sort.PROMPT, b">")]
    asks = b"Enter new MAX Charge Current (6-80): "
    assert after(asks, PROMPT_S, SMART) == [(Sort.INPUT, asks)]


def test_a_prompt_in_two_reads_is_one_prompt() -> None:
    framer = Framer(ZEPHYR, 0.0)
    assert framer.feed(PROMPT[:9], 0.0) == [] and framer.tick(0.2) == []
    assert framer.feed(PROMPT[9:], 0.2) == [] and framer.tick(0.2 + PROMPT_S) == [(Sort.PROMPT, PROMPT)]


def test_half_a_line_is_kept_for_a_while_and_then_shown() -> None:
    assert after(b"login: ", PROMPT_S) == []
    framer = Framer(ZEPHYR, 0.0)
    framer.feed(b"login: ", 0.0)
    assert framer.tick(PROMPT_S) == [] and framer.deadline == QUIET_S
    assert framer.tick(QUIET_S) == [(Sort.PART, b"login: ")] and framer.deadline is None


def test_bytes_that_are_no_text_are_junk() -> None:
    garbled = bytes(byte | 0x80 for byte in b"uart:~$ kernel\r\n")
    assert {one.sort for one in cut(garbled)} == {Sort.JUNK}
    assert [one.sort for one in cut(b"\0\0*** Booting Zephyr OS ***\r\n")] == [Sort.LINE]
    assert [one.sort for one in cut(b"21 \xb0C\n", habits=SMART)] == [Sort.LINE]


def test_a_line_without_an_end_is_bounded() -> None:
    framer, chunk, said, held = Framer(ZEPHYR, 0.0), b"y" * 4096, 0, 0
    for number in range(2500):
        pieces = framer.feed(chunk, number / 2500)
        said += sum(len(one.data) for one in pieces)
        assert len(pieces) <= 5
        held = max(held, 4096 * (number + 1) - said)
    assert held <= MOST_HELD


def test_a_flood_of_lines_is_kept_together_and_takes_no_time() -> None:
    framer, chunk = Framer(ZEPHYR, 0.0), b"y\n" * 2048
    began, pieces = time.process_time(), 0
    for number in range(250):
        pieces += len(framer.feed(chunk, number / 2500))
    assert pieces < BURST + 500 + 250
    assert time.process_time() - began < 3, "a megabyte; the machine may be busy"


def test_what_a_log_wipes_away_is_not_read() -> None:
    line = PROMPT + b"\x1b[8D\x1b[J[00:00:01.250,000] \x1b[0m<inf> charger: B\x1b[0m\r\n"
    assert text_of(line, ZEPHYR) == "[00:00:01.250,000] <inf> charger: B"


@pytest.mark.parametrize("hostile", [b"\x1b]52;c;ZXZpbA==\x07", b"[red]x[/red]", "\u202egnp.exe".encode()])
def test_hostile_text_is_only_text(hostile: bytes) -> None:
    (piece,) = cut(hostile + b"\r\n")
    assert piece == (Sort.LINE, hostile + b"\r\n") and "\x1b" not in text_of(piece.data, ZEPHYR)
