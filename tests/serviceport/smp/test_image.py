"""Image files: what may be sent, and by which hash it is known again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpclient.mcuboot import IMAGE_TLV, ImageInfo

from techtool.serviceport.smp.image import ImageError, image_of
from techtool.simulator.smp.images import made, read

FILE = made((1, 2, 3), 5000)


def test_it_is_known_by_its_own_hash_as_others_read_it(tmp_path: Path) -> None:
    image = image_of(FILE)
    assert (image.version, image.data) == ("1.2.3", FILE) and image.sha != image.hash
    file = tmp_path / "app_update.bin"
    file.write_bytes(FILE)
    theirs = ImageInfo.load_file(str(file))
    assert theirs.get_tlv(IMAGE_TLV.SHA256).value == image.hash and str(theirs.header.ver) == "1.2.3-build0"
    simulated = read(FILE)
    assert simulated is not None and (simulated.hash, simulated.version) == (image.hash, image.version)


@pytest.mark.parametrize("data", [b"", b"\x7fELF" + bytes(500), FILE[:20], FILE[:3000], FILE[:-40], FILE[32:]])
def test_what_is_no_image_is_not_sent(data: bytes) -> None:
    with pytest.raises(ImageError, match="no image for MCUboot, or not all of one"):
        image_of(data)


def test_a_damaged_one_is_not_sent_and_one_without_a_hash_neither() -> None:
    with pytest.raises(ImageError, match="damaged"):
        image_of(FILE[:100] + b"\0" + FILE[101:])
    with pytest.raises(ImageError, match="no hash"):
        image_of(FILE.replace(b"\x10\0\x20\0", b"\x20\0\x20\0"))


@given(st.binary(max_size=200), st.integers(0, 5072))
def test_any_file_is_an_image_or_none(data: bytes, at: int) -> None:
    for file in (data, FILE[:at] + data, FILE[:at] + data + FILE[at:]):
        try:
            assert image_of(file).hash
        except ImageError as error:
            assert str(error)
