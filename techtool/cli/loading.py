"""A visit of the journal, an export or a recording, by the name that a user gives it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from techtool.cli.exits import Exit
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.station.records import Record

PROBLEMS_SHOWN = 5


class Loaded(NamedTuple):
    """What could be read."""

    records: list[Record]
    notes: list[str]
    """What could not, line by line."""


class LoadError(Exception):
    """Nothing could be read; the text says why and what to do."""

    def __init__(self, text: str, exit: Exit, code: str) -> None:
        super().__init__(text)
        self.exit = exit
        self.code = code


def load(source: str, journal: Path | None) -> Loaded:
    """Everything of a visit (its number) or of a file. Raises LoadError; may take seconds."""
    path = Path(source)
    if len(source) < 20 and source.isascii() and source.isdecimal() and not path.exists():
        return Loaded(_visit(int(source), journal), [])
    from techtool.journal import recordings

    try:
        trace = recordings.load(path)
    except recordings.UnreadableTraceError as error:
        raise LoadError(str(error), Exit.USAGE, "unreadable") from error
    notes = [safe(f"{source}: {problem}") for problem in trace.problems[:PROBLEMS_SHOWN]]
    if len(trace.problems) > PROBLEMS_SHOWN:
        notes.append(f"{source}: {len(trace.problems) - PROBLEMS_SHOWN} more lines could not be read.")
    return Loaded(trace.records, notes)


def _visit(number: int, journal: Path | None) -> list[Record]:
    from techtool.journal.reading import JournalError, NoSuchVisitError, whole_visit

    try:
        return whole_visit(journal, number)
    except NoSuchVisitError as error:
        raise LoadError(str(error), Exit.USAGE, "no-visit") from error
    except JournalError as error:
        raise LoadError(str(error), Exit.FAILED, "journal") from error
