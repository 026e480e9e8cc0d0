"""What IEC 61851's letters mean, in the words of the OCPP standards. Data.

Source: IEC 61851-1, annex A. A digit 1 means that the pilot has no pulses, so that the car may not draw.
"""

from __future__ import annotations

from typing import NamedTuple

from techtool.serviceport.profiles import names


class State(NamedTuple):
    """One state of the charger."""

    status: str | None
    """As OCPP calls it; None where the box told nothing that has a meaning."""
    error: str = "NoError"
    """1.6's errorCode, so that the same knowledge explains it."""
    words: str = ""
    """What is behind it."""


UNKNOWN = State(None)
_WAITS = "a car is there, and the charger does not let it draw"
STATES: dict[str, State] = {
    "A": State("Available"),
    "B": State("SuspendedEV", words="a car is there and takes nothing"),
    "B1": State("SuspendedEVSE", words=_WAITS),
    "B2": State("SuspendedEV", words="a car is there and takes nothing"),
    "C": State("Charging"),
    "C1": State("SuspendedEVSE", words="a car wants to charge, and the charger does not let it"),
    "C2": State("Charging"),
    "D": State("Charging", words="the car wants ventilation (state D)"),
    "D1": State("SuspendedEVSE", words="a car wants to charge with ventilation, and the charger does not let it"),
    "D2": State("Charging", words="the car wants ventilation (state D)"),
    "E": State("Faulted", "OtherError", "state E: no pilot signal, so the cable, or no power"),
    "F": State("Faulted", "OtherError", "state F: out of order, or switched off by a setting"),
}


def state_of(told: str | None) -> State:
    """The state of ``C2``, ``A``, ``F0``; what is none of the standard's is unknown."""
    text = (told or "").rstrip("0\0")
    return STATES.get(text) or STATES[text[0]] if text in names.STATES else UNKNOWN
