"""Meter values of all versions: sampled values in, readings out.

Defaults where a field is left out: Energy.Active.Import.Register, Wh, Outlet (1.6 section 7.43,
2.0.1 part 2 SampledValueType).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from techtool.csms import lenient
from techtool.csms.hearing import Hearing
from techtool.station.measure import ENERGY
from techtool.station.model import Reading, ReadingKey

MAX_READINGS = 500
"""Of one message; no charger measures more."""
BELIEVED = 30
"""Powers of ten: with a larger one the value is none that was measured."""


def readings(meter_values: Any, hearing: Hearing, *, live: bool = True) -> dict[ReadingKey, Reading]:
    """The readings of a ``meterValue`` list; a later value of the same kind replaces an earlier one."""
    found: dict[ReadingKey, Reading] = {}
    looked = 0
    for meter_value in lenient.items(meter_values):
        if looked > MAX_READINGS:
            break
        sampled = hearing.when(meter_value.get("timestamp"), live=live, queued=True)
        kept_s = hearing.kept_s(sampled)
        looked += 1
        for sample in lenient.items(meter_value.get("sampledValue")):
            looked += 1
            if looked > MAX_READINGS:
                break
            get = sample.get
            value = get("value")
            if value is None or get("format") == "SignedData":
                continue
            number = lenient.number(value)
            unit = get("unit")
            if unit is None and "unitOfMeasure" in sample:
                unit, number = _scaled(lenient.obj(sample["unitOfMeasure"]), number)
            try:
                key = _key(get("measurand"), get("phase"), get("location"))
            except TypeError:  # not even hashable: a list or an object where a name is due
                continue
            if type(unit) is not str:
                unit = lenient.text(unit) or ("Wh" if key.measurand.startswith("Energy") else None)
            context = get("context")
            text = value if type(value) is str and len(value) < 64 else _short(value)
            found[key] = Reading(
                number, unit, hearing.at, sampled, context if type(context) is str else None, text, kept_s
            )
    return found


def _short(value: Any) -> str:
    return str(value)[:64] if isinstance(value, str | int | float) else f"a JSON {type(value).__name__}"


@lru_cache(maxsize=1024)
def _key(measurand: Any, phase: Any, location: Any) -> ReadingKey:
    return ReadingKey(lenient.text(measurand) or ENERGY, lenient.text(phase), lenient.text(location) or "Outlet")


def _scaled(unit_of_measure: dict[str, Any], number: float | None) -> tuple[str | None, float | None]:
    """2.x: the unit, and the value with its power of ten."""
    multiplier = lenient.integer(unit_of_measure.get("multiplier"))
    if number is not None and multiplier:
        scaled = number * 10.0**multiplier if abs(multiplier) <= BELIEVED else math.inf
        number = scaled if math.isfinite(scaled) else None
    return lenient.text(unit_of_measure.get("unit")), number
