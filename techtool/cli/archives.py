"""The journal as commands read it: what cannot be read ends them with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from techtool.cli.exits import Exit
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.journal.reading import Archive, VisitRow


@contextmanager
def opened(reply: Reply, journal: Path | None) -> Iterator[Archive]:
    """The journal, open for reading."""
    from techtool.journal.reading import Archive, JournalError

    try:
        with Archive(journal) as archive:
            yield archive
    except JournalError as error:
        reply.fail(Exit.FAILED, str(error), "journal")


def visit(archive: Archive, number: int | None, reply: Reply) -> VisitRow:
    """A visit by its number; the latest without one."""
    from techtool.journal.reading import NoSuchVisitError

    try:
        return archive.latest() if number is None else archive.visit(number)
    except NoSuchVisitError as error:
        reply.fail(Exit.USAGE, str(error), "no-visit")
