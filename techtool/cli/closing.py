"""The end of a visit: what the journal could not keep is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.cli import output

if TYPE_CHECKING:
    from techtool.journal.store import Journal


def close(journal: Journal) -> None:
    """Wait until everything is written, and say what could not be."""
    trouble, lost = journal.trouble, journal.close()
    if trouble:
        output.note(trouble)
    if lost:
        output.note(f"{lost:,} records of this visit could not be kept.")
