"""Earlier visits and files, opened over the visit that runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, chdir
from pathlib import Path

from textual.pilot import Pilot

from techtool.journal import jsonl
from techtool.journal.store import Journal
from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.screens.main_screen import MainScreen
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


async def ask_for_file(pilot: Pilot[None], name: str) -> None:
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


@asynccontextmanager
async def opened_file(visit: Visit, lines: Iterable[str]) -> AsyncIterator[tuple[Pilot[None], MainScreen]]:
    """An app over a visit in which a file with these lines was opened; and the pages below."""
    (visit.folder / "a.jsonl").write_text("".join(lines))
    app = visit.app(journal=visit.folder / "nothing.sqlite3")
    with chdir(visit.folder):  # its whole name would be long to type
        async with running(app) as pilot:
            live = pages(app)
            await ask_for_file(pilot, "a.jsonl")
            while pages(app) is live:
                await pilot.pause(0.01)
            await settled(pilot)
            assert "replay   CP001" in shown(app)
            yield pilot, live


async def test_a_file_is_opened_by_name_and_escape_leads_back(visit: Visit) -> None:
    visit.charging()
    async with opened_file(visit, jsonl.lines(visit.session.tape.since(0))) as (pilot, live):
        await pilot.press("escape")
        await settled(pilot)
        assert pages(pilot.app) is live


async def test_a_file_that_lacks_lines_in_the_middle_is_shown_on_every_page(visit: Visit) -> None:
    visit.charging()
    head, *lines = jsonl.lines(visit.session.tape.since(0))
    del lines[30:32], lines[20]
    async with opened_file(visit, [head, *lines]) as (pilot, _):
        for page, said in (("6", "MeterValues"), ("2", "10.98 kW"), ("1", "This is a visit from the journal")):
            await pilot.press(page)
            await settled(pilot)
            assert said in shown(pilot.app)


async def test_what_is_missing_of_a_file_is_told(visit: Visit) -> None:
    visit.charging()
    broken = ["not JSON\n", "[1]\n"]
    async with opened_file(visit, [*jsonl.lines(visit.session.tape.since(0)), *broken]) as (pilot, _):
        assert "2 lines could not be read; the first: line" in shown(pilot.app)


async def test_a_file_that_cannot_be_read_is_told(visit: Visit) -> None:
    app = visit.app(journal=visit.folder / "nothing.sqlite3")
    async with running(app) as pilot:
        live = pages(app)
        await ask_for_file(pilot, "missing.jsonl")
        await settled(pilot)
        assert pages(app) is live
        assert "missing.jsonl" in shown(app)


async def test_how_far_a_visit_is_read_is_drawn_while_it_is_read(visit: Visit) -> None:
    visit.charging()
    records = list(visit.session.tape.since(0))
    session = Session(None)
    desk = Desk(session, clock=visit.clock, look_for_interfaces=list, look_for_ports=list)
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
    async with opened_file(visit, jsonl.lines(visit.session.tape.since(0))) as (pilot, live):
        app = pilot.app
        await pilot.press("question_mark", "ctrl+q")
        await settled(pilot)
        assert app.screen is pages(app) and pages(app) is not live
        await pilot.press("ctrl+q")
        await settled(pilot)
        assert app.screen is live
