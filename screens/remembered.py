"""What the screens remember from one start to the next: the theme, in a file of one word."""

from __future__ import annotations

import contextlib
from pathlib import Path


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("techtool", appauthor=False) / "theme"


def theme() -> str | None:
    """The theme of the last time, if there was one."""
    try:
        return _file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def remember(theme: str) -> None:
    """For the next time. A laptop that cannot be written to just starts as ever."""
    with contextlib.suppress(OSError):
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{theme}\n", encoding="utf-8")
