"""An image file as MCUboot wants it: which version it is, and the hash by which a device lists it. Pure.

Source: docs.mcuboot.com, "Image format"; smpclient's mcuboot reads it.
"""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from smpclient.mcuboot import (
    IMAGE_HEADER_SIZE,
    IMAGE_TLV,
    IMAGE_TLV_INFO_MAGIC,
    IMAGE_TLV_INFO_STRUCT,
    ImageHeader,
    ImageInfo,
    ImageTLVInfo,
    MCUBootImageError,
)

_HASHES = {
    IMAGE_TLV.SHA256: hashlib.sha256,
    IMAGE_TLV.SHA384: hashlib.sha384,
    IMAGE_TLV.SHA512: hashlib.sha512,
}


class ImageError(ValueError):
    """This is no image that could run; the text says why."""


class Image(NamedTuple):
    """A file that may be sent."""

    data: bytes
    version: str
    hash: bytes
    """Of header, program and protected part, as the device lists it; not that of the file."""

    @property
    def sha(self) -> bytes:
        """Of the file: by it a device knows an upload again that broke off."""
        return hashlib.sha256(self.data).digest()


def image_of(data: bytes) -> Image:
    """What a file is. Raises :class:`ImageError`."""
    try:
        head = ImageHeader.loads(data[:IMAGE_HEADER_SIZE])
        end = head.hdr_size + head.img_size + head.protect_tlv_size
        start = end + IMAGE_TLV_INFO_STRUCT.size
        told = ImageTLVInfo.loads(data[end:start], IMAGE_TLV_INFO_MAGIC)
        found = {one.header.type: one.value for one in ImageInfo.parse_tlvs(data[start : end + told.tlv_tot])}
    except (MCUBootImageError, struct.error, ValueError):
        text = "it is no image for MCUboot, or not all of one; such a file is often called app_update.bin"
        raise ImageError(f"{text} or zephyr.signed.bin") from None
    for kind, made in _HASHES.items():
        if kind in found:
            if made(data[:end]).digest() != found[kind]:
                raise ImageError("its content does not fit its own hash: the file is damaged")
            version = head.ver
            build = f".{version.build_num}" if version.build_num else ""
            return Image(data, f"{version.major}.{version.minor}.{version.revision}{build}", found[kind])
    raise ImageError("it has no hash, by which a device could show that it has it")
