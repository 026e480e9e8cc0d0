"""A page as a text file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from techtool import __version__
from techtool.text import safe

from .desk import Desk
from .widgets.page import Page


async def write(page: Page, desk: Desk) -> Path:
    """Into the folder where techtool was started, or else into the user's. Raises OSError if neither can be."""
    text = await page.exported()
    stamp = desk.wall.astimezone(desk.zone)
    name = f"techtool-{page.id}-{stamp:%Y%m%d-%H%M%S}.txt"
    station = desk.station
    who = f"{safe(station.identity)}  " if station is not None else ""
    content = f"techtool {__version__}  {page.title}  {who}{stamp:%Y-%m-%d %H:%M:%S %z}\n\n{text}\n"
    try:
        return await _written(desk.folder or Path.cwd(), name, content)
    except OSError:
        return await _written(Path.home(), name, content)


async def _written(folder: Path, name: str, content: str) -> Path:
    await asyncio.to_thread((folder / name).write_text, content, encoding="utf-8")
    return folder / name
