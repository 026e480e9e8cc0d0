"""The moments that ``trace replay --at`` understands. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

from techtool.station.records import Record

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?$")


def until(records: Sequence[Record], at: str, zone: tzinfo | None = None) -> list[Record]:
    """The records up to a moment: ``#811``, ``10:58:30`` (local time), or an ISO time.

    A clock time is the first such time after the visit began. Raises ValueError with a sentence.
    """
    text = at.strip()
    if text.startswith("#"):
        if not (text.isascii() and text[1:].isdecimal() and len(text) < 20):
            raise ValueError(f"{at!r} is no record number, like #811.")
        number = int(text[1:])
        if records and number > records[-1].number:
            raise ValueError(f"There is no record #{number}: the last one is #{records[-1].number}.")
        return [record for record in records if record.number <= number]
    end = _moment(text, records[0].time if records else datetime.now(UTC), zone)
    return [record for record in records if record.time <= end]


def _moment(text: str, began: datetime, zone: tzinfo | None) -> datetime:
    clock = _CLOCK.match(text)
    if clock is not None:
        try:
            wanted = time(int(clock[1]), int(clock[2]), int(clock[3] or 0), round(float(clock[4] or 0) * 1e6))
        except ValueError:
            raise ValueError(f"{text!r} is no time of day.") from None
        local = began.astimezone(zone)
        first = datetime.combine(local.date(), wanted, local.tzinfo)
        return first if first >= local.replace(microsecond=0) else first + timedelta(days=1)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
        return moment
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is no moment; give 10:58:30, 2026-11-22T10:58:30Z or #811.") from None
