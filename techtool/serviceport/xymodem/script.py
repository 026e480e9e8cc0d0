"""What is sent in which order, when nothing goes wrong. Pure.

A step is done when the receiver acknowledged it. Bytes of a block are made when it is its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, StrEnum
from itertools import accumulate
from typing import NamedTuple

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.packets import EOT, LARGE, SMALL, Check, block, header

TAIL = 7 * SMALL
"""So many bytes or fewer at the end go in small blocks: more of them would take longer than one large block."""


class Variant(StrEnum):
    """What the receiver speaks."""

    YMODEM = "ymodem"  # any number of files, with names and sizes
    XMODEM_1K = "xmodem-1k"  # one file, filled up to whole blocks
    XMODEM = "xmodem"  # the same in blocks of 128 bytes only


class Sort(Enum):
    """What a step says."""

    HEADER = "header"
    DATA = "data"
    END = "end of file"
    CLOSE = "end of the batch"


class Step(NamedTuple):
    """One thing that the receiver must acknowledge."""

    sort: Sort
    file: int
    """Which of the images; their count in a CLOSE."""
    offset: int = 0
    size: int = 0
    """Bytes of the image that it carries."""
    number: int = 0
    """Of the block."""
    asked: bool = False
    """It is sent when the receiver asks for it."""


class Script:
    """The steps of one transfer."""

    def __init__(self, images: Sequence[Image], variant: Variant) -> None:
        """Raises ValueError unless there is a file, and one alone for XMODEM."""
        if not images or (len(images) > 1 and variant is not Variant.YMODEM):
            raise ValueError(f"{len(images)} files by {variant}")
        self.images = tuple(images)
        self.variant = variant
        self.check = Check.CRC
        """What the receiver opened with; set it before the first step is made."""
        self._starts = (0, *accumulate(len(image.data) for image in images))

    @property
    def batch(self) -> bool:
        """Files are announced, and the end of them, too."""
        return self.variant is Variant.YMODEM

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return self._starts[-1]

    def first(self) -> Step:
        """What the receiver gets when it opens."""
        return Step(Sort.HEADER, 0, asked=True) if self.batch else self._data(0, 0, 1)

    def after(self, step: Step) -> Step | None:
        """What comes when a step is acknowledged; None after the last."""
        match step.sort:
            case Sort.HEADER:
                return self._data(step.file, 0, 1)
            case Sort.DATA:
                return self._data(step.file, step.offset + step.size, step.number + 1)
            case Sort.END if self.batch:
                following = step.file + 1
                sort = Sort.HEADER if following < len(self.images) else Sort.CLOSE
                return Step(sort, following, asked=True)
        return None

    def reached(self, step: Step, acknowledged: bool) -> int:
        """Bytes of all files that the receiver has when it is at this step."""
        return self._starts[step.file] + step.offset + (step.size if acknowledged else 0)

    def packet(self, step: Step) -> bytes:
        """What is sent for a step."""
        match step.sort:
            case Sort.HEADER:
                return header(self.images[step.file].told, self.check)
            case Sort.CLOSE:
                return header(b"", self.check)
            case Sort.END:
                return bytes([EOT])
        carried = self.images[step.file].data[step.offset : step.offset + step.size]
        return block(step.number, carried, LARGE if step.size > SMALL else SMALL, self.check)

    def _data(self, file: int, offset: int, number: int) -> Step:
        left = len(self.images[file].data) - offset
        asked = offset == 0
        if left <= 0:
            return Step(Sort.END, file, offset, asked=asked)
        # a receiver that wants checksums is older than blocks of 1024 bytes
        small = left <= TAIL or self.variant is Variant.XMODEM or self.check is Check.SUM
        return Step(Sort.DATA, file, offset, min(left, SMALL if small else LARGE), number, asked)
