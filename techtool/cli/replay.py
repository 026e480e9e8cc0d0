"""``techtool trace replay``: a visit or a file again, in the UI or as the status at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import chargers, documents, loading, moments, options, output
from techtool.cli.exits import Exit
from techtool.cli.reply import Reply
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.station.model import Station
    from techtool.station.records import Record


def replay(
    source: Annotated[
        str, typer.Argument(metavar="FILE|VISIT", help="An export, a recording, or a visit's number.")
    ],
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="TIME",
            help="Print the status as of 10:58:30 (local time), of an ISO time, or of record #811.",
        ),
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="Print the status at the end, without the UI.")] = False,
    identity: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="IDENTITY", help="Only this charger; --json shows the last that called if left out."
        ),
    ] = None,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Open a visit or a file again: in the UI, or as the status at any moment.

    --json shows one charger; `others` in its `result` are the identities that are not shown.
    """
    reply = Reply("trace replay", as_json=as_json)
    with reply.whole():
        _replay(source, at, status, identity, journal, reply)


def _replay(
    source: str, at: str | None, status: bool, identity: str | None, journal: Path | None, reply: Reply
) -> None:
    try:
        if at is None and not status and not reply.as_json:
            from techtool.cli import ui

            notes = ui.open_replay(source, journal, identity)
            records: list[Record] = []
        else:
            records, notes = loading.load(source, journal)
    except loading.LoadError as error:
        reply.fail(error.exit, str(error), error.code)
    for note in notes:
        output.note(note)
    if at is not None or status or reply.as_json:
        _print(records, at, identity, reply)


def _print(records: list[Record], at: str | None, identity: str | None, reply: Reply) -> None:
    from techtool.picture import fold

    if at is not None:
        try:
            records = moments.until(records, at)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--at") from None
    stations = fold(records).stations
    if not stations and not reply.as_json and identity is None:
        output.note("No charger had come in by then.")
    elif reply.as_json or identity is not None:
        _show_one(stations, identity, reply)
    else:
        _show_all(stations)


def _show_all(stations: dict[str, Station]) -> None:
    from techtool.cli.snapshot import show as show_station

    for number, station in enumerate(stations.values()):
        if number:
            output.say("")
        show_station(station)


def _show_one(stations: dict[str, Station], identity: str | None, reply: Reply) -> None:
    from techtool.cli.snapshot import show as show_station

    station = chargers.latest(stations.values()) if identity is None else _one(stations, identity, reply)
    others = chargers.others(stations, station.identity) if station is not None else []
    if reply.as_json:
        reply.station = lambda: station
        value = {**documents.status(station), "others": others} if station is not None else None
        reply.give(verdict="proved", value=value)
    elif station is not None:
        show_station(station)
    if station is not None and others:
        output.note(safe(f"This is {station.identity}. Also in here: {chargers.named(others)}; --id chooses."))


def _one(stations: dict[str, Station], identity: str, reply: Reply) -> Station:
    if identity not in stations:
        text = chargers.unknown(stations, identity)
        reply.fail(Exit.USAGE, text, "unknown-charger")
    return stations[identity]
