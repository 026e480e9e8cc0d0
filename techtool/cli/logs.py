"""``techtool logs``: what the charger says of itself, into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from techtool.cli import options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.cli.printer import Printer
    from techtool.picture import Taken

app = typer.Typer(help="What the charger says of itself, at a service port.", no_args_is_help=True)
MOST_S = 86_400


@app.command()
@for_a_charger(waits=False)
def fetch(
    seconds: Annotated[
        float, typer.Option("--for", metavar="SECONDS", min=0.1, max=MOST_S, help="How long to listen.")
    ] = 60.0,
    to: Annotated[
        Path | None, typer.Option("--to", "-o", metavar="FILE", help="Write into this new file instead of stdout.")
    ] = None,
    *,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Keep what a console, a shell or an OpenEVSE says by itself, a line each with its time: a boot, for instance.

    `techtool logs fetch --serial /dev/ttyUSB0 --protocol console --for 120 --to boot.log`, then switch it on.

    An OpenEVSE tells its states, its starts and its button; what it answers to questions is in the trace.

    The port may come and go meanwhile. Ctrl-C ends it; what came until then is kept. Exit code 0 if it said
    something, 4 if it said nothing, 6 if this wire has no log.
    """
    from techtool.cli import connect

    reply = Reply("logs fetch", as_json=as_json)
    connect.run(lambda: _fetch(wanted, seconds, to, reply), reply)


async def _fetch(wanted: Linking, seconds: float, to: Path | None, reply: Reply) -> Exit:
    if wanted.serial is None:
        from techtool.jobs.calling import NOT_OVER_OCPP

        reply.fail(Exit.UNABLE, NOT_OVER_OCPP["logs"], "unable")
    from techtool.abilities import UnableError

    try:
        if to is None:
            return await _printed(wanted, seconds, None, None if reply.as_json else sys.stdout, reply)
        with to.open("x", encoding="utf-8") as file:
            return await _printed(wanted, seconds, to, file, reply)
    except UnableError as error:
        if to is not None:
            to.unlink(missing_ok=True)  # noqa: ASYNC240  nothing was written
        reply.fail(Exit.UNABLE, str(error), "unable")
    except FileExistsError:
        reply.fail(Exit.USAGE, f"{to} exists already; nothing was written. Choose another name.", "exists")
    except OSError as error:
        reply.fail(Exit.FAILED, f"{to} cannot be written: {error.strerror}.", "unwritable")


async def _printed(wanted: Linking, seconds: float, to: Path | None, stream: TextIO | None, reply: Reply) -> Exit:
    """Lines go out in a thread: neither a slow disk nor a slow reader is waited for."""
    from techtool.cli.printer import Printer

    if stream is None:
        return await _listen(wanted, seconds, to, None, reply)
    printer = Printer(stream)
    try:
        return await _listen(wanted, seconds, to, printer, reply)
    finally:
        await printer.close()
        if printer.dropped:
            output.note(printer.dropped)


async def _listen(wanted: Linking, seconds: float, to: Path | None, printer: Printer | None, reply: Reply) -> Exit:
    from techtool.abilities import UnableError
    from techtool.cli import connect, documents
    from techtool.station.changes import Said

    result: dict[str, Any] = {"lines": [], "count": 0, "file": str(to) if to is not None else None}
    reply.so_far = result

    def heard(taken: Taken) -> None:
        for change in taken.changes:
            if not isinstance(change, Said):
                continue
            result["count"] += 1
            if printer is None:
                result["lines"].append({"at": documents.time(taken.record.time), "text": change.text})
            else:
                at = taken.record.time.astimezone().strftime("%H:%M:%S.%f")[:-3]
                printer.put(f"{at}  {change.text}")

    async with connect.session(reply, wanted) as visit:
        visit.watch(heard)
        reply.station = lambda: visit.station
        news, told = connect.News(visit), None

        def unable() -> bool:
            return visit.serial is not None and visit.able.cannot("logs") is not None

        def over() -> bool:
            nonlocal told
            if visit.port_problem != told:
                told = visit.port_problem
                output.note(told or f"{wanted.serial} is open.")
            return unable() or (printer is not None and printer.ended.is_set())

        output.note(f"Listening at {wanted.serial} for {seconds:g} s; Ctrl-C ends it.")
        await news.until(over, seconds, every=0.5)
        news.close()
        if unable():
            raise UnableError(visit.able.cannot("logs"))
        if printer is not None:
            printer.check()
        count = result["count"]
        if not count and visit.port_problem is not None:
            reply.fail(Exit.NO_CHARGER, visit.port_problem, "no-charger")
        output.note(f"{count:,} {'line' if count == 1 else 'lines'}." if count else "It said nothing.")
        if reply.as_json:
            reply.give(verdict="proved" if count else "unanswered", value=result)
    return Exit.DONE if count else Exit.UNANSWERED
