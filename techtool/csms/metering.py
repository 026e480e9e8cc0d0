"""Meter values of all versions: sampled values in, readings out.

Defaults where a field is left out: Energy.Active.Import.Register, Wh, Outlet (1.6 section 7.43,
2.0.1 part 2 SampledValueType).
"""

from __future__ import annotations

from typing import Any

from techtool.csms import lenient
from techtool.csms.hearing import Hearing
from techtool.station.measure import ENERGY
from techtool.station.model import Reading, ReadingKey

MAX_READINGS = 500
"""Of one message; no charger measures more."""


def readings(meter_values: Any, hearing: Hearing, *, live: bool = True) -> dict[ReadingKey, Reading]:
    """The readings of a ``meterValue`` list; a later value of the same kind replaces an earlier one."""
    found: dict[ReadingKey, Reading] = {}
    for meter_value in lenient.items(meter_values):
        sampled = hearing.when(meter_value.get("timestamp"), live=live)
        for sample in lenient.items(meter_value.get("sampledValue")):
            value = sample.get("value")
            if value is None or sample.get("format") == "SignedData" or len(found) >= MAX_READINGS:
                continue
            number = lenient.number(value)
            unit = lenient.text(sample.get("unit"))
            if unit is None and "unitOfMeasure" in sample:
                unit, number = _scaled(lenient.obj(sample["unitOfMeasure"]), number)
            measurand = lenient.text(sample.get("measurand")) or ENERGY
            if unit is None and measurand.startswith("Energy"):
                unit = "Wh"
            key = ReadingKey(
                measurand, lenient.text(sample.get("phase")), lenient.text(sample.get("location")) or "Outlet"
            )
            found[key] = Reading(
                number, unit, hearing.at, sampled, lenient.text(sample.get("context")), str(value)[:64]
            )
    return found


def _scaled(unit_of_measure: dict[str, Any], number: float | None) -> tuple[str | None, float | None]:
    """2.x: the unit, and the value with its power of ten."""
    multiplier = lenient.integer(unit_of_measure.get("multiplier"))
    if number is not None and multiplier and abs(multiplier) <= 30:
        number *= 10.0**multiplier
    return lenient.text(unit_of_measure.get("unit")), number
