"""Settings that are sent, seen from everywhere else: one thing at a time, and not lost by leaving."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.screens import making
from tests.screens.keeping import Keeper
from tests.screens.making import Visit, running
from tests.screens.still import StillPort, at_a_port, says
from tests.screens.test_config import stage
from tests.screens.test_config_serial import boxed
from tests.screens.test_jobs import StillRelease, app_of, begun


def kept(visit: Visit) -> Keeper:
    """A port with settings and a release."""
    at_a_port(visit)
    port = visit.session.serial
    assert isinstance(port, StillPort)
    port.configuration, port.release = keeper, _ = Keeper(), StillRelease()
    return keeper


async def read(pilot: Pilot[None]) -> None:
    await pilot.press("4")
    await says(pilot, "current_a")
    stage(app_of(pilot), current_a="16", most_a="20")


async def sent(pilot: Pilot[None]) -> None:
    """Two are sent, and the first has no answer yet."""
    await pilot.press("S")
    await says(pilot, "0 of 2 changes answered.")


async def test_it_is_seen_everywhere_and_so_is_its_end(visit: Visit) -> None:
    keeper = kept(visit)
    async with running(visit.app()) as pilot:
        await read(pilot)
        keeper.open.clear()
        await sent(pilot)
        await pilot.press("2")
        await says(pilot, ".. settings 0 of 2")
        keeper.open.set()
        await says(pilot, "OK settings proved")
        await pilot.press("4")
        assert "settings proved" not in await says(pilot, "Done: 2 proved.")
        assert keeper.written == [("current_a", "16"), ("most_a", "20")]


async def test_nothing_else_begins_meanwhile_nor_while_something_else_goes_on(visit: Visit) -> None:
    keeper = kept(visit)
    async with running(visit.app()) as pilot:
        await read(pilot)
        keeper.open.clear()
        await sent(pilot)
        await pilot.press("3", "end", "enter")
        await says(pilot, "Settings are being sent: one thing at a time.")
        keeper.open.set()
        await pilot.press("4")
        await says(pilot, "Done: 2 proved.")
        stage(app_of(pilot), current_a="10")
        await begun(pilot)
        await pilot.press("4", "escape", "S")
        await says(pilot, "A release test runs: one thing at a time.")
        assert len(keeper.written) == 2


async def test_who_leaves_is_asked_and_the_rest_stays_staged(visit: Visit) -> None:
    keeper = kept(visit)
    async with running(visit.app()) as pilot:
        await read(pilot)
        keeper.open.clear()
        await sent(pilot)
        await pilot.press("q")
        await says(pilot, "Quit techtool?")
        asked = boxed(pilot)
        assert "2 changes are being sent to ttyUSB0, 0 of 2 answered." in asked and "stays staged" in asked
        await pilot.press("escape")
        desk = making.pages(app_of(pilot)).desk
        await desk.jobs.stop()
        await says(pilot, "Done: 1 unanswered, 1 not sent.")
        await says(pilot, "whether it took it is not known")
        await pilot.press("escape")
        assert len(keeper.written) <= 1
        assert "2 changes staged." in making.shown(app_of(pilot))
