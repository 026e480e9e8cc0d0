"""Opening a visit of the journal, or a file, over the pages of the visit that runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from techtool.session import Session
from techtool.station.records import Record
from techtool.text import safe

from .desk import Desk
from .widgets.ask import Ask
from .widgets.dialogs import menu
from .widgets.lines import cut

if TYPE_CHECKING:
    from techtool.journal.jsonl import Problem
    from techtool.journal.reading import VisitRow
    from techtool.journal.recordings import Trace

    from .main_screen import MainScreen

SHOWN = 200
"""The newest visits that are offered; `techtool trace list` has all."""
_FILE = "file"


class UnreadableError(Exception):
    """There is nothing to show; the text says why."""


async def choose(main: MainScreen) -> Desk | None:
    """Ask what to open; None if nothing was chosen. Raises UnreadableError."""
    desk, app = main.desk, main.app
    rows = await asyncio.to_thread(_visits, desk.journal)
    running = desk.session.visit if desk.session.journal is not None else None
    others = [row for row in rows if row.records and row.id != running][:SHOWN]
    choices = [(row.id, str(row.id), _words(row, desk)) for row in others]
    chosen = await app.push_screen_wait(
        menu("Open a visit", [*choices, (_FILE, "file", "an export or a recording")])
    )
    if chosen == _FILE:
        words = ["The name of an export (JSON lines) or of a recording."]
        name = await app.push_screen_wait(Ask("Open a file", words, hint="visit-12.jsonl"))
        if not name:
            return None
        trace = await asyncio.to_thread(_file, name)
        if trace.problems:
            main.tech.say(_partly(trace.problems), severity="warning")
        return _replay(desk, trace.records, name)
    if not isinstance(chosen, int):
        return None
    return _replay(desk, await asyncio.to_thread(_visit, desk.journal, chosen), f"visit {chosen}")


def _replay(desk: Desk, records: list[Record], title: str) -> Desk:
    session = Session(None, title=title)
    return Desk(
        session,
        lambda: session.replay(records),
        journal=desk.journal,
        zone=desk.zone,
        folder=desk.folder,
        below=desk,
    )


def _words(row: VisitRow, desk: Desk) -> str:
    who = cut(", ".join(safe(one) for one in row.identities) or "nobody", 24)
    return f"{row.began.astimezone(desk.zone):%Y-%m-%d %H:%M}  {who}  {row.records:,} records"


def _visits(journal: Path | None) -> list[VisitRow]:
    from techtool.journal.reading import Archive, JournalError

    try:
        with Archive(journal) as archive:
            return archive.visits()
    except JournalError:
        return []  # a file can still be opened


def _visit(journal: Path | None, number: int) -> list[Record]:
    from techtool.journal.reading import JournalError, whole_visit

    try:
        return whole_visit(journal, number)
    except JournalError as error:
        raise UnreadableError(str(error)) from error


def _partly(problems: list[Problem]) -> str:
    """What is missing of a file."""
    if len(problems) == 1:
        return f"1 line could not be read: {problems[0]}."
    return f"{len(problems):,} lines could not be read; the first: {problems[0]}."


def _file(name: str) -> Trace:
    from techtool.journal import recordings

    try:
        return recordings.load(Path(name).expanduser())
    except recordings.UnreadableTraceError as error:
        raise UnreadableError(str(error)) from error
