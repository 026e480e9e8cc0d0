"""What a receiver is told of a file: never where it lies on the laptop."""

from __future__ import annotations

import mmap

import pytest

from techtool.serviceport.xymodem.images import Image, ImageError


@pytest.mark.parametrize(
    "path", ["fw.bin", "/home/anna/secret customer/fw.bin", "..\\..\\fw.bin", "C:\\images\\fw.bin", "../fw.bin"]
)
def test_only_the_last_part_of_a_path_is_told(path: str) -> None:
    assert Image.of(path, b"abc").told == b"fw.bin\x003\x00"


def test_the_time_is_told_in_octal_if_it_is_known() -> None:
    assert Image.of("fw.bin", bytes(4711), 1_700_000_000.9).told == b"fw.bin\x004711 14524770400\x00"
    assert Image.of("fw.bin", b"", -1).told == b"fw.bin\x000\x00"


@pytest.mark.parametrize("name", ["", "/", "..", ".", "a\0b", "a\nb", "\x1b[2J", "\u202efw.bin"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ImageError, match="is no name for a file"):
        Image.of(name, b"")


def test_a_name_that_block_0_cannot_hold_is_refused() -> None:
    assert len(Image.of("x" * 1021, b"").told) == 1024
    with pytest.raises(ImageError, match="too long"):
        Image.of("x" * 1022, b"")


def test_the_bytes_stay_where_they_are() -> None:
    with mmap.mmap(-1, 4096) as mapped:
        image = Image.of("fw.bin", mapped)
        mapped[0] = 0x55
        assert image.data[0] == 0x55
        image.data.release()
