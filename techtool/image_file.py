"""A file that is to be sent: what was read is what is shown, and what goes out."""

from __future__ import annotations

import hashlib
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from techtool.text import safe

MOST = 256_000_000
"""Bytes: whatever is larger is no firmware for such a wire."""


EARLIEST, LATEST = 172_800.0, 4_102_444_800.0
"""Seconds since 1970: from its third day to the end of 2099."""


class UnreadableError(Exception):
    """There is nothing that could be sent; the text says why."""


class ReadFile(NamedTuple):
    """A file as it was when it was read."""

    path: Path
    data: bytes
    sha256: str
    modified: datetime

    @property
    def name(self) -> str:
        """Without folders."""
        return self.path.name


def read(path: Path) -> ReadFile:
    """All of it; it may take a second. Raises UnreadableError."""
    name = safe(path.name, 60)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableError(f"{name} is no file.")
        if found.st_size > MOST:
            raise UnreadableError(f"{name} has {found.st_size:,} bytes: no firmware is so large.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{safe(str(path), 120)} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise UnreadableError(f"{safe(str(path), 120)} is no path: {error}.") from error
    if not data:
        raise UnreadableError(f"{name} is empty.")
    digest = hashlib.sha256(data).hexdigest()
    return ReadFile(path.absolute(), data, digest, moment(found.st_mtime))


def moment(seconds: float) -> datetime:
    """A time stamp of a file, which may be anything; no system can tell the local time of all of them."""
    return datetime.fromtimestamp(min(max(EARLIEST, seconds), LATEST), UTC)
