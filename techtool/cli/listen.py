"""``techtool listen``: run without the UI, a line per event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking

if TYPE_CHECKING:
    from techtool.picture import Taken


def listen(
    listen: options.Listen = options.DEFAULT_LISTEN,
    demo: options.Demo = None,
    identity: options.Identity = None,
    ocpp: options.Ocpp = None,
    password: options.Password = None,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Be the back office without the UI, and print a line per event until Ctrl-C.

    With --json each line is an object: `{"at", "event", "charger", …}`. The events are listening, knock,
    connected, boot, status, meter, transaction, authorize, finding, firmware, log and disconnected.
    """
    wanted = options.linking(listen, demo, identity, ocpp, password, 0, journal)
    from techtool.cli import connect

    connect.run(lambda: _listen(wanted, as_json))


async def _listen(wanted: Linking, as_json: bool) -> Exit:
    import asyncio
    from datetime import UTC, datetime

    from techtool.cli import connect
    from techtool.events import Event, events
    from techtool.text import safe

    def show(event: Event) -> None:
        if as_json:
            output.line(event.document())
        else:
            who = f"{safe(event.charger)}  " if event.charger else ""
            at = event.at.astimezone().strftime("%H:%M:%S")
            output.say(f"{at}  {event.event:<12}  {who}{safe(event.text)}")

    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def watch(taken: Taken) -> None:
        # a closed pipe ends the command from here, where an exception would have nowhere to go
        if failed.done():
            return
        try:
            for event in events(taken):
                show(event)
        except output.ClosedError as closed:
            failed.set_exception(closed)

    async with connect.session("listen", wanted, as_json=as_json) as visit:
        assert visit.listening is not None
        host, port = visit.listening
        data = {"host": host, "port": port, "visit": visit.visit}
        show(Event(datetime.now(UTC), "listening", None, f"on {host}:{port}, visit {visit.visit}", data))
        visit.watch(watch)
        told = None
        while not failed.done():
            await asyncio.wait([failed], timeout=1)
            if visit.trouble != told:
                told = visit.trouble
                output.note(told or "The journal is written again.")
        failed.result()
    return Exit.DONE
