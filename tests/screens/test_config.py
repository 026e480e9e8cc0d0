"""The settings of a charger, changed by keys; the wire does not matter."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from techtool.masking import MASK
from techtool.screens.app import TechtoolApp
from techtool.screens.config import ConfigPage
from techtool.screens.config_lines import At
from techtool.screens.widgets.sheet import Sheet
from techtool.station.outcomes import CallRefusedError, NoLinkError
from techtool.station.settings import Listed, Setting
from tests.screens.keeping import Keeper, kept_by
from tests.screens.making import Visit, pages, running, settled, shown


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    made = Keeper()
    kept_by(monkeypatch, made)
    return made


def flat(app: TechtoolApp) -> str:
    return " ".join(shown(app).replace("|", " ").split())


def config(app: TechtoolApp) -> ConfigPage:
    return pages(app).query_one(ConfigPage)


async def press(pilot: Pilot[None], *keys: str) -> str:
    """What is on the screen after these keys and all that they began."""
    await pilot.press(*keys)
    await settled(pilot)
    assert isinstance(pilot.app, TechtoolApp)
    return flat(pilot.app)


async def keys(pilot: Pilot[None], *pressed: str) -> str:
    """What is on the screen after these keys, whatever is still under way."""
    await pilot.press(*pressed)
    await pilot.pause()
    assert isinstance(pilot.app, TechtoolApp)
    pages(pilot.app).tick()
    await pilot.pause()
    return flat(pilot.app)


def boxed(app: TechtoolApp) -> str:
    """The lines of the box on top."""
    return " ".join(app.screen.query_one("#box-sheet", Sheet).plain.split())


def stage(app: TechtoolApp, **values: str) -> None:
    for name, value in values.items():
        config(app).changes.stage(name, value)


async def test_settings_are_read_changed_and_sent(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    keeper.unknown = ("timer",)
    app = visit.app()
    async with running(app) as pilot:
        text = await press(pilot, "4")
        assert "4 Config 9 settings" in text and "read 0 s ago" in text and "current_a 32 A" in text
        assert "The charger does not show: timer." in text and keeper.reads == 1
        await press(pilot, "enter")
        assert "current offered to the car on charger 32 A as found 32 A when it was first read" in boxed(app)
        assert "takes 6 to 80 A unit A" in boxed(app)
        assert "!! '5' is not allowed for current_a: 6 to 80 A." in await press(pilot, "5", "enter"), "it stays"
        text = await press(pilot, "backspace", "1", "6", "enter")
        assert "1 change staged. d show diff S send z undo one Z undo all" in text
        assert "current_a 32 A 16 A" in text
        await press(pilot, "down", "down", "enter")
        assert "on on charger, as found off" in boxed(app)
        assert "2 changes staged." in await press(pilot, "down", "enter") and keeper.written == []
        await press(pilot, "d")
        assert "current_a 32 A -> 16 A rcd_check on -> off Back to the list Send 2 changes" in boxed(app)
        text = await press(pilot, "S")
        assert "4 Config > send 2 changes" in text and "Done: 2 proved." in text
        assert keeper.written == [("current_a", "16"), ("rcd_check", "off")]
        assert "current_a = 16 was taken, and reads as 16." in text
        text = await press(pilot, "u", "escape")
        assert "1 change staged." in text and "current_a 16 A 32 A" in text and "(was on)" in text
        assert keeper.reads == 2, "one setting may change others"
        assert "staged." not in (await press(pilot, "z")).replace("is staged", "")


async def test_the_page_is_there_where_a_link_has_settings(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        assert "4 Config" in await press(pilot, "4") and pages(app).switcher.current == "config"
        kept_by(monkeypatch, Keeper())
        monkeypatch.setattr("techtool.abilities.Abilities.cannot", lambda *_: "It has no settings, by its maker.")
        text = await press(pilot, "4")
        assert "(4 Config)" in text and text.count("It has no settings, by its maker.") == 1
        assert (await press(pilot, "r")).count("It has no settings, by its maker.") == 2


async def test_what_was_not_read(visit: Visit, keeper: Keeper) -> None:
    keeper.silent = tuple(keeper.settings)
    keeper.open.clear()
    app = visit.app()
    async with running(app) as pilot:
        assert "No charger is connected. Press 1 for the URL to type into it." in await keys(pilot, "4")
        assert "Nothing is staged." in await keys(pilot, "enter", "d", "z", "Z", "escape")
        app.clear_notifications()
        visit.charging()
        text = await keys(pilot, "4", "r")
        assert "Reading the settings of the charger." in text and ".. reading" in text
        assert "The settings are being read: a moment." in text
        await keys(pilot, "2")
        keeper.open.set()
        await settled(pilot)
        app.clear_notifications()
        text = await press(pilot, "4")
        assert "The charger was asked for 9 settings and did not answer. r asks again" in text
        keeper.lost = True
        assert "ttyUSB0 is not open. r tries again, 6 shows what passed." in await press(pilot, "r")
        keeper.lost, keeper.silent = False, ("name",)
        app.clear_notifications()
        text = await press(pilot, "r")
        assert "current_a 32 A" in text and "No answer for: name. r reads again." in text and keeper.reads == 3
        visit.lost()
        text = await press(pilot, "r")
        assert "!! not connected, read 0 s ago" in text and "CP001 hung up" in text


async def test_the_filter(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        text = await press(pilot, "4", "slash", *"!on", "enter")
        assert "5 of 9 /!on" in text and "serial" not in text
        text = await press(pilot, "f")
        assert "9 settings filter off (f: /!on)" in text and "serial" in text
        assert "5 of 9" in await press(pilot, "f")
        assert "9 settings" in await press(pilot, "escape")
        assert "0 of 9 match 'qq'. Esc clears the filter." in await press(pilot, "slash", *"qq", "enter")
        await press(pilot, "slash", "backspace", "backspace", *"app", "enter", "e")
        (file,) = visit.folder.glob("techtool-config-*.txt")
        written = file.read_text(encoding="utf-8")
        assert "Carport" in written and "what the app shows" in written and "current_a" not in written


async def test_many_settings_are_filtered_while_one_types(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    keeper.settings = {f"C{n % 40}/Variable{n}": Setting(f"C{n % 40}/Variable{n}", str(n)) for n in range(2000)}
    app = visit.app()
    async with running(app) as pilot:
        assert "4 Config 2,000 settings" in await press(pilot, "4")
        assert "1,111 of 2,000 /e1" in await press(pilot, "slash", *"e1")


async def test_what_is_dangerous_wants_a_word(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    keeper.dangerous = {"rcd_check"}
    app = visit.app()
    async with running(app) as pilot:
        await press(pilot, "4")
        stage(app, current_a="16", rcd_check="off")
        await press(pilot, "d")
        assert "! careful: people depend on it" in boxed(app)
        assert "Enter cancel" in await keys(pilot, "S") and keeper.written == []
        said = "Careful: people depend on it. A car is charging now. Type write and Enter to send it."
        assert said in boxed(app)
        text = await press(pilot, "enter")
        assert keeper.written == [("current_a", "16")] and "-- not sent" in text
        assert "It was not confirmed. It stays staged." in text and "Done: 1 proved, 1 not sent." in text
        assert "1 change staged." in await press(pilot, "escape")
        assert "Nothing was sent." in await press(pilot, "S", "escape") and len(keeper.written) == 1
        assert "Enter send it" in await keys(pilot, "S", *"write")
        assert "Done: 1 proved." in await press(pilot, "enter") and keeper.written[-1] == ("rcd_check", "off")


async def test_what_goes_wrong_is_said(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    keeper.keeps, keeper.refuses, keeper.mute = {"current_a": "32"}, {"mode"}, {"name"}
    app = visit.app()
    async with running(app) as pilot:
        await press(pilot, "4")
        stage(app, current_a="40", mode="NORMAL", name="Hof", most_a="16")
        text = await press(pilot, "S")
        assert "!! contradicted current_a = 40 was taken, but reads as 32." in text
        assert "!! refused mode = NORMAL was refused: not now. It reads as Smart now." in text
        assert "!! unanswered No answer to name = Hof in 1 s. It stays staged." in text
        assert "-- not sent Nothing was sent after that. It stays staged." in text
        assert keeper.reads == 1, "who does not answer is not asked for everything"
        assert "2 changes staged." in await press(pilot, "escape")
        await press(pilot, "q")
        assert "2 changes are staged and not sent: they would be lost." in boxed(app)
        await press(pilot, "escape", "Z", "q")
        assert "staged" not in boxed(app)


async def test_a_link_that_goes_and_comes_back_in_the_middle(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await press(pilot, "4")
        stage(app, current_a="16")
        keeper.open.clear()
        text = await keys(pilot, "S")
        assert ".. sending" in text and "0 of 1 change answered. Esc goes back to the list; this goes on." in text
        assert "Changes are being sent: a moment." in await keys(pilot, "r")
        stage(app, most_a="20")
        assert ".. sending" in await keys(pilot, "escape", "S"), "it is shown again, and not sent twice"
        keeper.lost = True
        visit.lost()
        keeper.open.set()
        assert "CP001 hung up" in await press(pilot, "escape", "S") and len(keeper.written) == 1
        app.clear_notifications()
        assert "2 changes staged." in await press(pilot)
        keeper.lost = False
        visit.link(connection=2)
        text = await press(pilot, "4")
        assert "The link is a new one, and 2 changes are staged: is it the same charger?" in text
        assert keeper.reads == 2


async def test_a_password_shows_nowhere(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await press(pilot, "4")
        pages(app).query_one("#config-sheet", Sheet).go(At("WifiPassword"))
        said = [await press(pilot, "enter"), await press(pilot, *"neu7"), await press(pilot, "enter")]
        said += [await press(pilot, "d"), await press(pilot, "escape", "y", "e"), await press(pilot, "S", "y")]
        assert keeper.written == [("WifiPassword", "neu7")] and "OK proved" in said[-1] and MASK in said[0]
        files = [one.read_text(encoding="utf-8") for one in visit.folder.glob("*.txt")]
        assert files and not any(word in text for text in (*said, *files) for word in ("geheim", "neu7"))


async def test_what_is_only_read_or_only_written_in_much_and_in_little_room(visit: Visit, keeper: Keeper) -> None:
    visit.charging()
    name = "A-name-that-is-longer-than-any/Other[that]@1.2"
    keeper.settings = {
        name: Setting(name, "a value of many words that goes on", label="many words"),
        **keeper.settings,
    }
    app = visit.app()
    async with running(app) as pilot:
        assert name[:40] in await press(pilot, "4")
        await keys(pilot, "end", "up", "enter")
        assert "techtool does not know what it means" in boxed(app)
        assert "takes no other value" in await keys(pilot, "escape", "u")
        assert "never told what it was" in await keys(pilot, "down", "u")
        await keys(pilot, "enter")
        assert "on charger not told" in boxed(app)
        assert "counter -- reset" in await keys(pilot, "enter")
        assert "not now: The charger never told what it was." in await keys(pilot, "question_mark", "v", "a", "l")
        await keys(pilot, "escape", "up", "up")
        await pilot.resize_terminal(160, 50)
        text = await press(pilot)
        below = app.screen_stack[-1].query_one("#config-detail", Sheet)
        assert "The charger takes no other value for it" in " ".join(below.plain.split())
        assert name in text and "Enter change / filter r read again" in text
        await pilot.resize_terminal(1, 1)
        await press(pilot, "d", "S", "escape", "slash", "escape", "enter", "escape")
        assert keeper.written == [("counter", "reset")]


async def test_a_link_that_goes_while_a_value_is_typed_and_judged(
    visit: Visit, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str, value: str) -> None:
        raise NoLinkError("CP001 is not connected.")

    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await press(pilot, "4", "enter")
        monkeypatch.setattr(keeper, "check", gone)
        await pilot.press("9")
        await pilot.pause()
        assert "CP001 is not connected." in flat(app)
        await press(pilot, "escape")
        stage(app, current_a="16")
        await press(pilot, "d")
        assert len(config(app).changes.staged) == 1, "what is staged stays"


async def test_why_nothing_is_read_of_a_charger_that_was_turned_away(
    visit: Visit, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(names: object = ()) -> Listed:
        raise CallRefusedError("Its boot was answered with Rejected.")

    monkeypatch.setattr(keeper, "read", refused)
    visit.charging()
    async with running(visit.app()) as pilot:
        assert "Its boot was answered with Rejected. r tries again" in await press(pilot, "4")
