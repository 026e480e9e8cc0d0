"""Keys that arrive faster than the screen goes."""

from __future__ import annotations

import asyncio

import pytest
from textual import events

from techtool.screens.app import TechtoolApp
from tests.screens.making import Visit, pages, running, settled, shown


def burst(app: TechtoolApp, *keys: str) -> None:
    """All of them at once, as a terminal sends what was typed while the program was busy."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("Q", ("z", "z", "z")),
        ("Q", ("escape", "escape")),
        ("c", ("escape", "backspace")),
        ("c", ("enter", "enter")),
        ("s", ("escape", "escape")),
        ("s", ("enter", "enter")),
        ("question_mark", ("escape", "escape")),
        ("q", ("enter", "enter")),
    ],
)
async def test_a_box_goes_only_once(visit: Visit, opening: str, closing: tuple[str, ...]) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        live = pages(app)
        await pilot.press(opening)
        await pilot.pause()
        assert app.screen is not live
        burst(app, *closing)
        await settled(pilot)
        assert app.screen is live


async def test_only_one_demo_charger_runs(visit: Visit) -> None:
    begun: list[int] = []
    stop = asyncio.Event()

    async def demo() -> None:
        begun.append(1)
        await stop.wait()

    app = visit.app(demo=demo)
    async with running(app) as pilot:
        await pilot.press("d")
        await pilot.pause()
        assert "The demo charger is here already." not in shown(app)
        await pilot.press("d")
        await pilot.pause()
        assert "The demo charger is here already." in shown(app)
        assert len(begun) == 1
        stop.set()
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert len(begun) == 2
