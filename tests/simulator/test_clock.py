from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.clock import Timers, instant, stamp

AT = 1_764_000_000.25


def test_stamps() -> None:
    assert stamp(AT) == "2025-11-24T16:00:00.250Z"
    assert stamp(AT, frozenset({"local-time"})) == "2025-11-24T17:00:00"
    assert stamp(AT, frozenset({"offset-time"})) == "2025-11-24T18:00:00+02:00"
    assert stamp(AT, frozenset({"long-fraction"})) == "2025-11-24T16:00:00.2500000Z"
    assert stamp(AT, frozenset({"clock-wrong"})) == "2025-11-24T17:00:00.250Z"


@given(st.integers(0, 4_000_000_000_000))
def test_a_stamp_can_be_read_back(ms: int) -> None:
    found = instant(stamp(ms / 1000))
    assert found is not None
    assert abs(found - ms / 1000) < 0.0011


@given(st.one_of(st.text(), st.none(), st.integers()))
def test_no_text_breaks_instant(text: object) -> None:
    assert instant(text) is None or isinstance(instant(text), float)


def test_timers_run_in_order_and_one_per_key() -> None:
    timers, seen = Timers(), list[str]()
    timers.set("a", 3, lambda: seen.append("old"))
    timers.set("b", 2, lambda: seen.append("b"))
    timers.set("a", 5, lambda: seen.append("a"))
    timers.set("c", 4, lambda: seen.append("c"))
    timers.cancel("c")
    dues = []
    while (due := timers.due()) is not None:
        dues.append(due)
        timers.pop()()
    assert (dues, seen) == ([2, 5], ["b", "a"])
