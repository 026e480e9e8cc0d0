from __future__ import annotations

import json

from textual import events
from textual.geometry import Region

from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.screens.trace import TracePage
from techtool.screens.widgets.dialogs import Dialog
from techtool.screens.widgets.sheet import Sheet
from techtool.screens.widgets.trace_view import TraceView
from techtool.session import Session
from techtool.station.records import Direction, Kind
from tests.screens.making import Visit, over, pages, running, settled, shown


async def test_empty(visit: Visit) -> None:
    async def demo() -> None:
        visit.charging()

    app = visit.app(demo=demo)
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        assert "Nothing has passed yet. Press d for the demo charger, o to open a saved trace." in shown(app)
        await pilot.press("d")
        await settled(pilot)
        assert "MeterValues" in shown(app)


async def test_rows_as_they_passed(visit: Visit) -> None:
    visit.charging()
    visit.odd()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        lines = shown(app).splitlines()
        assert any(
            ">  MeterValues" not in one and "> MeterValues          1   10.98 kW  16.0 A" in one for one in lines
        )
        assert any("< RemoteStopTransacti~     tx 1007" in one for one in lines)
        assert any("Rejected" in one and one.endswith("523 !") for one in lines)
        assert any("no answer in 30 s" in one and one.endswith("!!") for one in lines)
        assert any("not JSON" in one and one.endswith("!!") for one in lines)
        assert "geheim" not in shown(app)


