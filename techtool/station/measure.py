"""What readings mean: values in base units, totals over phases."""

from __future__ import annotations

import math
from collections.abc import Mapping

from techtool.station.model import Evse, Reading, ReadingKey

_FACTORS = {
    "Wh": 1.0, "kWh": 1e3, "W": 1.0, "kW": 1e3, "VA": 1.0, "kVA": 1e3, "var": 1.0, "kvar": 1e3,
    "varh": 1.0, "kvarh": 1e3, "A": 1.0, "V": 1.0,
}  # fmt: skip
_PHASES = ("L1", "L2", "L3")

ENERGY = "Energy.Active.Import.Register"
POWER = "Power.Active.Import"
CURRENT = "Current.Import"
VOLTAGE = "Voltage"
SOC = "SoC"
"""How full the car's battery is, percent."""
LAG_S = 10.0
"""Meters that tell their values in several messages need some seconds for all of them."""
ROUNDED_WH = 1.0
"""Registers are rounded: smaller falls mean nothing."""
FITS = 11
"""Characters of a value that no column is too narrow for."""
_PLACES = ("Outlet", None, "Cable", "EV", "Body", "Inlet")


def base(reading: Reading) -> float | None:
    """The value in Wh, W, VA, A or V, or as it is for other units; None where there is no number."""
    if reading.value is None:
        return None
    value = reading.value * _FACTORS.get(reading.unit or "", 1.0)
    return value if math.isfinite(value) else None


def figure(value: float, digits: int) -> str:
    """A value as a meter shows it; of one that is too long for any meter only the size, like ``-1.0e+300``."""
    if abs(value) < 10.0**FITS:
        shown = f"{value:.{digits}f}"
        if len(shown) <= FITS:
            return shown
    return f"{value:.1e}"


def at_phase(readings: Mapping[ReadingKey, Reading], measurand: str, phase: str | None) -> Reading | None:
    """The reading of a phase, where the charge is delivered if there are several places."""
    names = (phase,) if phase is None else (phase, f"{phase}-N")
    for place in _PLACES:
        for name in names:
            if (found := readings.get(ReadingKey(measurand, name, place))) is not None:
                return found
    return None


def total(readings: Mapping[ReadingKey, Reading], measurand: str) -> float | None:
    """The value over all phases in base units: as sent, or the sum of the phases that were."""
    whole = at_phase(readings, measurand, None)
    if whole is not None:
        return base(whole)
    parts = [base(one) for phase in _PHASES if (one := at_phase(readings, measurand, phase)) is not None]
    numbers = [part for part in parts if part is not None]
    value = sum(numbers)
    return value if numbers and math.isfinite(value) else None


def lag_s(evse: Evse, *measurands: str, phase: str | None = None) -> float:
    """How much older these values are than the newest of this EVSE, seconds: not every message tells all."""
    times = [
        one.measured
        for key, one in evse.readings.items()
        if key.measurand in measurands and (phase is None or (key.phase or "").startswith(phase))
    ]
    return (evse.metered - max(times)).total_seconds() if times and evse.metered is not None else 0.0


def lags(evse: Evse, *measurands: str, phase: str | None = None) -> bool:
    """These values were left out of several messages: they must not be shown as if they were new."""
    return lag_s(evse, *measurands, phase=phase) > max(LAG_S, 2 * (evse.sample_interval_s or 0))


def charged_wh(start: float, register: float) -> float | None:
    """What a session took; None where the register stands below its start, which no meter does that counts."""
    return None if register < start - ROUNDED_WH else max(0.0, register - start)


def thousandfold(larger: float, smaller: float) -> bool:
    """About a thousand times as much: the same register in Wh and in kWh, with what was charged in between."""
    return smaller > 0 and 500 < larger / smaller < 2000


def register_wh(readings: Mapping[ReadingKey, Reading]) -> float | None:
    """The energy register in Wh; None if these readings hold none."""
    return total(readings, ENERGY)
