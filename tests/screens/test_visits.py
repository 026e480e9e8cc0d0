"""Earlier visits and files, opened over the visit that runs."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from techtool.journal import jsonl
from techtool.journal.store import Journal
from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.screens.widgets.ask import Ask
from techtool.session import Session
from tests.screens.making import Visit, over, pages, running, settled, shown


def earlier(visit: Visit) -> Path:
    """The journal, with two visits more."""
    path = visit.folder / "j.sqlite3"
    with Journal.open(path) as journal:
        for identity in ("CP900", "CP901"):
            journal.begin_visit(version="0", title="before")
            for record in visit.session.tape.since(0):
                journal.write(record._replace(data=record.data.replace(b"CP001", identity.encode())))
            journal.end_visit()
    return path


async def test_an_earlier_visit_is_opened_and_left_again(visit: Visit) -> None:
    visit.charging()
    app = visit.app(journal=earlier(visit))
    async with running(app) as pilot:
        live = pages(app)
        await pilot.press("o")
        while "Open a visit" not in shown(app):
            await pilot.pause(0.01)
        assert "CP901" in shown(app) and "CP900" in shown(app)
        assert shown(app).count("42 records") == 2, "the visit that runs is here already"
        await pilot.press("down", "enter")
        while pages(app) is live:
            await pilot.pause(0.01)
        await settled(pilot)
        assert "replay   CP900" in shown(app)
        assert pages(app).switcher.current == "trace"
        assert "MeterValues" in shown(app)
        await pilot.press("2")
        await settled(pilot)
        assert "OK 00:10:20" in shown(app), "ages are those of the visit"
        await pilot.press("f2", "q")
        await settled(pilot)
        assert pages(app) is live and "replay" not in shown(app)
        assert app.is_running


async def open_file(pilot: Pilot[None], name: str) -> None:
    """By keys."""
    app = pilot.app
    assert isinstance(app, TechtoolApp)
    await pilot.press("o")
    while "an export or a recording" not in shown(app):
        await pilot.pause(0.01)
    await pilot.press("enter")
    while not isinstance(app.screen, Ask):
        await pilot.pause(0.01)
    await pilot.press(*name, "enter")


async def test_a_file_is_opened_by_name_and_escape_leads_back(visit: Visit) -> None:
    visit.charging()
    file = visit.folder / "export.jsonl"
    file.write_text("".join(jsonl.lines(visit.session.tape.since(0))))
    app = visit.app(journal=visit.folder / "nothing.sqlite3")
    async with running(app) as pilot:
        live = pages(app)
        await open_file(pilot, str(file))
        while pages(app) is live:
            await pilot.pause(0.01)
        await settled(pilot)
        assert "replay   CP001" in shown(app)
        await pilot.press("escape")
        await settled(pilot)
        assert pages(app) is live


async def test_a_file_that_cannot_be_read_is_told(visit: Visit) -> None:
    app = visit.app(journal=visit.folder / "nothing.sqlite3")
    async with running(app) as pilot:
        live = pages(app)
        await open_file(pilot, "missing.jsonl")
        await settled(pilot)
        assert pages(app) is live
        assert "missing.jsonl" in shown(app)


async def test_what_is_missing_of_a_file_is_told(visit: Visit) -> None:
    visit.charging()
    file = visit.folder / "part.jsonl"
    whole = "".join(jsonl.lines(visit.session.tape.since(0)))
    file.write_text(f"{whole}not JSON\n[1]\n")
    app = visit.app(journal=visit.folder / "nothing.sqlite3")
    async with running(app) as pilot:
        live = pages(app)
        await open_file(pilot, str(file))
        while pages(app) is live:
            await pilot.pause(0.01)
        await settled(pilot)
        assert "2 lines could not be read; the first: line" in shown(app)
        assert "replay   CP001" in shown(app)


async def test_how_far_a_visit_is_read_is_drawn_while_it_is_read(visit: Visit) -> None:
    visit.charging()
    records = list(visit.session.tape.since(0))
    session = Session(None)
    desk = Desk(session, clock=visit.clock, look_for_interfaces=list)
    for record in records:
        session.tape.append(record)
    app = over(desk)
    async with running(app) as pilot:
        assert "replay 0 %" in shown(app)
        before = desk.version
        session.folded = len(records) // 2
        assert desk.version != before, "the next frame draws it"
        pages(app).tick()
        await pilot.pause()
        assert "replay 50 %" in shown(app)
        session.folded = len(records)
        pages(app).tick()
        await pilot.pause()
        assert "%" not in shown(app).splitlines()[0]


async def test_quitting_over_a_box_closes_the_box(visit: Visit) -> None:
    visit.charging()
    app = visit.app(journal=earlier(visit))
    async with running(app) as pilot:
        live = pages(app)
        await pilot.press("o")
        while "Open a visit" not in shown(app):
            await pilot.pause(0.01)
        await pilot.press("down", "enter")
        while pages(app) is live:
            await pilot.pause(0.01)
        await settled(pilot)
        await pilot.press("question_mark", "ctrl+q")
        await settled(pilot)
        assert app.screen is pages(app) and pages(app) is not live
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert app.screen is live
