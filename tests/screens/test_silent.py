"""A link that stands and over which nothing comes any more: no page says that all is well."""

from __future__ import annotations

import pytest

from techtool.screens.themes import INKS
from techtool.screens.widgets.dialogs import Dialog
from techtool.screens.widgets.look import Look
from techtool.screens.widgets.station_lines import link_text
from tests.screens.making import Visit, pages, running, settled, shown

SIZES = [(80, 24), (120, 30), (160, 50)]


def dead(visit: Visit, seconds: float = 91) -> None:
    """It charges, answers a ping, and then its cable is pulled out somewhere."""
    visit.charging()
    visit.ping()
    visit.clock.advance(seconds)


@pytest.mark.parametrize("size", SIZES)
async def test_a_link_over_which_nothing_comes_is_not_ok(visit: Visit, size: tuple[int, int]) -> None:
    dead(visit)
    app = visit.app()
    async with running(app, size) as pilot:
        await pilot.press("1")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert "!  silent 00:01:31" in shown(app)
        assert " ! CP001 from 192.168.1.77, ocpp1.6, silent 00:01:31" in text
        assert " OK" not in text
        await pilot.press("2")
        await settled(pilot)
        assert "Link      !    192.168.1.77   heard 91 s ago" in shown(app)
        assert "ping 4 ms" not in shown(app)
        assert "OK 00:" not in shown(app) and "OK  Charging" not in shown(app) and "OK Charging" not in shown(app)
        assert "--  was Charging    since 10:52:20" in shown(app)


async def test_the_column_beside_the_other_pages_says_so(visit: Visit) -> None:
    dead(visit, 30)
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        for page in "1246":
            await pilot.press(page)
            await settled(pilot)
            assert page == "6" or "  heard 00:00:30 ago" in shown(app)
        visit.clock.advance(61)
        for page in "1246":
            await pilot.press(page)
            await settled(pilot)
            assert "!  silent 00:01:31" in shown(app)
            assert page == "6" or "  ! heard 00:01:31 ago" in shown(app)
            assert page == "6" or "-- was Charging  since 10:52:20" in shown(app)


async def test_who_is_heard_again_is_well(visit: Visit) -> None:
    dead(visit)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        assert "silent" in shown(app)
        visit.ping()
        pages(app).tick()
        await pilot.pause()
        assert "silent" not in shown(app)
        assert "Link      OK   192.168.1.77   ping 4 ms   heartbeat" in shown(app)
        assert "OK  Charging" in shown(app)


async def test_the_link_in_full_says_when_its_ping_was_answered(visit: Visit) -> None:
    dead(visit)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "home", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        text = " ".join(shown(app).split())
        assert "connected, but silent" in text and "ping 4 ms, 00:01:31 ago" in text


def told(visit: Visit) -> str:
    station = visit.session.station
    assert station is not None
    said: str = link_text(station, Look(INKS["sun"], visit.clock.now, None, "sun")).plain
    return said


def test_what_was_never_heard_is_missed_in_its_time(visit: Visit) -> None:
    """No Heartbeat and no pong was ever seen."""
    visit.link()
    visit.boot()
    visit.clock.advance(590)
    assert told(visit) == "OK   192.168.1.77   heard 9 min ago"
    visit.clock.advance(270)
    assert told(visit) == "!    192.168.1.77   heard 14 min ago"


def test_a_ping_that_is_not_answered_any_more_is_not_shown_as_new(visit: Visit) -> None:
    visit.link()
    visit.boot()
    visit.ping()
    visit.clock.advance(50)
    visit.call("Heartbeat", {}, {"currentTime": visit.stamp()})
    assert "ping 4 ms" in told(visit)
    visit.clock.advance(20)
    assert told(visit) == "OK   192.168.1.77   heartbeat 20 s ago (every 300 s)"
