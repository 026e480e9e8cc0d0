"""A file that a command writes: never over another one, and for nobody else's eyes where it holds secrets."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from techtool.cli.exits import Exit
from techtool.cli.reply import Reply


def write(file: Path, pieces: Iterable[str], reply: Reply, *, private: bool) -> int:
    """Write it and tell how many pieces there were; where that is not possible the command ends."""
    try:
        with open(file, "x", encoding="utf-8", newline="\n", opener=_private if private else None) as opened:
            return sum(1 for one in pieces if opened.write(one))
    except FileExistsError:
        reply.fail(Exit.USAGE, f"{file} exists already; nothing was written. Choose another name.", "exists")
    except OSError as error:
        reply.fail(Exit.FAILED, f"{file} cannot be written: {error.strerror}.", "unwritable")


def _private(path: str, flags: int) -> int:
    """Readable by nobody else. Windows keeps to the rights of the folder."""
    return os.open(path, flags, 0o600)
