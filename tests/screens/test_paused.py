"""Space stops a page; what the technician does himself still shows."""

from __future__ import annotations

from rich.color import Color

from techtool.screens.app import TechtoolApp
from tests.screens.making import Visit, running, settled, shown


def inks(app: TechtoolApp) -> set[tuple[str, str]]:
    """Colours of text and background that are on the screen together."""

    def name(color: Color | None) -> str:
        return color.name.lower() if color is not None else ""

    return {
        (name(segment.style.color), name(segment.style.bgcolor))
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None and segment.text.strip()
    }


async def test_choosing_another_charger_goes_on(visit: Visit) -> None:
    visit.charging()
    visit.link("CP002", connection=2)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "space")
        await pilot.pause()
        assert "PAUSED" in shown(app) and "192.168.1.77" in shown(app)
        await pilot.press("c", "down", "enter")
        await settled(pilot)
        assert "PAUSED" not in shown(app)
        assert "192.168.1.78" in shown(app)


async def test_another_theme_is_drawn_and_the_pause_stays(visit: Visit) -> None:
    visit.charging()
    app = visit.app(theme="night")
    async with running(app) as pilot:
        await pilot.press("2", "space", "f2", "f2")
        await settled(pilot)
        assert app.theme == "sun"
        assert "PAUSED" in shown(app)
        assert all(text != back for text, back in inks(app))
        visit.status(2, "Preparing")
        await pilot.press("question_mark", "escape")
        await settled(pilot)
        assert "Preparing       " not in shown(app), "a box that was open is no reason to go on"


async def test_another_size_is_drawn(visit: Visit) -> None:
    visit.knock()
    app = visit.app()
    async with running(app, (140, 40)) as pilot:
        await pilot.press("space")
        await pilot.resize_terminal(60, 40)
        await pilot.pause()
        assert "PAUSED" in shown(app)
        assert "never calls it." in " ".join(shown(app).split())
