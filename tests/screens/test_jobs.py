"""What goes on at a charger beside the pages: one thing at a time, and none of it ends unheard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from textual.pilot import Pilot

from techtool.screens.app import TechtoolApp
from techtool.station.outcomes import DangerousError, Outcome, Verdict
from techtool.station.release import Report, Step, Way
from tests.screens import making
from tests.screens.making import Visit, running, settled
from tests.screens.still import StillPort, at_a_port, on_its_way, says
from tests.screens.test_config_serial import boxed
from tests.screens.test_visits import earlier

PROVED = Verdict.PROVED


class StillRelease:
    """Blocks, and stays there until it is stopped; then it is as it was found, or as ``back`` says."""

    ways = (Way("switch", "off", "on"), Way("relay", "open", "closed", "It is \x1b[31m[b]old[/b]."))

    def __init__(self) -> None:
        self.tested: list[tuple[tuple[str, ...], bool]] = []
        self.back = Step("put back", "as found: on", "on", PROVED)
        self.ends = False

    async def test(
        self,
        names: Sequence[str] = (),
        *,
        force: bool = False,
        told: Callable[[Report], None] = lambda report: None,
    ) -> Report:
        self.tested.append((tuple(names), force))
        prefix = "" if len(names) == 1 else f"{names[0]}: "
        steps = tuple(Step(f"{prefix}{name}", "off", "off", PROVED) for name in ("found", "block"))
        told(Report(steps, restored=False))
        try:
            if not self.ends:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            told(self._put_back(steps, prefix, interrupted=True))
            raise
        return self._put_back(steps, prefix, interrupted=False)

    def _put_back(self, steps: tuple[Step, ...], prefix: str, *, interrupted: bool) -> Report:
        restored = self.back.verdict is PROVED
        by_hand = None if restored else "PERHAPS NOT PUT BACK. By hand: `turn it on`."
        back = self.back._replace(name=f"{prefix}put back")
        return Report((*steps, back), restored, interrupted=interrupted, by_hand=by_hand)


class StillReboot:
    """Waits until it may end."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.asked: list[bool] = []
        self.charging = False

    async def reboot(self, *, force: bool = False) -> Outcome:
        self.asked.append(force)
        if self.charging and not force:
            raise DangerousError("It is charging. --force does it.", "It is charging")
        await self.may_end.wait()
        return Outcome(Verdict.ACCEPTED, "It said yes, and [b]nothing shows it[/b].")


def abilities(visit: Visit) -> tuple[StillRelease, StillReboot]:
    """A port that is able to do everything."""
    at_a_port(visit)
    port = visit.session.serial
    assert isinstance(port, StillPort)
    port.release, port.reboot = release, reboot = StillRelease(), StillReboot()
    return release, reboot


def app_of(pilot: Pilot[None]) -> TechtoolApp:
    assert isinstance(pilot.app, TechtoolApp)
    return pilot.app


async def begun(pilot: Pilot[None]) -> None:
    """A release test that blocks."""
    await pilot.press("3")
    await says(pilot, "may it charge")
    await pilot.press("end", "enter")
    await says(pilot, "> Cancel")
    await pilot.press("down", "enter")
    await says(pilot, ".. release")


async def test_one_way_of_several_is_chosen_or_all_are_tried(visit: Visit) -> None:
    release, _ = abilities(visit)
    async with running(visit.app()) as pilot:
        await pilot.press("3")
        screen = await says(pilot, "By all 2, one after the other")
        assert "Note It is \\x1b[31m[b]old[/b]." in screen
        await pilot.press("up", "enter")
        await says(pilot, "How is it released?")
        await pilot.press("down", "down", "enter")
        screen = await says(pilot, "By relay")
        assert "Blocked open" in screen and "Blocked off" not in screen
        await begun(pilot)
        assert release.tested == [(("relay",), False)]
        await pilot.press("x")
        await says(pilot, "! Ended stopped")
        await pilot.press("home")
        await says(pilot, ">found")
        await pilot.press("enter")
        await says(pilot, "Nothing passed in this step.")
        await pilot.press("end", "up", "enter")
        await says(pilot, "How is it released?")
        await pilot.press("home", "enter", "end", "enter")
        await says(pilot, "> Cancel")
        assert "That is done in 2 ways, one after the other." in boxed(pilot)
        await pilot.press("down", "enter")
        screen = await says(pilot, ".. release")
        assert release.tested[1] == (("switch", "relay"), False) and "relay .. found" in screen


