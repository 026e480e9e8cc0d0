from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.payload import RefusalError
from techtool.simulator.profiles import Profiles, read

T = 1_764_000_000.0


def profile(id: int = 1, connector: int = 1, **changes: Any) -> Any:
    schedule = {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}, {"startPeriod": 60, "limit": 8}],
    }
    schedule |= changes.pop("schedule", {})
    whole = {
        "chargingProfileId": id,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
    }
    return read(whole | changes, connector, "chargingProfileId")


def test_periods_follow_each_other() -> None:
    installed = Profiles()
    installed.install(profile())
    assert installed.limit(1, T, T) == (10, None)
    assert installed.limit(1, T + 59, T) == (10, None)
    assert installed.limit(1, T + 60, T) == (8, None)
    assert installed.limit(2, T, T) == (None, None)


def test_the_higher_level_wins_and_the_profile_of_the_transaction() -> None:
    installed = Profiles()
    installed.install(profile(1))
    installed.install(
        profile(2, stackLevel=3, schedule={"chargingSchedulePeriod": [{"startPeriod": 0, "limit": 7}]})
    )
    assert installed.limit(1, T, T) == (7, None)
    installed.install(
        profile(
            3,
            chargingProfilePurpose="TxProfile",
            schedule={"chargingSchedulePeriod": [{"startPeriod": 0, "limit": 15}]},
        )
    )
    assert installed.limit(1, T, T) == (15, None)
    installed.end_transaction(1)
    assert installed.limit(1, T, T) == (7, None)


def test_watts_are_spread_over_three_phases() -> None:
    installed = Profiles()
    schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6900}]}
    installed.install(profile(connector=0, chargingProfilePurpose="ChargePointMaxProfile", schedule=schedule))
    assert installed.limit(1, T, T) == (None, 10)


def test_absolute_recurring_and_validity() -> None:
    daily = profile(
        chargingProfileKind="Recurring",
        recurrencyKind="Daily",
        schedule={"startSchedule": "2025-11-24T16:00:00Z", "duration": 120},
    )
    assert daily.at(T + 86400 * 3 + 61, None) == 8
    assert daily.at(T + 86400 * 3 + 121, None) is None
    later = profile(chargingProfileKind="Absolute", schedule={"startSchedule": "2025-11-24T17:00:00Z"})
    assert later.at(T, T) is None
    assert later.at(T + 3600, T) == 10
    valid = profile(validFrom="2025-11-24T16:00:10Z", validTo="2025-11-24T16:00:20Z")
    assert [valid.at(T + s, T) for s in (9, 10, 19, 20)] == [None, 10, 10, None]


def test_the_same_place_holds_one_profile() -> None:
    installed = Profiles()
    installed.install(profile(1))
    installed.install(profile(2))
    assert [one.id for one in installed.find()] == [2]
    installed.remove(installed.find(id=2))
    assert len(installed) == 0


def test_changes_are_the_borders_of_periods() -> None:
    installed = Profiles()
    installed.install(profile(schedule={"duration": 100}))
    assert installed.changes(T, 300, T) == [T, T + 60, T + 100]
    assert installed.changes(T, 90, T) == [T, T + 60]


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            (
                "chargingProfileId",
                "stackLevel",
                "chargingProfilePurpose",
                "chargingProfileKind",
                "chargingSchedule",
            ),
            st.one_of(st.none(), st.integers(), st.text(), st.lists(st.dictionaries(st.text(), st.none()))),
        ),
    )
)
def test_nonsense_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(RefusalError):
        read(payload, 1, "chargingProfileId")
