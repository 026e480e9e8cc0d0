"""The bytes on the wire, against values that are not from here."""

from __future__ import annotations

import pytest

from techtool.serviceport.xymodem.packets import Check, block, header


def test_a_block_with_a_crc() -> None:
    made = block(1, b"123456789", 128, Check.CRC)
    assert made[:3] == b"\x01\x01\xfe" and made[3:131] == b"123456789" + b"\x1a" * 119 and len(made) == 133


def test_the_crc_is_that_of_xmodem() -> None:
    payload = bytes(126) + b"\x31\xc3"  # of "123456789", by every catalogue of CRCs
    whole = bytes(117) + b"123456789"  # leading zeros change nothing: it starts at 0
    assert block(0, bytes(2) + whole, 128, Check.CRC)[-2:] == payload[-2:]


def test_a_block_with_a_checksum() -> None:
    made = block(255, bytes(range(128)), 128, Check.SUM)
    assert made == b"\x01\xff\x00" + bytes(range(128)) + bytes([sum(range(128)) % 256])


def test_numbers_wrap() -> None:
    assert block(256, b"x", 1024, Check.CRC)[:3] == b"\x02\x00\xff"
    assert block(511, b"x", 1024, Check.CRC)[:3] == b"\x02\xff\x00"


@pytest.mark.parametrize(("size", "carried"), [(64, 1), (128, 129), (1024, 1025)])
def test_what_does_not_fit_is_an_error(size: int, carried: int) -> None:
    with pytest.raises(ValueError, match=f"{carried} bytes in a block of {size}"):
        block(1, bytes(carried), size, Check.CRC)


def test_block_0_takes_the_smallest_size_that_holds_it() -> None:
    assert header(b"", Check.CRC) == b"\x01\x00\xff" + bytes(130)
    assert len(header(b"a" * 128, Check.CRC)) == 133
    long = header(b"a" * 129, Check.CRC)
    assert long[:3] == b"\x02\x00\xff" and len(long) == 1029 and long[132:-2] == bytes(895)
