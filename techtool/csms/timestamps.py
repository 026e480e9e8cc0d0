"""Time stamps as OCPP has them (RFC 3339), read tolerantly and written strictly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

SET_SINCE = 2020
"""No charger that speaks to techtool can have started anything before."""


class Stamped(NamedTuple):
    """A charger's time stamp."""

    when: datetime | None
    """Aware UTC; None where it could not be read."""
    oddity: str | None = None


def parse(value: Any) -> Stamped:
    """Read a time stamp. A missing zone is taken as UTC, and said; nothing raises."""
    if not isinstance(value, str):
        return Stamped(None, "is no text")
    try:
        when = datetime.fromisoformat(value.strip())
        naive = when.tzinfo is None
        when = when.replace(tzinfo=UTC) if naive else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return Stamped(None, "is no date and time")
    if naive:
        return Stamped(when, "has no time zone; taken as UTC")
    if len(value) > 24 and len(value.partition(".")[2].rstrip("Z")) > 9:
        return Stamped(when, "has more than 9 fraction digits")
    return Stamped(when)


def tells_time(value: Any) -> bool:
    """Whether this was stamped by a clock that was ever set: many begin with 1970 or 2000 after a power cut."""
    when = parse(value).when
    return when is not None and when.year >= SET_SINCE


def same(one: str, other: str) -> bool:
    """The same moment, however it is written: what is sent again may have another zone, or other digits."""
    if one == other:
        return True
    when = parse(one).when
    return when is not None and when == parse(other).when


def render(when: datetime) -> str:
    """``YYYY-MM-DDTHH:MM:SS.mmmZ``: strict chargers refuse an offset, or more digits."""
    utc = when if when.tzinfo is UTC else when.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:23] + "Z"
