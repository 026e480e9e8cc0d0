from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from techtool.screens.help import Help
from techtool.screens.main_screen import PAGES
from techtool.screens.themes import INKS, ORDER
from techtool.screens.widgets.clipboard import copy
from techtool.screens.widgets.dialogs import Question
from tests.screens.making import Visit, pages, running, settled, shown
from tests.screens.openevse import at_openevse


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (70, 20), (40, 10)])
async def test_every_page_at_every_size(visit: Visit, size: tuple[int, int]) -> None:
    visit.charging()
    visit.odd()
    visit.fault()
    visit.knock()
    app = visit.app()
    async with running(app, size) as pilot:
        for key in ("1", "2", "6"):
            await pilot.press(key)
            await pilot.pause()
            lines = shown(app).splitlines()
            assert len(lines) == size[1]
            assert lines[-1].rstrip().endswith("? help")
            assert lines[0].startswith(" techtool 0.1")


async def test_the_wide_layout_has_the_live_column_except_beside_the_trace(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        await pilot.press("1")
        await pilot.pause()
        assert "10.98 kW   15.9 / 16.0 / 15.8 A   0.330 kWh" in shown(app)
        assert "<   .conf             tx 1007  Accepted" in shown(app), "right under its question"
        await pilot.press("6")
        await pilot.pause()
        assert "15.9 / 16.0" not in shown(app)
        await pilot.resize_terminal(80, 24)
        await pilot.press("1")
        await pilot.pause()
        assert "15.9 / 16.0" not in shown(app)


async def test_ways_between_pages(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:

        async def at(*keys: str) -> str | None:
            await pilot.press(*keys)
            await pilot.pause()
            current: str | None = pages(app).switcher.current
            return current

        assert await at("right_square_bracket") == "status"
        assert await at("tab") == "config"
        assert await at("tab") == "trace"
        assert await at("tab") == "link"
        assert await at("left_square_bracket") == "trace"
        assert await at("2") == "status"
        assert await at("minus") == "trace"
        assert await at("minus") == "status"


async def test_help_finds_and_runs(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, Help)
        assert "Show the URL as QR code" in shown(app)
        assert "not now: Go to a knock that can be let in" in shown(app)
        await pilot.press("down", *"tr")
        await pilot.pause()
        assert "QR" not in shown(app), "what is typed on the list is searched"
        await pilot.press(*"ace")
        await pilot.pause()
        assert "QR" not in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert pages(app).switcher.current == "trace"
        await pilot.press("f1", *"demo")
        await pilot.pause()
        assert "not now: There is no demo charger here" in shown(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "start `techtool demo`" in shown(app)


async def test_pages_that_cannot_be_there_are_in_no_list(visit: Visit) -> None:
    app = visit.app()
    async with running(app, (80, 60)) as pilot:

        def listed() -> set[str]:
            return {one.name for one in pages(app).commands()} & {name for _, _, name in PAGES}

        assert listed() == {"Link", "Status", "Config", "Trace"}
        await pilot.press("question_mark")
        await pilot.pause()
        assert " Trace " in shown(app) and " Firmware " not in shown(app) and "no such page" not in shown(app)
        await pilot.press("escape")
        at_openevse(visit)
        await settled(pilot)
        assert listed() == {name for _, _, name in PAGES}


async def test_the_palette_knows_the_themes_and_the_actions(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"sun")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "sun"


async def test_f2_goes_round_the_themes(visit: Visit) -> None:
    app = visit.app(theme="sun")
    async with running(app) as pilot:
        seen = []
        for _ in ORDER:
            seen.append(app.theme)
            await pilot.press("f2")
            await pilot.pause()
        assert tuple(seen) == ORDER
        assert set(app.available_themes) == set(ORDER)


async def test_another_theme_is_another_colour_everywhere(visit: Visit) -> None:
    """The clock stands still: nothing but the theme changes."""
    visit.charging()
    app = visit.app(theme="night")
    async with running(app, (160, 50)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        app.theme = "sun"
        await settled(pilot)
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                style = segment.style
                if segment.text.strip() and style is not None and style.color and style.bgcolor:
                    assert style.color.name != style.bgcolor.name, segment.text


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("name", "back"), [("sun", "#FFFFFF"), ("night", "#000000")])
def test_every_colour_can_be_read_in_the_sun(name: str, back: str) -> None:
    ink = INKS[name]
    for style in (ink.text, ink.muted, ink.ok, ink.warn, ink.fault, ink.info, ink.accent):
        assert style.color is not None
        light, dark = sorted((_luminance(style.color.name), _luminance(back)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 8


async def test_no_color(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    visit.charging()
    visit.fault()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        styles = {
            segment.style
            for strip in app.screen._compositor.render_strips()
            for filter in app._filters
            if filter.enabled
            for segment in strip.apply_filter(filter, app.screen.background_colors[1])
        }
        assert any(style is not None and style.reverse for style in styles)
        assert all(style is None or style.color is None or style.color.is_default for style in styles)


async def test_quit_asks_only_with_a_charger(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert not app.is_running
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, Question)
        assert "1 charging session goes on without anybody who listens" in " ".join(
            shown(app).replace("|", " ").split()
        )
        await pilot.press("enter")
        await pilot.pause()
        assert not isinstance(app.screen, Question)
        await pilot.press("q", "down", "enter")
        await pilot.pause()
    assert not app.is_running


async def test_choosing_the_charger(visit: Visit) -> None:
    visit.charging()
    visit.link("CP002", connection=2)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "CP001 +1" in shown(app)
        await pilot.press("c", "down", "enter")
        await pilot.pause()
        assert "CP002 +1" in shown(app)


async def test_the_journals_trouble_is_on_every_page(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(visit.session), "trouble", property(lambda _: "The disk is full."))
    app = visit.app()
    async with running(app):
        assert "!! not recorded" in shown(app)
        assert "!! The disk is full." in shown(app)


async def test_export_falls_back_and_says_where(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "e")
        await settled(pilot)
        (file,) = visit.folder.glob("techtool-status-20260504-*.txt")
        assert "Connector 1" in file.read_text(encoding="utf-8")
        assert "Written to" in shown(app)


def test_the_clipboard_says_where_it_put_things() -> None:
    sent: list[str] = []
    assert "OSC 52" in asyncio.run(copy("text", sent.append))
    assert sent == ["text"]
    said = asyncio.run(copy("text", None))
    file = Path(said.removeprefix("in "))
    assert file.name == "copied.txt" and file.read_text() == "text"
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_module_is_light() -> None:
    code = (
        "import sys, techtool.screens.app; "
        "print([name for name in ('websockets', 'ocpp', 'jsonschema_rs', 'psutil', 'segno', 'typer') "
        "if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_other_name() -> None:
    code = "import screens"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=".")
    assert "import this package as techtool.screens" in found.stderr
