"""What lies in a folder, for a list to choose a file from: the newest first. An edge: it reads folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from techtool.image_file import moment


class Item(NamedTuple):
    """A file or a folder."""

    name: str
    folder: bool
    size: int
    modified: datetime


def items(folder: Path) -> list[Item]:
    """Files, the newest first, then folders by name. Raises OSError, and ValueError for what can be no path."""
    found = []
    with os.scandir(folder) as entries:
        for one in entries:
            try:
                about, is_folder = one.stat(), one.is_dir()
            except OSError:
                continue  # a link to nowhere, or gone meanwhile
            if is_folder or one.is_file():
                found.append(Item(one.name, is_folder, about.st_size, moment(about.st_mtime)))
    files = sorted((one for one in found if not one.folder), key=lambda one: one.modified, reverse=True)
    return files + sorted((one for one in found if one.folder), key=lambda one: one.name.casefold())


def split(text: str, base: Path) -> tuple[Path, str]:
    """The folder that a path which is being typed is in, and what is typed of the name."""
    head, name = os.path.split(os.path.expanduser(text))  # noqa: PTH111  Path() would drop the last separator
    return base / head, name


def fitting(found: Sequence[Item], name: str) -> list[Item]:
    """What is typed may mean those that begin so, or else have it in them; hidden ones by their dot alone."""
    wanted = name.casefold()
    shown = [one for one in found if wanted.startswith(".") or not one.name.startswith(".")]
    begin = [one for one in shown if one.name.casefold().startswith(wanted)]
    return begin or [one for one in shown if wanted in one.name.casefold()]


def completed(found: Sequence[Item], name: str) -> str:
    """As much of the name as all that begin so have in common."""
    begin = [one.name for one in found if one.name.startswith(name)]
    shortest = min(begin, key=len, default=name)
    same = (
        place for place in range(len(shortest), 0, -1) if all(one.startswith(shortest[:place]) for one in begin)
    )
    return shortest[: next(same, 0)]
