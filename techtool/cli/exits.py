"""The exit codes, the same for every command."""

from __future__ import annotations

from enum import IntEnum

from techtool.station.outcomes import Verdict


class Exit(IntEnum):
    """What a script learns from the exit code."""

    DONE = 0
    """Done and proved."""
    FAILED = 1
    """Refused, failed or contradicted."""
    USAGE = 2
    """Wrong usage or bad input."""
    NO_CHARGER = 3
    """No charger within --wait."""
    UNANSWERED = 4
    """The charger stopped answering."""
    UNPROVED = 5
    """Accepted, but the effect could not be proved."""
    UNABLE = 6
    """This link cannot do that."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """Who read the output has gone."""


BY_VERDICT = {
    Verdict.PROVED: Exit.DONE,
    Verdict.ACCEPTED: Exit.UNPROVED,
    Verdict.CONTRADICTED: Exit.FAILED,
    Verdict.REFUSED: Exit.FAILED,
    Verdict.UNANSWERED: Exit.UNANSWERED,
}