async def test_pause_counts_and_end_follows(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        assert "follow" in shown(app)
        await pilot.press("space")
        visit.meter(3, 115000)
        pages(app).tick()
        await pilot.pause()
        assert "PAUSED, 2 new: space to go on" in shown(app)
        assert "115.000" not in shown(app)
        await pilot.press("space")
        await pilot.pause()
        assert "115.000" in shown(app)
        await pilot.press("home")
        await pilot.pause()
        assert "below: end follows" in shown(app)
        visit.meter(3, 116000)
        pages(app).tick()
        await pilot.pause()
        assert "116.000" not in shown(app)
        await pilot.press("end")
        await pilot.pause()
        assert "116.000" in shown(app)


async def test_filter_hides_counts_and_goes(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "slash", *"!metervalues")
        await pilot.pause()
        total = len(pages(app).desk.trace)
        assert f"of {total}   /!metervalues" in shown(app)
        assert "> MeterValues " not in shown(app)
        await pilot.press("enter", "f")
        await pilot.pause()
        assert "filter off (f: /!metervalues)" in shown(app)
        await pilot.press("f")
        await pilot.pause()
        assert "> MeterValues " not in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "> MeterValues " in shown(app)
        await pilot.press("slash", *"meterx", "enter")
        await pilot.pause()
        assert f"0 of {total} match 'meterx'. Esc clears the filter." in shown(app)


async def test_nothing_is_said_to_be_below_where_nothing_is(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "up")
        await pilot.pause()
        assert shown(app).splitlines()[2].endswith("   end follows"), (
            "every row is in sight, the last one is not marked"
        )
        await pilot.press("home", "slash", *"nowhere", "enter")
        await settled(pilot)
        state = shown(app).splitlines()[2]
        assert f"0 of {len(pages(app).desk.trace)}   /nowhere" in state
        assert "below" not in state and "follow" not in state


async def test_who_follows_goes_on_following_after_the_window_has_grown(visit: Visit) -> None:
    visit.charging()
    for step in range(10):
        visit.meter(3, 115_000 + step)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await settled(pilot)
        visit.meter(3, 116_000)  # it comes while the window grows
        await pilot.resize_terminal(160, 50)
        await settled(pilot)
        assert shown(app).splitlines()[2].endswith(" follow")
        assert "116.000 kWh" in shown(app)
        await pilot.press("up")
        await settled(pilot)
        assert not pages(app).query_one(TraceView).following


async def test_the_end_of_the_trace_fills_its_room_as_soon_as_the_window_has_grown(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        await pilot.resize_terminal(160, 50)
        await pilot.pause()
        tail = pages(app).query_one("#tail", Sheet)
        assert len(tail.lines) == tail.size.height > 20


async def test_digits_type_in_the_filter(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "slash", *"conn:2")
        await pilot.pause()
        assert pages(app).switcher.current == "trace"
        view = pages(app).query_one(TraceView)
        assert view.count == 2
        await pilot.press("escape")
        await pilot.pause()
        assert view.count == len(pages(app).desk.trace)


async def test_a_new_row_joins_what_the_filter_shows(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "slash", *"tx:1008", "enter")
        await pilot.pause()
        visit.start(2, 1008)
        pages(app).tick()
        await pilot.pause()
        pages(app).tick()
        assert pages(app).query_one(TraceView).count == 2


async def test_follow_this_transaction(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "t")
        await pilot.pause()
        pages(app).tick()
        await pilot.pause()
        assert "/tx:1007" in shown(app)
        view = pages(app).query_one(TraceView)
        assert view.count == 2 * 13
        assert pages(app).desk.trace.row(view.selection[0]).action == "StartTransaction"
        await pilot.press("escape", "home", "t")
        await settled(pilot)
        assert "belongs to no transaction" in shown(app)


async def test_a_message_in_full_with_the_schemas_verdict(visit: Visit) -> None:
    visit.link()
    visit.boot(chargePointVendor="A" * 30, foo=1)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        text = app.screen.plain
        assert "chargePointVendor" in text and "! is longer than 20 characters" in text
        assert "! not in 1.6" in text
        assert "BootNotification.conf" in text and "after 20 ms" in text
        assert '[2, "1", "BootNotification"' in text
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is pages(app).query_one(TraceView)


async def test_with_a_filter_keys_act_on_a_row_that_is_shown(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", *["up"] * 4)
        await pilot.pause()
        view = pages(app).query_one(TraceView)
        hidden = view.number
        await pilot.press("slash", *"statusnotification", "enter")
        await settled(pilot)
        shown_rows = [view.selection[place] for place in range(view.count)]
        assert hidden is not None and hidden not in shown_rows
        nearest = min(shown_rows, key=lambda one: abs(one - hidden))
        assert view.number == nearest
        assert pages(app).look.clock(view.trace.row(nearest).at, ms=True) in marked_row(app)
        await pilot.press("m")
        assert view.trace.marks == {nearest}
        await pilot.press("enter")
        await pilot.pause()
        assert f"Record {nearest}" in shown(app)
        await pilot.press("escape", "semicolon")
        await pilot.pause()
        assert "On StatusNotification" in shown(app)
        await pilot.press("escape", "t")
        await settled(pilot)
        assert "belongs to no transaction" in shown(app)
        await pilot.press("up")
        await pilot.pause()
        assert view.number == shown_rows[shown_rows.index(nearest) - 1]


async def test_the_cursor_stays_in_sight_when_a_filter_hides_rows(visit: Visit) -> None:
    for _ in range(10):
        visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", *["pageup"] * 3)
        await pilot.pause()
        await pilot.press("slash", *"metervalues", "enter")
        await settled(pilot)
        view = pages(app).query_one(TraceView)
        assert view.count > view.size.height
        assert 0 <= view.place - view.scroll_offset.y < view.size.height
        assert marked_row(app).strip()


def marked_row(app: TechtoolApp) -> str:
    """The row of the trace that is drawn in reverse."""
    view = pages(app).query_one(TraceView)
    rows: list[str] = [
        strip.text
        for strip in view.render_lines(Region(0, 0, *view.size))
        if any(segment.style is not None and segment.style.reverse for segment in strip)
    ]
    assert len(rows) == 1
    return rows[0]


async def test_marks(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "n")
        await settled(pilot)
        assert "Nothing is marked" in shown(app)
        await pilot.press("m", "home", "n")
        await pilot.pause()
        view = pages(app).query_one(TraceView)
        assert pages(app).desk.trace.marks == {view.number}
        await pilot.press("m")
        assert not pages(app).desk.trace.marks


async def test_copy_and_export_mask_secrets(visit: Visit) -> None:
    visit.link()
    change = {"key": "AuthorizationKey", "value": "0123456789abcdef"}
    visit.call("ChangeConfiguration", change, {"status": "Accepted"}, by=Direction.LAPTOP)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "up")
        page = pages(app).query_one(TracePage)
        assert page.copied() == '[2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "********"}]'
        text = await page.exported()
        assert "0123456789abcdef" not in text and "c2VjcmV0" not in text
        assert "AuthorizationKey = ********" in text
        await pilot.press("e")
        await settled(pilot)
        files = list(visit.folder.glob("techtool-trace-*.txt"))
        assert len(files) == 1
        assert "0123456789abcdef" not in files[0].read_text(encoding="utf-8")


async def test_hostile_text_stays_text(visit: Visit) -> None:
    visit.link("\x1b]52;c;AAAA\x07[red]\u202eCP")
    visit.boot(chargePointModel="\x1b[31m[bold red]evil\x00\u202e[/]", chargePointVendor="好" * 20)
    visit.status(1, "[link=x]Available", info="\x1b[2J")
    app = visit.app()
    async with running(app) as pilot:
        for page in ("1", "2", "6"):
            await pilot.press(page)
            await pilot.pause()
            text = shown(app)
            assert "\x1b" not in text and "\u202e" not in text and "\x00" not in text
            assert all(len(line) <= 80 for line in text.splitlines())
        await pilot.press("c")
        await pilot.pause()
        assert "[red]" in shown(app)


async def test_a_hundred_thousand_rows(visit: Visit) -> None:
    tape = visit.session.tape
    visit.charging()
    pattern = list(tape.since(4))
    while tape.last < 100_000:
        for one in pattern:
            tape.append(one._replace(number=tape.last + 1))
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        await pilot.press("home", "pagedown", "end", "up")
        await pilot.pause()
        assert pages(app).query_one(TraceView).count == tape.last


async def test_records_that_were_let_go_of(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "home")
        await pilot.pause()
        del visit.session.tape._records[:20]
        pages(app).tick()
        await pilot.pause()
        await pilot.press("up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        pages(app).jump(3)
        await settled(pilot)
        assert pages(app).desk.trace.first == 21


async def test_kinds_of_records(visit: Visit) -> None:
    visit.link()
    visit.raw(Direction.CHARGER, Kind.PING, b"")
    visit.raw(Direction.LAPTOP, Kind.PONG, b"x")
    visit.knock()
    visit.lost()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        text = shown(app)
        for words in ("from 192.168.1.77:51234", "GET /CP001", "101 Switching", "ocpp1.6  offer", "pong", "1006"):
            assert words in text


async def test_a_note_is_a_record_of_the_visit(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6", "end", "semicolon")
        await pilot.pause()
        await pilot.press(*"plug was hot", "enter")
        await settled(pilot)
        assert "note" in shown(app) and "plug was hot" in shown(app)
        record = visit.session.tape[visit.session.tape.last]
        assert (record.kind, record.direction) == (Kind.REMARK, Direction.NOTE)
        assert json.loads(record.data) == {"text": "plug was hot", "record": record.number - 1}
        await pilot.press("semicolon", "escape", "semicolon", "enter")
        await settled(pilot)
        assert visit.session.tape.last == record.number, "nothing was said"
        await pilot.press("2")
        await pilot.pause()
        assert "plug was hot" in shown(app), "it is an event"


async def test_a_visit_from_the_journal_takes_no_notes(visit: Visit) -> None:
    visit.charging()
    session = Session(None)
    records = list(visit.session.tape.since(0))
    app = over(
        Desk(
            session,
            lambda: session.replay(records),
            clock=visit.clock,
            look_for_interfaces=list,
            look_for_ports=list,
        )
    )
    async with running(app) as pilot:
        await pilot.press("semicolon")
        await settled(pilot)
        assert "notes are written while a visit runs" in shown(app)


async def test_what_is_typed_right_after_the_slash_is_not_lost(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("6")
        await pilot.pause()
        for key, character in (("slash", "/"), *((one, one) for one in "boot/")):
            app.post_message(events.Key(key, character))
        await settled(pilot)
        assert "/boot/" in shown(app)
