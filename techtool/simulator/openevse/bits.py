"""What an OpenEVSE's numbers mean to itself. Data.

Source: OpenEVSE/open_evse, firmware/open_evse/J1772EvseController.h.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag


class State(IntEnum):
    """Of the charger, and of the pilot line as it is seen."""

    UNKNOWN = 0x00
    A = 0x01
    B = 0x02
    C = 0x03
    D = 0x04
    DIODE = 0x05
    GFCI = 0x06
    NO_GROUND = 0x07
    STUCK_RELAY = 0x08
    GFI_TEST = 0x09
    TOO_HOT = 0x0A
    SLEEPING = 0xFE
    DISABLED = 0xFF


FAULTS = range(0x04, 0x0F)
"""States in which it does not charge for a reason."""


class Setting(IntFlag):
    """What is kept without power; a set bit switches a check off."""

    LEVEL_2 = 0x0001
    DIODE_OFF = 0x0002
    VENT_OFF = 0x0004
    GROUND_OFF = 0x0008
    RELAY_OFF = 0x0010
    AUTO_LEVEL_OFF = 0x0020
    MONO_LCD = 0x0100
    GFI_TEST_OFF = 0x0200
    HEAT_OFF = 0x0400
    BUTTON_OFF = 0x8000


CHECKS_OFF = (
    Setting.DIODE_OFF, Setting.VENT_OFF, Setting.GROUND_OFF, Setting.RELAY_OFF, Setting.GFI_TEST_OFF,
    Setting.HEAT_OFF,
)  # fmt: skip


class Flag(IntFlag):
    """What is forgotten without power."""

    HARD_FAULT = 0x0002
    LIMIT_SLEEP = 0x0004
    TIME_LIMIT = 0x0010
    RELAY_CLOSED = 0x0040
    GFI_TRIPPED = 0x0080
    CONNECTED = 0x0100
    SESSION_ENDED = 0x0200
    WAS_CONNECTED = 0x0400
    TIMER = 0x1000
    CHARGE_LIMIT = 0x2000
    LOCK_MANUAL = 0x8000


TOLD = Flag.CONNECTED | Flag.TIME_LIMIT | Flag.CHARGE_LIMIT | Flag.HARD_FAULT
"""A change of these is news; of the others it is not."""
