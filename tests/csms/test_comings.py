"""How chargers come and go."""

from __future__ import annotations

from techtool.csms.comings import FLOOD_CALLS, SHORT_LINKS, TAKEOVERS, Comings, Flood

S = 1_000_000_000


def test_a_flood_is_told_once_for_so_many_calls() -> None:
    flood = Flood()
    told = [one for number in range(3 * FLOOD_CALLS) if (one := flood.called("Heartbeat", number * S // 100))]
    assert len(told) == 3
    assert all(99 < one.rate < 101 for one in told)


def test_calls_as_they_should_be_are_no_flood() -> None:
    flood = Flood()
    assert not [number for number in range(1000) if flood.called("Heartbeat", number * S // 10)]


def test_all_at_once_is_a_flood_too() -> None:
    flood = Flood()
    assert [flood.called("Heartbeat", 0) for _ in range(FLOOD_CALLS)][-1] is not None


def flooded(*actions: str) -> str:
    flood = Flood()
    told = [one for number in range(FLOOD_CALLS) if (one := flood.called(actions[number % len(actions)], number))]
    return told[0].text


def test_only_heartbeats_are_advised_on_their_interval() -> None:
    assert "Heartbeat floods in" in flooded("Heartbeat") and "HeartbeatInterval" in flooded("Heartbeat")
    for action in ("MeterValues", "StatusNotification"):
        assert f"{action} floods in" in flooded(action)
        assert flooded(action).endswith("A queue is being emptied, or the charger is in a loop.")


def test_a_flood_is_named_by_what_it_is_made_of() -> None:
    assert "MeterValues floods in" in flooded("MeterValues", "MeterValues", "Heartbeat", "MeterValues")


def short(comings: Comings, number: int, *, by: str = "charger", seconds: int = 1) -> str | None:
    began = number * 20 * S
    comings.linked("CP1", number, "192.0.2.7:5000", began)
    return comings.closed("CP1", number, began, began + seconds * S, by)


def test_links_that_end_at_once_are_told_when_there_are_several() -> None:
    comings = Comings()
    assert [short(comings, number) is not None for number in range(SHORT_LINKS)] == [False, False, True]


def test_what_the_laptop_ended_is_no_short_link() -> None:
    comings = Comings()
    assert not any(short(comings, number, by="laptop") for number in range(10))


def test_long_links_are_no_short_ones() -> None:
    comings = Comings()
    assert not any(short(comings, number, seconds=11) for number in range(10))


def test_the_end_of_a_link_that_was_taken_over_leaves_the_new_one_standing() -> None:
    comings = Comings()
    assert comings.linked("CP1", 1, "192.0.2.7:5000", 0) is None
    assert comings.linked("CP1", 2, "192.0.2.7:5001", S) is not None
    comings.closed("CP1", 1, 0, 2 * S, "laptop")
    assert comings.linked("CP1", 3, "192.0.2.7:5002", 70 * S) is not None, "2 stands still"
    comings.closed("CP1", 3, 70 * S, 80 * S, "laptop")
    assert comings.linked("CP1", 4, "192.0.2.7:5003", 90 * S) is None


def test_takeovers_by_others_or_many_are_two_chargers() -> None:
    comings = Comings()
    comings.linked("CP1", 0, "192.0.2.7:5000", 0)
    told = [
        comings.linked("CP1", number, "192.0.2.7:5000", number * S) or "" for number in range(1, TAKEOVERS + 1)
    ]
    assert ["two chargers" in one for one in told] == [False, False, True]
    assert "from 192.0.2.7, the new one from 192.0.2.8" in (comings.linked("CP1", 9, "192.0.2.8:1", 99 * S) or "")
    assert comings.linked("CP2", 10, "192.0.2.9:1", 99 * S) is None, "each has its own"
