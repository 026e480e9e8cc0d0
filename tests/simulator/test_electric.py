import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.electric import Car, Outlet


def charging(phase: float = 0.3) -> Outlet:
    outlet = Outlet(0.0, phase, 1000.0)
    outlet.car = Car()
    return outlet


@given(st.floats(0, 1), st.floats(6, 16), st.floats(1, 3000))
def test_it_adds_up_at_any_time(phase: float, limit: float, seconds: float) -> None:
    outlet = charging(phase)
    outlet.advance(seconds, lambda _: limit)
    sample = outlet.sample()
    assert sample.power == pytest.approx(
        sum(v * a for v, a in zip(sample.voltages, sample.currents, strict=True)), abs=0.2
    )
    assert all(225 < v < 235 for v in sample.voltages)
    assert all(limit - 0.7 <= a <= limit + 0.005 for a in sample.currents)


def test_one_big_step_is_many_small_ones() -> None:
    one, many = charging(), charging()
    one.advance(600, lambda _: 16)
    for second in range(600):
        many.advance(second + 1.0, lambda _: 16)
    assert one.sample() == many.sample()


@pytest.mark.parametrize("limit", [0.0, 5.9])
def test_below_6_ampere_nothing_flows(limit: float) -> None:
    outlet = charging()
    outlet.advance(600, lambda _: limit)
    assert outlet.sample().power == 0
    assert outlet.sample().energy == 1000


def test_without_a_car_nothing_flows() -> None:
    outlet = Outlet(0.0, 0.0, 5.0)
    outlet.advance(600, lambda _: 16)
    assert (outlet.sample().energy, outlet.sample().soc) == (5, None)


def test_a_limit_may_change_on_the_way() -> None:
    outlet = charging()
    outlet.advance(120, lambda at: 16 if at < 60 else 0)
    assert 175 < outlet.sample().energy - 1000 < 190
