"""Which readings a meter gives for a list of measurands."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from techtool.simulator.electric import NOMINAL_V, PHASES, Sample

ENERGY = "Energy.Active.Import.Register"


class Reading(NamedTuple):
    """One sampled value."""

    measurand: str
    phase: str | None
    value: float
    unit: str


_Row = Callable[[Sample, float], list[tuple[str | None, float]]]


def _phases(names: str, values: tuple[float, ...]) -> list[tuple[str | None, float]]:
    return [(names.format(k + 1), value) for k, value in enumerate(values)]


_TABLE: dict[str, tuple[str, _Row]] = {
    ENERGY: ("Wh", lambda s, _: [(None, float(s.energy))]),
    "Power.Active.Import": ("W", lambda s, _: [(None, s.power), *_phases("L{}", s.powers)]),
    "Current.Import": ("A", lambda s, _: _phases("L{}", s.currents)),
    "Voltage": ("V", lambda s, _: _phases("L{}-N", s.voltages)),
    "Current.Offered": ("A", lambda _, offered: [(None, round(offered, 1))]),
    "Power.Offered": ("W", lambda _, offered: [(None, round(offered * NOMINAL_V * PHASES, 1))]),
    "SoC": ("Percent", lambda s, _: [] if s.soc is None else [(None, s.soc)]),
}

MEASURANDS = tuple(_TABLE)
"""What the meter has."""

NAMES = frozenset(
    [*_TABLE, *(f"{name}.L{k}" for name in ("Power.Active.Import", "Current.Import") for k in (1, 2, 3))]
    + [f"Voltage.L{k}-N" for k in (1, 2, 3)]
)
"""What a list of measurands may hold: 1.6 may put a phase behind."""


def readings(sample: Sample, wanted: str, offered: float, quirks: frozenset[str]) -> list[Reading]:
    """The readings for a comma-separated list. ``offered`` is in A per phase."""
    found: list[Reading] = []
    for name in dict.fromkeys(part.strip() for part in wanted.split(",")):
        measurand, only = (name, None) if name in _TABLE else _split(name)
        if measurand not in _TABLE:
            continue
        unit, row = _TABLE[measurand]
        for phase, value in row(sample, offered):
            if only is None or phase == only:
                found.append(Reading(measurand, phase, value, unit))
    if "long-decimals" in quirks:
        found = [one._replace(value=one.value + 1e-10 / 3) for one in found]
    if "kwh-energy" in quirks:
        found = [one._replace(value=one.value / 1000) if one.unit == "Wh" else one for one in found]
    if "export-register" in quirks:
        found = [
            one._replace(measurand="Energy.Active.Export.Register") if one.measurand == ENERGY else one
            for one in found
        ]
    if "unit-hz" in quirks:
        found.append(Reading("Frequency", None, 50.0, "Hz"))
    return found


def in_kwh(found: list[Reading]) -> list[Reading]:
    """The same, energy in kWh."""
    return [one._replace(value=one.value / 1000, unit="kWh") if one.unit == "Wh" else one for one in found]


def _split(name: str) -> tuple[str, str | None]:
    base, _, phase = name.rpartition(".")
    return base, phase
