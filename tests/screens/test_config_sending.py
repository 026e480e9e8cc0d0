"""Sending what is staged, without a screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from techtool.masking import MASK
from techtool.screens.config_changes import Change, Changes
from techtool.screens.config_sending import Item, Sending, lines
from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look
from techtool.station.outcomes import Outcome
from techtool.station.settings import Listed
from tests.screens.keeping import SOME, Keeper

AT = datetime(2026, 5, 4, 10, 44, tzinfo=UTC)
LOOK = Look(INKS["night"], AT + timedelta(seconds=12), UTC, "night")


def staged(**values: str) -> Changes:
    changes = Changes()
    changes.take(Listed(SOME), AT, 1)
    for name, value in values.items():
        changes.stage(name, value)
    return changes


async def sent(keeper: Keeper, changes: Changes, *confirmed: str) -> Sending:
    sending = Sending([Item(one, confirmed=one.name in confirmed) for one in changes.staged], "CP001")

    async def write(change: Change, sure: bool) -> Outcome:
        return await keeper.write(change.name, change.after, force=sure)

    await sending.run(changes, write, lambda: None)
    return sending


def plain(sending: Sending, width: int = 80) -> str:
    return "\n".join(one.text.plain.rstrip() for one in lines(sending, LOOK, width))


async def test_each_has_its_answer() -> None:
    keeper = Keeper()
    keeper.refuses, keeper.keeps = {"mode"}, {"most_a": "32"}
    changes = staged(current_a="16", mode="NORMAL", most_a="80", rcd_check="off")
    sending = await sent(keeper, changes)
    text = plain(sending)
    assert [one.state for one in sending.items] == ["proved", "refused", "contradicted", "proved"]
    assert "OK proved" in text and "!! refused" in text and "!! contradicted" in text
    assert "mode = NORMAL was refused: not now. It reads as Smart now." in text
    assert "most_a = 80 was taken, but reads as 32." in text
    assert "Done: 2 proved, 1 refused, 1 contradicted." in text
    assert not changes.staged and changes.settings["current_a"].value == "16"


async def test_silence_ends_it_and_the_rest_stays_staged() -> None:
    keeper = Keeper()
    keeper.mute = {"most_a"}
    changes = staged(current_a="16", most_a="16", name="Hof")
    sending = await sent(keeper, changes)
    assert [one.state for one in sending.items] == ["proved", "unanswered", "not sent"]
    assert [one.name for one in changes.staged] == ["most_a", "name"]
    text = plain(sending)
    assert "No answer to most_a = 16 in 1 s. It stays staged. r reads what it is now." in " ".join(text.split())
    assert "Nothing was sent after that. It stays staged." in text and keeper.written[-1] == ("most_a", "16")


async def test_a_lost_link_ends_it() -> None:
    keeper = Keeper()
    keeper.lost = True
    changes = staged(current_a="16", name="Hof")
    sending = await sent(keeper, changes)
    assert "ttyUSB0 is not open." in plain(sending) and len(changes.staged) == 2
    assert [one.state for one in sending.items] == ["not sent", "not sent"]


async def test_what_is_dangerous_or_wrong_does_not_go_out() -> None:
    keeper = Keeper()
    keeper.dangerous = {"rcd_check", "most_a"}
    changes = staged(rcd_check="off", most_a="16", current_a="999")
    sending = await sent(keeper, changes, "most_a")
    assert [one.state for one in sending.items] == ["not sent", "proved", "not sent"]
    assert keeper.written == [("most_a", "16")] and len(changes.staged) == 2
    assert "'999' is not allowed for current_a" in plain(sending)


async def test_what_was_undone_before_its_turn_is_not_sent() -> None:
    keeper = Keeper()
    changes = staged(current_a="16", name="Hof")
    items = [Item(one) for one in changes.staged]
    sending = Sending(items, None)

    async def write(change: Change, sure: bool) -> Outcome:
        changes.undo("name")
        return await keeper.write(change.name, change.after)

    await sending.run(changes, write, lambda: None)
    assert keeper.written == [("current_a", "16")] and "undone before its turn" in plain(sending)


async def test_a_password_is_not_told() -> None:
    keeper = Keeper()
    keeper.keeps = {"WifiPassword": "geheim-9"}
    text = plain(await sent(keeper, staged(WifiPassword="neues-wort")))
    assert "geheim" not in text and "neues" not in text and MASK in text
    keeper.settings["WifiPassword"] = keeper.settings["WifiPassword"]._replace(type="number", takes="6 to 80")
    text = plain(await sent(keeper, staged(WifiPassword="neues-wort")))
    assert "neues" not in text and "not allowed here" in text


async def test_rows_fit_into_any_room() -> None:
    keeper = Keeper()
    sending = await sent(keeper, staged(name="x" * 90, current_a="16"))
    for width in (30, 60, 80, 160):
        assert all(one.text.cell_len <= width for one in lines(sending, LOOK, width))
