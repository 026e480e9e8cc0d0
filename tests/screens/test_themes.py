"""Every word on every page can be read in the sun and at night."""

from __future__ import annotations

import pytest
from rich.color import Color
from rich.style import Style

from techtool.screens.app import TechtoolApp
from tests.screens.making import Visit, running, settled

READABLE = 7.0
"""WCAG 2, level AAA: sunlight washes out what has less."""


def luminance(color: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in color.get_truecolor())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: Style) -> float:
    assert style.color is not None and style.bgcolor is not None
    dark, light = sorted((luminance(style.color), luminance(style.bgcolor)))
    return (light + 0.05) / (dark + 0.05)


def words(app: TechtoolApp) -> list[tuple[str, Style]]:
    """What is written on the screen, with its colours."""
    strips = app.screen._compositor.render_strips()
    return [(one.text, one.style) for strip in strips for one in strip if one.text.strip() and one.style]


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize("theme", ["sun", "night"])
async def test_nothing_is_written_in_a_colour_that_cannot_be_read(
    visit: Visit, theme: str, size: tuple[int, int]
) -> None:
    visit.charging()
    visit.odd()
    visit.fault()
    visit.knock()
    app = visit.app(theme=theme)
    seen = 0
    async with running(app, size) as pilot:
        for keys in ("1", "2", "t", "6", "slash", "question_mark"):
            await pilot.press(keys)
            await settled(pilot)
            for text, style in words(app):
                seen += 1
                assert contrast(style) >= READABLE and not style.dim, (keys, text, style)
            if keys in ("t", "slash", "question_mark"):
                await pilot.press("escape")
    assert seen > 300


def test_what_would_be_hard_to_read_is_told_apart() -> None:
    assert contrast(Style.parse("#1a7f37 on #ffffff")) < READABLE < contrast(Style.parse("#00572B on #ffffff"))
