"""Values of a profile as readings of a meter. Pure.

Source of the names: OCPP 1.6 (7.31) and 2.0.1 (MeasurandEnumType). Power.Apparent is techtool's own: a box that
knows no power factor tells VA, and VA are no W.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from techtool.serviceport.profiles.model import Value
from techtool.serviceport.profiles.names import STATE
from techtool.serviceport.profiles.values import Told
from techtool.station.model import Reading, ReadingKey

_KNOWN: dict[str, tuple[str, str | None]] = {
    "current_a": ("Current.Import", "Outlet"),
    "limit_a": ("Current.Offered", None),
    "voltage_v": ("Voltage", "Outlet"),
    "power_w": ("Power.Active.Import", "Outlet"),
    "power_va": ("Power.Apparent", "Outlet"),
    "energy_wh": ("Energy.Active.Import.Register", "Outlet"),
    "energy_vah": ("Energy.Apparent.Import", "Outlet"),
    "temp_c": ("Temperature", "Body"),
}
"""Measurand and location; what is not here is told under its own name."""
_UNITS = {"C": "Celsius", "%": "Percent"}
_PHASES = ("L1", "L2", "L3")
_WORDED = frozenset({STATE, "error"})
"""Told in other ways."""


def readings(value: Value, told: tuple[Told, ...], at: datetime) -> Iterator[tuple[ReadingKey, Reading]]:
    """What was measured; nothing of a value that is told in words."""
    if value.name in _WORDED or value.texts or value.flags:
        return
    for number, one in enumerate(told):
        if isinstance(one.value, str | tuple):
            continue
        phase = None if len(told) == 1 else _PHASES[number] if number < 3 else str(number + 1)
        yield reading(value.name, value.unit, one.value, at, phase)


def reading(
    name: str, unit: str | None, number: int | float | Decimal | None, at: datetime, phase: str | None = None
) -> tuple[ReadingKey, Reading]:
    """A number under the name that a profile gives it; None where the device stopped to tell it."""
    measurand, location = _KNOWN.get(name, (name, None))
    amount = None if number is None else float(number)
    text = "" if number is None else _plain(number)
    return ReadingKey(measurand, phase, location), Reading(
        amount, _UNITS.get(unit or "", unit), at, None, None, text
    )


def _plain(number: int | float | Decimal) -> str:
    return (
        f"{number:f}"
        if isinstance(number, Decimal)
        else f"{number:g}"
        if isinstance(number, float)
        else str(number)
    )
