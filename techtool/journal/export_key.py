"""The key of a journal's pseudonyms: in every export of it the same value gets the same name.

It lies beside the journal, for its owner alone: who has it could try out which card a name stands for.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

BYTES = 32


def key_of(journal: Path) -> bytes:
    """The key; made when it is first wanted. Where it cannot be kept, this export has one of its own."""
    file = journal.with_name(f"{journal.name}.key")
    fresh = secrets.token_bytes(BYTES)
    with contextlib.suppress(OSError):
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as made:
                made.write(fresh)
        kept = file.read_bytes()
        if len(kept) == BYTES:
            return kept
    return fresh
