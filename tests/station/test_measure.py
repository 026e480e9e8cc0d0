"""What readings mean, also those that no meter can have meant."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from techtool.station.measure import ENERGY, FITS, POWER, base, figure, total
from techtool.station.model import Reading, ReadingKey
from tests.csms.driving import START


def reading(value: float | None, unit: str | None) -> Reading:
    return Reading(value, unit, START, None, None, str(value))


def phases(*values: float) -> Mapping[ReadingKey, Reading]:
    """Powers in kW, by phase."""
    keys = (ReadingKey(POWER, f"L{number}", "Outlet") for number in range(1, 4))
    return {key: reading(value, "kW") for key, value in zip(keys, values, strict=False)}


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        (1.5, "kWh", 1500.0),
        (1.5, "Celsius", 1.5),
        (None, "Wh", None),
        (math.inf, "Wh", None),
        (math.nan, "Wh", None),
        (1e308, "Wh", 1e308),
        (1e308, "kWh", None),
    ],
)
def test_a_value_in_base_units_is_a_finite_number_or_none(
    value: float | None, unit: str, wanted: float | None
) -> None:
    assert base(reading(value, unit)) == wanted
    assert total({ReadingKey(ENERGY, None, "Outlet"): reading(value, unit)}, ENERGY) == wanted


@pytest.mark.parametrize(
    ("powers", "wanted"),
    [
        ((1.0, 2.0, 3.0), 6000.0),
        ((1.0, math.inf, 3.0), 4000.0),
        ((math.inf,), None),
        ((9e304, 9e304, 9e304), None),
    ],
)
def test_a_sum_over_phases_is_a_finite_number_or_none(powers: tuple[float, ...], wanted: float | None) -> None:
    assert total(phases(*powers), POWER) == wanted


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (231.4, 0, "231"),
        (15.94, 1, "15.9"),
        (-0.04, 1, "-0.0"),
        (1_234_567.8912, 3, "1234567.891"),
        (12_345_678.9123, 3, "1.2e+07"),
        (99_999_999_999.6, 0, "1.0e+11"),
        (-1e300, 0, "-1.0e+300"),
        (1.7e308, 3, "1.7e+308"),
    ],
)
def test_a_value_fits_its_column_however_absurd_it_is(value: float, digits: int, shown: str) -> None:
    assert figure(value, digits) == shown
    assert len(shown) <= FITS
