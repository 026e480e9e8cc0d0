"""Runs techtool as its users do: in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "techtool", *words]


def environment(**more: str) -> dict[str, str]:
    """Without what the machine's own settings would add."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TECHTOOL_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "100", **more}


def techtool(*words: str, journal: Path | None = None, stdin: str = "", **more: str) -> Ran:
    where = ["--journal", str(journal)] if journal is not None else []
    ran = subprocess.run(
        command(*words, *where),
        capture_output=True,
        text=True,
        input=stdin,
        env=environment(**more),
        timeout=50,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)
