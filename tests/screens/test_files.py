"""Choosing a file by keys."""

from __future__ import annotations

import os
from pathlib import Path

from textual.pilot import Pilot

from techtool.screens import remembered
from techtool.screens.app import TechtoolApp
from techtool.screens.files import Files
from tests.screens.making import Visit, pages, running
from tests.screens.still import says


async def opened(pilot: Pilot[None], folder: Path) -> list[Path | None]:
    """The list over the pages; what it gives comes into the list that is returned."""
    given: list[Path | None] = []
    app = pilot.app
    assert isinstance(app, TechtoolApp)
    files = Files("Which firmware?", pages(app).look, folder, remembered.folder)
    app.push_screen(files, given.append)
    await says(pilot, "type a path")
    return given


async def test_a_name_is_completed_and_a_folder_opened(visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for name in ("app-1.bin", "app-2.bin"):
        (tmp_path / "new" / name).write_bytes(b"x")
    async with running(visit.app()) as pilot:
        given = await opened(pilot, tmp_path)
        await says(pilot, f"new{os.sep}")
        await pilot.press("n", "tab")
        await says(pilot, "app-1.bin")
        await pilot.press("a", "tab", "2")
        await says(pilot, f"new{os.sep}app-2")
        await pilot.press("enter")
        assert given == [tmp_path / "new" / "app-2.bin"]


async def test_the_folder_of_the_last_time_is_offered_too(visit: Visit, tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "there" / "app.bin").write_bytes(b"x")
    remembered.remember_folder(tmp_path / "there")
    async with running(visit.app()) as pilot:
        given = await opened(pilot, tmp_path / "here")
        await says(pilot, "app.bin 1 B")
        await pilot.press("enter")
        assert given == [tmp_path / "there" / "app.bin"]
        given = await opened(pilot, tmp_path / "gone")
        await says(pilot, "!! cannot be read")
        await pilot.press("escape")
        assert given == [None]
