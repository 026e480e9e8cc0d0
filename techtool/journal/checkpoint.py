"""Moves the write-ahead log into the journal's file, beside the writer.

A checkpoint waits for the disk, on a slow one for longer than a record may wait in memory.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

EVERY_S = 1.0
WORTH_BYTES = 4 * 1024 * 1024
"""A smaller log is left alone; the last connection to close moves it."""
TOO_BIG_BYTES = 64 * 1024 * 1024
"""From here on the writer is made to wait, because the log would never get back to its start."""


class Checkpointer:
    """A thread that checkpoints when the log has grown. Its troubles are the writer's to report."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Path(f"{path}-wal")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-checkpoint", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for a checkpoint that is being made."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                size = self._log.stat().st_size
            except OSError:
                continue
            if size >= WORTH_BYTES:
                checkpoint(self._path, "TRUNCATE" if size >= TOO_BIG_BYTES else "PASSIVE")


def checkpoint(path: Path, mode: str) -> bool:
    """Move the log into the file; False where that did not work now."""
    try:
        with closing(sqlite3.connect(path, timeout=0.05, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            busy, _, _ = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    except sqlite3.Error:
        return False
    return not busy
