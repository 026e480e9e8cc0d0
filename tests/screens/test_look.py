"""How things are shown, whatever they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look


@pytest.mark.parametrize(
    ("when", "hours", "shown"),
    [
        (datetime(2026, 5, 4, 10, 44, tzinfo=UTC), 2, "12:44:00"),
        (datetime.max.replace(tzinfo=UTC), 2, "23:59:59"),
        (datetime.min.replace(tzinfo=UTC), -5, "00:00:00"),
    ],
)
def test_a_time_of_day_is_local_and_at_the_ends_of_time_as_it_is(when: datetime, hours: int, shown: str) -> None:
    look = Look(INKS["night"], when, timezone(timedelta(hours=hours)), "night")
    assert look.clock(when) == shown
