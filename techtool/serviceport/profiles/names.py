"""The names that techtool gives a meaning to. Any other value needs a label. Data."""

from __future__ import annotations

STATE = "iec_state"
"""Of IEC 61851-1: A no car, B a car, C it draws, D with ventilation, E and F something is wrong."""
STATES = frozenset(f"{letter}{digit}" for letter in "ABCDEF" for digit in ("", "1", "2"))
"""1: without, 2: with the pulses on the pilot that let a car draw."""

STATUS: dict[str, str | None] = {
    STATE: None,
    "current_a": "A",
    "limit_a": "A",
    "voltage_v": "V",
    "power_w": "W",
    "power_va": "VA",
    "energy_wh": "Wh",
    "energy_vah": "VAh",
    "session_wh": "Wh",
    "session_vah": "VAh",
    "session_s": "s",
    "temp_c": "C",
    "error": None,
}
"""What is read again and again, with its unit. ``energy`` counts for ever, ``session`` from the last car on; VAh
where the box knows no power factor; ``limit_a`` is what the car is told that it may take."""

INFO: dict[str, str | None] = {"vendor": None, "model": None, "serial": None, "version": None, "hardware": None}
"""What is read once. ``version`` is the firmware's."""
