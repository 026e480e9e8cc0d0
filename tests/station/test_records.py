from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from techtool.station.records import moment


def test_a_wall_time_is_a_moment_of_utc_to_the_microsecond() -> None:
    assert moment(1_790_000_000_123_456_789) == datetime(2026, 9, 21, 14, 13, 20, 123457, UTC)
    assert moment(-1_000) == datetime(1969, 12, 31, 23, 59, 59, 999999, UTC)


@pytest.mark.parametrize("ns", [253_402_300_799 * 10**9, 2**63 * 10**9, 10**40, 10**400])
@pytest.mark.parametrize(("sign", "year"), [(1, 9999), (-1, 1)])
def test_a_wall_time_beyond_all_datetimes_is_one_that_every_time_zone_has(ns: int, sign: int, year: int) -> None:
    clamped = moment(sign * ns)
    for hours in (-23, 23):
        assert clamped.astimezone(timezone(timedelta(hours=hours))).year == year
