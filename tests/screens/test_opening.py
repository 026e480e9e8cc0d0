"""The first screen: there before anything else, and never in the way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.screens import remembered
from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from tests.screens.making import Visit, opened, pages, shown


async def test_it_says_what_goes_on_and_keeps_the_keys_for_the_pages(visit: Visit) -> None:
    go_on = asyncio.Event()

    async def open_desk() -> Desk:
        await go_on.wait()
        return Desk(visit.session, clock=visit.clock, look_for_interfaces=list, look_for_ports=list)

    visit.charging()
    app = TechtoolApp(open_desk, said=(" Waiting for a charger.", "", " Opening port 9000 ..."))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert shown(app).splitlines()[0] == " techtool 0.1"
        assert " Opening port 9000 ..." in shown(app)
        assert app.pages is None
        await pilot.press("2")
        go_on.set()
        await opened(pilot)
        assert pages(app).switcher.current == "status"
        assert "Connector 1" in shown(app)


async def test_it_can_be_left_before_there_are_pages() -> None:
    async def open_desk() -> Desk:
        await asyncio.Event().wait()
        raise AssertionError

    app = TechtoolApp(open_desk)
    async with app.run_test() as pilot:
        await pilot.press("question_mark", "q")
        await pilot.pause()
    assert not app.is_running
    assert app.failure is None


async def test_what_goes_wrong_ends_it_and_is_kept_for_the_command() -> None:
    async def open_desk() -> Desk:
        raise RuntimeError("no such desk")

    app = TechtoolApp(open_desk)
    async with app.run_test() as pilot:
        while app.is_running:
            await pilot.pause(0.005)
    assert app.return_code == 1
    assert str(app.failure) == "no such desk"


def test_the_theme_outlives_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda *words, **more: tmp_path / "state")
    assert remembered.theme() is None
    remembered.remember("sun")
    assert remembered.theme() == "sun"
    (tmp_path / "state" / "theme").write_bytes(b"\xff\xfe\x00")
    assert remembered.theme() is None


def test_a_laptop_that_cannot_be_written_to_starts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file, where the folder should be")
    monkeypatch.setattr("platformdirs.user_state_path", lambda *words, **more: tmp_path / "state")
    remembered.remember("sun")
    assert remembered.theme() is None
