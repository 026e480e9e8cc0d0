"""Runs techtool as its users do: in another process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.cli.forked import Ran, ran


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "techtool", *words]


def environment(**more: str) -> dict[str, str]:
    """Without what the machine's own settings would add."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TECHTOOL_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "100", **more}


def techtool(*words: str, journal: Path | None = None, stdin: str = "", **more: str) -> Ran:
    where = ["--journal", str(journal)] if journal is not None else []
    return ran([*words, *where], stdin, environment(**more), 50)
