"""The charger for a version."""

from __future__ import annotations

from techtool.simulator.charger import Charger
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.v2 import Charger21, Charger201
from techtool.simulator.v16 import Charger16

_BY_VERSION: dict[str, type[Charger]] = {"1.6": Charger16, "2.0.1": Charger201, "2.1": Charger21}


def charger(options: SimulatorOptions, now: float) -> Charger:
    """A charger that is off. ``now`` is in seconds since 1970 UTC, as in all its inputs."""
    return _BY_VERSION[options.version](options, now)
