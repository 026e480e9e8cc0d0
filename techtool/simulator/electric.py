"""A small model of a three-phase outlet and the car at it.

Voltages wander about 230 V, the current follows the lowest limit, power is the sum of U·I over the
phases, the register is the integral of power. Everything follows from time and a seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

PHASES = 3
NOMINAL_V = 230.0
RATED_A = 16.0
"""What the outlet can give, per phase."""
LEAST_A = 6.0
"""IEC 61851-1: a car cannot be told to charge with less."""
STEP_S = 1.0
"""The register is integrated in steps of at most this."""


class Sample(NamedTuple):
    """What a meter shows at one moment."""

    voltages: tuple[float, ...]
    """V per phase, to 0.1."""
    currents: tuple[float, ...]
    """A per phase, to 0.01."""
    powers: tuple[float, ...]
    """W per phase, to 0.1: voltage times current as shown."""
    energy: int
    """Wh, never falling."""
    soc: float | None
    """Percent of the car's battery, if a car is there."""

    @property
    def power(self) -> float:
        """W over all phases: exactly the sum of those shown."""
        return round(sum(self.powers), 1)


@dataclass(slots=True)
class Car:
    """A battery on wheels."""

    capacity_wh: float = 60_000.0
    charged_wh: float = 21_000.0

    @property
    def soc(self) -> float:
        """Percent."""
        return min(100.0, 100.0 * self.charged_wh / self.capacity_wh)


class Outlet:
    """Meter and power path of one connector. ``phase`` shifts its wander against others."""

    def __init__(self, now: float, phase: float, register_wh: float) -> None:
        self._phase = phase
        self._at = now
        self._register = register_wh
        self.car: Car | None = None
        self._amps = 0.0

    def advance(self, now: float, limit: Callable[[float], float]) -> None:
        """Let the time until ``now`` pass, with ``limit(t)`` amperes per phase allowed at ``t``; 0 is off."""
        while self._at < now:
            step = min(STEP_S, now - self._at)
            self._amps = self._drawn(self._at, limit(self._at))
            energy = sum(self._voltages(self._at)) * self._amps * step / 3600
            self._register += energy
            if self.car is not None:
                self.car.charged_wh += energy
            self._at += step
        self._amps = self._drawn(self._at, limit(self._at))

    def _drawn(self, at: float, limit: float) -> float:
        """A per phase that the car takes where so many are allowed."""
        if self.car is None or limit < LEAST_A or self.car.soc >= 100:
            return 0.0
        wish = RATED_A if self.car.soc < 80 else RATED_A - (self.car.soc - 80) * 0.5
        wander = 0.3 * (1 + math.sin(2 * math.pi * (at / 61 + self._phase)))
        return max(0.0, min(limit, wish) - wander)

    def _voltages(self, at: float) -> tuple[float, ...]:
        return tuple(
            NOMINAL_V + 1.8 * math.sin(2 * math.pi * (at / 97 + self._phase + k / PHASES)) - 0.05 * self._amps
            for k in range(PHASES)
        )

    def sample(self) -> Sample:
        """What the meter shows at the time of the last ``advance``."""
        voltages = tuple(round(v, 1) for v in self._voltages(self._at))
        currents = tuple(round(self._amps, 2) for _ in range(PHASES))
        powers = tuple(round(v * a, 1) for v, a in zip(voltages, currents, strict=True))
        soc = None if self.car is None else round(self.car.soc, 1)
        return Sample(voltages, currents, powers, int(self._register), soc)
