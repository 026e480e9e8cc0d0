"""What the screens remember from one start to the next, each in a file: the theme, the folder of the
last file, what was copied last."""

from __future__ import annotations

import contextlib
import os
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


def keep_copy(text: str) -> Path | None:
    """The text that was copied last, for its owner alone; None where it cannot be written."""
    try:
        file = _place() / "copied.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as opened:
            opened.write(text)
    except OSError:
        return None
    return file


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
