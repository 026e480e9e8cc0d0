"""``techtool trace``: what passed, in this and earlier visits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import archives, new_file, options, output, replay
from techtool.cli.exits import Exit
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.journal.reading import VisitRow
    from techtool.trace.book import Trace
    from techtool.trace.filtering import Filter
    from techtool.trace.rows import Row

FOLLOW_S = 0.2
IDENTITY_WIDTH = 16
"""Columns of a charger's identity; longer ones are cut."""

app = typer.Typer(help="What passed, in this and earlier visits: every byte is kept.", no_args_is_help=True)
app.command()(replay.replay)

VisitArgument = Annotated[
    int | None, typer.Argument(metavar="VISIT", help="Its number in `trace list`; the latest if left out.")
]


@app.command("list")
def list_(journal: options.JournalPath = None, as_json: options.Json = False) -> None:
    """List the visits, the newest first: number, begin, how long, what is kept of it, chargers, versions.

    "no end" instead of how long: it runs still, or its process was killed.
    """
    reply = Reply("trace list", as_json=as_json)
    with reply.whole(), archives.opened(reply, journal) as archive:
        visits = archive.visits()
    if as_json:
        reply.give(verdict="proved", value={"visits": [_facts(one) for one in visits]})
        return
    from techtool.text import safe

    for one in visits:
        began = one.began.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        lasted = _duration(one)
        who = ", ".join(one.identities) or "no charger"
        counts = f"{one.records:>8,} records  {one.findings:>3} findings"
        output.say(safe(f"{one.id:>5}  {began}  {lasted:>10}  {counts}  {who}  {' '.join(one.protocols)}"))
    if not visits:
        output.note("No visit is in this journal yet.")


@app.command()
def show(
    visit: VisitArgument = None,
    action: Annotated[
        str | None, typer.Option("--action", help="Only messages with this in their name, and their answers.")
    ] = None,
    direction: Annotated[
        str | None, typer.Option("--direction", help="charger (what it said), laptop, or note.")
    ] = None,
    connector: Annotated[int | None, typer.Option("--connector", help="Only this connector or EVSE.")] = None,
    transaction: Annotated[str | None, typer.Option("--transaction", help="Only this transaction.")] = None,
    identity: Annotated[str | None, typer.Option("--id", help="Only chargers with this in the identity.")] = None,
    text: Annotated[
        list[str] | None, typer.Option("--text", help="Only what has this in it; may be given again.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what comes, until the visit ends or Ctrl-C.")
    ] = False,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes instead of the summary.")] = False,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Show what passed in a visit, a line per record. --json gives a JSON line per record.

    Keys and passwords are masked; only `trace export` writes them, unless it is --redacted.
    """
    from techtool.journal.jsonl import line
    from techtool.masking import masked
    from techtool.tape import Tape
    from techtool.text import decoded
    from techtool.trace import book, filtering

    wanted = _filter(action, direction, connector, transaction, identity, text or [])
    reply = Reply("trace show", as_json=as_json, lines=True)
    with archives.opened(reply, journal) as archive:
        number = archives.visit(archive, visit, reply).id
        tape = Tape(archive.records(number))
        trace = book.Trace(tape)
        selection = filtering.Selection(trace)
        selection.set(wanted)
        shown: set[int] = set()
        row = archive.visit(number)
        while True:
            trace.catch_up()
            selection.advance()
            # not by their count: the answer that names a transaction brings its request with it
            places = [place for place in map(selection.__getitem__, range(len(selection))) if place not in shown]
            for place in places:
                if as_json:
                    output.raw_line(line(masked(tape[place])))
                elif raw:
                    record = masked(tape[place])
                    output.say(f"{_clock(trace.row(place))}  {record.direction.value}  {decoded(record.data)}")
                else:
                    one = trace.row(place)
                    output.say(_line(one, _who(trace, one) if len(row.identities) > 1 else None))
            shown.update(places)
            if not follow or row.ended is not None:
                return
            try:
                time.sleep(FOLLOW_S)
            except KeyboardInterrupt:
                raise typer.Exit(Exit.INTERRUPTED) from None
            # looked at first: what was written before the end is still to be read
            row = archive.visit(number)
            for record in archive.records(number, after=tape.last):
                tape.append(record)


@app.command()
def export(
    visit: VisitArgument = None,
    to: Annotated[
        Path | None, typer.Option("--to", "-o", metavar="FILE", help="Write into this new file instead of stdout.")
    ] = None,
    redacted: Annotated[
        bool,
        typer.Option(
            "--redacted",
            help="Without passwords, keys, card numbers and SIM numbers; chargers keep their identities.",
        ),
    ] = False,
    journal: options.JournalPath = None,
) -> None:
    """Write a visit as JSON lines, all bytes included; `trace replay` reads them.

    With --redacted the same secret gets the same pseudonym in every export of this journal, so that the story can
    still be followed.
    """
    from techtool.journal import jsonl
    from techtool.journal.export_key import key_of
    from techtool.journal.redact import Redactor
    from techtool.journal.redact import redacted as without_secrets

    reply = Reply("trace export", as_json=False)
    with archives.opened(reply, journal) as archive:
        row = archives.visit(archive, visit, reply)

        def read() -> Iterator[Any]:
            return archive.records(row.id)

        records = read()
        if redacted:
            redactor = Redactor(key_of(archive.path))
            records = without_secrets(read, redactor)
            row = redactor.visit(row)
        lines = jsonl.lines(records, row, redacted=redacted)
        if to is None:
            for one in lines:
                output.raw_line(one.rstrip("\n"))
            return
        count = new_file.write(to, lines, reply, private=not redacted)
    output.note(f"{count - 1:,} records of visit {row.id} are in {to}.")


def _filter(
    action: str | None,
    direction: str | None,
    connector: int | None,
    transaction: str | None,
    identity: str | None,
    text: list[str],
) -> Filter:
    from techtool.trace.filtering import Filter, Term

    signs = {"charger": ">", "laptop": "<", "note": "-", ">": ">", "<": "<", "-": "-"}
    if direction is not None and direction.lower() not in signs:
        raise typer.BadParameter(f"{direction!r} is none of charger, laptop, note.", param_hint="--direction")
    wanted = [
        ("action", action),
        ("dir", signs[direction.lower()] if direction is not None else None),
        ("conn", str(connector) if connector is not None else None),
        ("tx", transaction),
        ("id", identity),
        *((None, word) for word in text),
    ]
    return Filter("", tuple(Term(False, column, word.lower()) for column, word in wanted if word))


def _who(trace: Trace, row: Row) -> str:
    return trace.identity(row.connection) or "--"


def _line(row: Row, charger: str | None) -> str:
    """With the charger's identity, where the visit knows several."""
    from techtool.text import safe

    took = f"{row.ms:,.0f} ms" if row.ms is not None else ""
    who = f"  {safe(charger, IDENTITY_WIDTH - 1):<{IDENTITY_WIDTH}}" if charger is not None else ""
    start = f"{_clock(row)}{who}  {row.direction.value}  {row.label:<30}  {row.connector:<4}"
    return f"{start}  {row.what}  {took}  {row.flag}".rstrip()


def _clock(row: Row) -> str:
    return row.at.astimezone().strftime("%H:%M:%S.%f")[:-3]


def _duration(row: VisitRow) -> str:
    if row.ended is None:
        return "no end"
    seconds = round((row.ended - row.began).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _facts(row: VisitRow) -> dict[str, Any]:
    facts = row._asdict()
    for name in ("began", "ended"):
        facts[name] = facts[name].isoformat().replace("+00:00", "Z") if facts[name] else None
    return facts