async def test_a_test_that_runs_is_seen_everywhere_and_asked_about(visit: Visit) -> None:
    abilities(visit)
    async with running(visit.app()) as pilot:
        await begun(pilot)
        for page in "126":
            await pilot.press(page)
            await says(pilot, ".. test: release")
        await pilot.press("ctrl+c")
        await says(pilot, "> Stay")
        await pilot.press("enter", "1", "u", "enter")
        assert "put back first" in await says(pilot, "Leave the port?")
        await pilot.press("enter")
        making.pages(app_of(pilot)).tick()
        assert visit.session.serial is not None
        await pilot.press("3")
        await says(pilot, "x stops it.")


async def test_it_is_seen_over_an_earlier_visit_too(visit: Visit) -> None:
    abilities(visit)
    async with running(visit.app(journal=earlier(visit))) as pilot:
        await begun(pilot)
        await pilot.press("o")
        await says(pilot, "Open a visit")
        await pilot.press("down", "enter")
        assert ".. test: release" in await says(pilot, "replay ttyUSB0")


async def test_what_is_perhaps_not_put_back_is_said_until_the_next_test(visit: Visit) -> None:
    release, _ = abilities(visit)
    release.back = release.back._replace(verdict=Verdict.ACCEPTED)
    async with running(visit.app()) as pilot:
        await begun(pilot)
        await pilot.press("1", "u", "enter")
        await says(pilot, "Leave the port?")
        await pilot.press("down", "enter")
        screen = await says(pilot, "! PERHAPS NOT PUT BACK. By hand: `turn it on`.")
        assert visit.session.serial is not None and "3 Test" in screen, "the port was not left"
        await pilot.press("2")
        await says(pilot, "! PERHAPS NOT PUT BACK")
        release.ends, release.back = True, release.back._replace(verdict=PROVED)
        await pilot.press("3", "end", "enter")
        await says(pilot, "> Cancel")
        await pilot.press("down", "enter")
        assert "! PERHAPS" not in await says(pilot, "OK Ended proved")


async def test_only_one_thing_goes_on_at_a_time(visit: Visit) -> None:
    release, reboot = abilities(visit)
    async with running(visit.app()) as pilot:
        await on_its_way(pilot)
        await pilot.press("3", "end", "enter")
        await says(pilot, "A firmware is on its way: one thing at a time.")
        await pilot.press("2", "b")
        assert not release.tested and not reboot.asked
        await pilot.press("5", "x")
        await says(pilot, "> Go on sending")
        await pilot.press("down", "enter")
        await says(pilot, "!! Ended")
        await begun(pilot)
        await pilot.press("5", "end", "up", "enter")
        await says(pilot, "A release test runs: one thing at a time.")


async def test_a_reboot_is_asked_for_and_its_end_is_said_wherever_one_is(visit: Visit) -> None:
    _, reboot = abilities(visit)
    async with running(visit.app()) as pilot:
        await pilot.press("2")
        await says(pilot, "b reboot (asks)")
        await pilot.press("b")
        await says(pilot, "is told to start anew")
        await pilot.press("enter", "b")
        assert reboot.asked == []
        await says(pilot, "> Cancel")
        await pilot.press("down", "enter")
        await says(pilot, "Reboot .. 10:4")
        await pilot.press("q")
        await says(pilot, "Quit techtool?")
        assert "the reboot itself cannot be taken back" in boxed(pilot)
        await pilot.press("enter", "6")
        await says(pilot, ".. reboot 0:0")
        reboot.may_end.set()
        await says(pilot, "It said yes, and [b]nothing shows it[/b].")
        await says(pilot, "! reboot accepted")
        await pilot.press("2")
        assert "accepted It said yes" in await says(pilot, "Reboot ! ")
        await pilot.press("6")
        await settled(pilot)
        assert "reboot accepted" not in making.shown(app_of(pilot))


async def test_a_reboot_that_would_end_a_session_wants_a_word(visit: Visit) -> None:
    _, reboot = abilities(visit)
    reboot.charging = True
    async with running(visit.app()) as pilot:
        await pilot.press("2", "b")
        await says(pilot, "> Cancel")
        await pilot.press("down", "enter")
        assert "--force" not in await says(pilot, "refused It is charging.")
        await pilot.press("b")
        await says(pilot, "It is charging: type stop")
        await pilot.press(*"stop", "enter")
        await says(pilot, ".. reboot")
        assert reboot.asked == [False, True]


async def test_over_ocpp_it_is_offered_and_what_came_of_it_is_told(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reboot = StillReboot()
    monkeypatch.setattr("techtool.abilities.Abilities._reboot", lambda able, identity: reboot)
    visit.charging()
    async with running(visit.app(), (160, 50)) as pilot:
        await pilot.press("2")
        await says(pilot, "b reboot (asks)")
        await pilot.press("b")
        assert "CP001 is told to start anew" in await says(pilot, "A car is charging: type stop")
        await pilot.press(*"stop", "enter")
        await says(pilot, ".. reboot")
        assert reboot.asked == [True]
        reboot.may_end.set()
        await says(pilot, "It said yes")
