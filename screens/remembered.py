"""What the screens remember from one start to the next, each in a file: the theme, the folder of the last file."""

from __future__ import annotations

import contextlib
from pathlib import Path


def _place() -> Path:
    from platformdirs import user_state_path

    return user_state_path("techtool", appauthor=False)


def theme() -> str | None:
    """The theme of the last time, if there was one."""
    return _read("theme")


def remember(theme: str) -> None:
    """For the next time. A laptop that cannot be written to just starts as ever."""
    _write("theme", theme)


def folder() -> Path | None:
    """Where the last file was that was chosen."""
    known = _read("folder")
    return Path(known) if known else None


def remember_folder(folder: Path) -> None:
    """For the next time."""
    _write("folder", str(folder))


def _read(name: str) -> str | None:
    try:
        return (_place() / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _write(name: str, text: str) -> None:
    with contextlib.suppress(OSError, UnicodeEncodeError):
        place = _place()
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(f"{text}\n", encoding="utf-8")
