"""What RAPI's numbers mean, in the words of the OCPP standards. Data.

Source: OpenEVSE/open_evse, firmware/open_evse/J1772EvseController.h and rapi_proc.h.
"""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """One state of the charger."""

    status: str
    """As OCPP calls it."""
    error: str = "NoError"
    """1.6's errorCode, so that the same knowledge explains it."""
    words: str = ""
    """What the charger means by it."""


EV_CONNECTED = 0x0100
"""A bit of the volatile flags."""

STATES: dict[int, State] = {
    0x00: State("Unavailable", words="it does not know its state yet"),
    0x01: State("Available"),
    0x02: State("SuspendedEV", words="a car is there and takes nothing"),
    0x03: State("Charging"),
    0x04: State("Faulted", "OtherError", "the car wants ventilation (state D)"),
    0x05: State("Faulted", "EVCommunicationError", "diode check failed: the cable or the car"),
    0x06: State("Faulted", "GroundFailure", "GFCI tripped"),
    0x07: State("Faulted", "GroundFailure", "no ground"),
    0x08: State("Faulted", "PowerSwitchFailure", "stuck relay"),
    0x09: State("Faulted", "InternalError", "GFCI self-test failed"),
    0x0A: State("Faulted", "HighTemperature", "too hot"),
    0x0B: State("Faulted", "OverCurrentFailure", "too much current"),
    0x0E: State("Faulted", "PowerSwitchFailure", "the relay did not close"),
    0xFE: State("Unavailable", words="sleeping"),
    0xFF: State("Unavailable", words="disabled"),
}

CHECKS_OFF: dict[int, str] = {
    0x0002: "diode check",
    0x0004: "ventilation check",
    0x0008: "ground check",
    0x0010: "stuck relay check",
    0x0200: "GFCI self-test",
    0x0400: "temperature check",
}
"""Safety checks by their bit in the settings: a set bit means that it is switched off."""

TRIPS: tuple[str, ...] = (
    "the ground-fault interrupter has tripped",
    "the ground check has failed",
    "the relay was stuck",
)
"""What ``$GF`` counts over the charger's life, in its order."""
NO_CLOCK = "165"
"""What a clock that is not there reads as, in every place of ``$GT``."""

POST: dict[int, str] = {0x07: "no ground", 0x08: "stuck relay", 0x09: "GFCI self-test failed"}
"""What ``$AB`` tells of the self-test at power-up; 0 is good."""


def code_of(word: str) -> int:
    """The state that a word tells. Raises ValueError.

    Two hex digits; the oldest firmware told it in decimal, which is taken for that where it is no state in hex.
    """
    code = int(word, 16)
    if code not in STATES and word.isdecimal() and int(word) in STATES:
        return int(word)
    return code


def state_of(code: int, flags: int) -> State:
    """The state of a code; asleep with a car at it, it is the charger that gives nothing."""
    known = STATES.get(code)
    if known is None:
        return State("Unavailable", words=f"state {code:02X}, which techtool does not know")
    if code == 0xFE and flags & EV_CONNECTED:
        return known._replace(status="SuspendedEVSE")
    return known
