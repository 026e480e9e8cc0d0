"""Little room, and much: nothing is cut without a sign."""

from __future__ import annotations

import pytest

from tests.screens.making import Visit, pages, running, settled, shown


@pytest.mark.parametrize("size", [(12, 10), (5, 5), (1, 1)])
async def test_a_terminal_of_a_few_cells(visit: Visit, size: tuple[int, int]) -> None:
    visit.charging()
    visit.odd()
    visit.fault()
    visit.knock()
    visit.lost()
    app = visit.app()
    async with running(app, size) as pilot:
        for key in ("1", "2", "enter", "escape", "6", "enter", "escape", "Q", "x"):
            await pilot.press(key)
            await pilot.pause()
        assert len(shown(app).splitlines()) <= size[1]


def words(text: str) -> str:
    """What stands on the left page, without its lines."""
    return " ".join(" ".join(one[:59].split()) for one in text.splitlines())


async def test_sentences_beside_the_live_column_are_whole(visit: Visit) -> None:
    visit.knock()
    app = visit.app()
    async with running(app, (120, 50)) as pilot:
        text = words(shown(app))
        for said in (
            "It must call this laptop; this laptop never calls it.",
            "put one of these as OCPP / backend / CSMS URL:",
            "Most chargers add their own name at the end. If yours wants a full URL, add it:",
            "cable, same network",
            "To want a password press s.",
        ):
            assert said in text
        await pilot.press("s", *"secret", "enter")
        await pilot.pause()
        assert "with a password (HTTP Basic). To change it press s." in words(shown(app))
        await pilot.press("2")
        await pilot.pause()
        assert "No charger is connected. Press 1 for the URL to type into it." in words(shown(app))


async def test_a_linked_charger_with_a_long_name_beside_the_live_column(visit: Visit) -> None:
    visit.link("CHARGER-WITH-A-LONG-NAME-0001", "ocpp2.0.1")
    visit.clock.advance(9)
    app = visit.app()
    async with running(app, (120, 50)):
        assert "from 192.168.1.77, ocpp2.0.1, for 00:00:09" in words(shown(app))


async def test_the_journals_trouble_is_told_to_its_end(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = (
        "The journal cannot be written any more (disk full), nothing is kept. Free some space on [/home] now."
    )
    monkeypatch.setattr(type(visit.session), "trouble", property(lambda _: trouble))
    app = visit.app()
    async with running(app) as pilot:
        assert trouble in " ".join(shown(app).split())
        monkeypatch.setattr(type(visit.session), "trouble", property(lambda _: None))
        pages(app).tick()
        await pilot.pause()
        assert "Free some space" not in shown(app)


async def test_keys_that_do_not_fit_are_left_out_whole(visit: Visit) -> None:
    visit.charging()
    async with running(visit.app(), (70, 20)) as pilot:
        await pilot.press("6")
        await settled(pilot)
        hints = next(one for one in shown(pilot.app).splitlines() if "Enter message" in one)
        assert hints.endswith("; note"), "and not the half of its last one"
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "t its transaction" in shown(pilot.app)
