"""Which steps a transfer has, and what they carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.packets import Check
from techtool.serviceport.xymodem.script import Script, Sort, Step, Variant


def steps(script: Script) -> Iterator[Step]:
    step: Step | None = script.first()
    while step is not None:
        yield step
        step = script.after(step)


def made(sizes: Sequence[int], variant: Variant) -> Script:
    return Script([Image.of(f"{size}.bin", bytes(size)) for size in sizes], variant)


def lengths(script: Script) -> list[int]:
    return [len(script.packet(step)) for step in steps(script)]


TAILS = {
    0: [], 1: [133], 128: [133], 129: [133] * 2, 896: [133] * 7, 897: [1029], 1024: [1029], 1025: [1029, 133],
    2047: [1029] * 2,
}  # fmt: skip


@pytest.mark.parametrize(("size", "blocks"), TAILS.items())
def test_a_short_tail_goes_in_small_blocks(size: int, blocks: list[int]) -> None:
    assert lengths(made([size], Variant.YMODEM)) == [133, *blocks, 1, 133]
    assert lengths(made([size], Variant.XMODEM_1K)) == [*blocks, 1]


def test_small_blocks_alone_for_those_that_know_no_others() -> None:
    assert lengths(made([1025], Variant.XMODEM)) == [133] * 9 + [1]
    old = made([1025], Variant.XMODEM_1K)
    old.check = Check.SUM
    assert lengths(old) == [132] * 9 + [1]


def test_a_batch_is_announced_file_by_file_and_closed() -> None:
    script = made([1500, 0], Variant.YMODEM)
    assert [(step.sort, step.file, step.number, step.asked) for step in steps(script)] == [
        (Sort.HEADER, 0, 0, True), (Sort.DATA, 0, 1, True), (Sort.DATA, 0, 2, False), (Sort.DATA, 0, 3, False),
        (Sort.DATA, 0, 4, False), (Sort.DATA, 0, 5, False), (Sort.END, 0, 0, False),
        (Sort.HEADER, 1, 0, True), (Sort.END, 1, 0, True), (Sort.CLOSE, 2, 0, True),
    ]  # fmt: skip


@given(st.lists(st.binary(max_size=5000), min_size=1, max_size=3))
def test_the_blocks_are_the_files(contents: list[bytes]) -> None:
    script = Script([Image.of("x", content) for content in contents], Variant.YMODEM)
    carried = [bytearray() for _ in contents]
    reached = 0
    for step in steps(script):
        if step.sort is Sort.DATA:
            carried[step.file] += script.packet(step)[3:-2][: step.size]
        assert script.reached(step, False) == reached
        reached = script.reached(step, True)
    assert carried == contents and reached == script.total


def test_what_cannot_be_one_transfer() -> None:
    with pytest.raises(ValueError, match="0 files by ymodem"):
        made([], Variant.YMODEM)
    with pytest.raises(ValueError, match="2 files by xmodem-1k"):
        made([1, 1], Variant.XMODEM_1K)


def test_a_large_image_is_not_copied() -> None:
    data = memoryview(bytearray(100_000_000))
    script = Script([Image.of("fw.bin", data)], Variant.YMODEM)
    assert script.images[0].data.obj is data.obj
