"""``techtool listen``: run without the UI, a line per event."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from techtool.cli import options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.cli.printer import Printer
    from techtool.picture import Taken


@for_a_charger(waits=False)
def listen(
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Be the back office without the UI, and print a line per event until Ctrl-C.

    The events: `listening` (on which port), `knock` (a call that was not let in, and the cure), `connected`,
    `boot`, `status` (of a connector), `meter`, `transaction` (its `phase` is began, updated, ended or vanished),
    `authorize` (a card and its answer), `finding` (once when it is new or changes, then at most once a minute),
    `firmware` and `log` (how an update or an upload goes), `text` (what a console says unasked), `disconnected`.

    With --json each line is an object: `{"at", "event", "charger", …}`; `charger` is null where none is known.

    Lines that nobody reads are dropped, so that no charger waits for them; the journal has all.
    """
    from techtool.cli import connect

    # what was told is told: no document follows the lines
    connect.run(lambda: _listen(wanted, as_json), Reply("listen", as_json=False))


async def _listen(wanted: Linking, as_json: bool) -> Exit:
    from techtool.cli.printer import Printer

    printer = Printer(sys.stdout)
    try:
        return await _tell(wanted, as_json, printer)
    finally:
        await printer.close()
        if printer.dropped:
            output.note(printer.dropped)


async def _tell(wanted: Linking, as_json: bool, printer: Printer) -> Exit:
    import asyncio
    import contextlib
    from datetime import UTC, datetime

    from techtool.cli import connect
    from techtool.events import Event, News, events
    from techtool.text import safe

    def show(event: Event) -> None:
        if as_json:
            printer.put(output.one_line(event.document()))
        else:
            who = f"{safe(event.charger)}  " if event.charger else ""
            at = event.at.astimezone().strftime("%H:%M:%S")
            printer.put(f"{at}  {event.event:<12}  {who}{safe(event.text)}")

    news = News()

    def watch(taken: Taken) -> None:
        for event in filter(news.is_new, events(taken)):
            show(event)

    async with connect.session(Reply("listen", as_json=as_json, lines=True), wanted) as visit:
        where: dict[str, Any] = {"device": wanted.serial}
        if visit.listening is not None:
            where = visit.listening._asdict()
        text = f"on {wanted.serial or '{host}:{port}'.format(**where)}, visit {visit.visit}"
        show(Event(datetime.now(UTC), "listening", None, text, {**where, "visit": visit.visit}))
        visit.watch(watch)
        told = crowded = port = None
        while not printer.ended.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await printer.ended.wait()
            if visit.trouble != told:
                told = visit.trouble
                output.note(told or "The journal is written again.")
            if visit.port_problem != port:
                port = visit.port_problem
                output.note(port or f"{wanted.serial} is open.")
            if visit.crowded != crowded:
                crowded = visit.crowded
                output.note(crowded or "New chargers can come in again.")
        printer.check()
    return Exit.DONE
