"""Into the clipboard by whatever works here, and the name of what worked.

Textual alone sends OSC 52, which some terminals swallow without a word: a program of the system comes first,
and behind OSC 52 stands a file.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable

from .. import remembered

WAIT_S = 2.0


def programs() -> list[tuple[str, ...]]:
    """The clipboard programs that could work in this session, best first."""
    found: list[tuple[str, ...]] = []
    if sys.platform == "darwin":
        found.append(("pbcopy",))
    elif sys.platform == "win32":
        found.append(("clip",))
    else:
        if os.environ.get("WAYLAND_DISPLAY"):
            found.append(("wl-copy",))
        if os.environ.get("DISPLAY"):
            found += [("xclip", "-selection", "clipboard"), ("xsel", "--clipboard", "--input")]
        if os.environ.get("WSL_DISTRO_NAME"):
            found.append(("clip.exe",))
    return [command for command in found if shutil.which(command[0])]


async def copy(text: str, osc52: Callable[[str], None] | None) -> str:
    """Copy; in words, where the text is now."""
    for command in programs():
        if await _into(command, text):
            return f"in the clipboard ({command[0]})"
    kept = await asyncio.to_thread(remembered.keep_copy, text)
    if osc52 is not None and os.environ.get("TERM") not in ("linux", "dumb"):
        osc52(text)
        return f"in the terminal's clipboard (OSC 52){f', and in {kept}' if kept else ''}"
    return f"in {kept}" if kept else "nowhere: there is no clipboard, and no file could be written"


async def _into(command: tuple[str, ...], text: str) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(WAIT_S):
            await process.communicate(text.encode("utf-16-le" if command[0].startswith("clip") else "utf-8"))
    except (TimeoutError, OSError):
        if process.returncode is None:
            process.kill()
        return False
    return process.returncode == 0
