"""A file that is to be sent, as a receiver is told of it. Pure."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import PureWindowsPath

from techtool.serviceport.xymodem.packets import LARGE
from techtool.text import safe


class ImageError(ValueError):
    """A file that cannot be sent under this name; the text says why."""


@dataclass(frozen=True, slots=True)
class Image:
    """A name and what it stands for. Make it by :meth:`of`."""

    name: str
    data: memoryview
    """Never copied: blocks are slices of it."""
    modified: int | None = None
    """Seconds since 1970."""

    @classmethod
    def of(
        cls, name: str, data: bytes | bytearray | memoryview | mmap.mmap, modified: float | None = None
    ) -> Image:
        """A file of this path or name, of which the receiver learns the last part alone.

        ``data`` must not change while it is sent; a file that is mapped must not be cut off meanwhile.
        Raises :class:`ImageError` where the receiver could not be told the name.
        """
        base = PureWindowsPath(name).name  # takes both kinds of slash for what they are
        if not base or base in (".", "..") or not base.isprintable():
            raise ImageError(f"{safe(name, 80)!r} is no name for a file.")
        seconds = int(modified) if modified is not None and modified >= 0 else None
        image = cls(base, memoryview(data).cast("B"), seconds)
        if len(image.told) > LARGE:
            raise ImageError(f"{safe(base, 80)!r} is too long: block 0 takes {LARGE} bytes.")
        return image

    @property
    def told(self) -> bytes:
        """What block 0 says: the name, the size in decimal and, if it is known, the time in octal."""
        size = f"{len(self.data)}" if self.modified is None else f"{len(self.data)} {self.modified:o}"
        return b"\0".join((self.name.encode(), size.encode(), b""))
