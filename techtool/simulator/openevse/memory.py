"""What the charger keeps without power."""

from __future__ import annotations

from dataclasses import dataclass, field

from techtool.simulator.openevse.bits import Setting

LEAST_A = 6
"""IEC 61851-1: a car cannot be told to charge with less."""
MOST_A = {1: 24, 2: 32}
"""By service level, unless ``$SC n M`` set less for level 2."""


@dataclass(slots=True)
class Memory:
    """An EEPROM as it comes from the factory."""

    flags: Setting = Setting.LEVEL_2 | Setting.AUTO_LEVEL_OFF
    amps: dict[int, int] = field(default_factory=lambda: {1: 12, 2: 32})
    """Configured, by service level."""
    most: int | None = None
    """Set once, for ever."""
    scale: int = 220
    """Milliamperes for each step of the ammeter."""
    offset: int = 0
    watt_hours: int = 0
    gfi_trips: int = 0
    ground_trips: int = 0
    relay_trips: int = 0
    heartbeat: tuple[int, int] = (0, 0)
    """Seconds, and amperes where nobody reports within them."""
    timer: tuple[int, int, int, int] | None = None

    @property
    def level(self) -> int:
        """1 or 2."""
        return 2 if self.flags & Setting.LEVEL_2 else 1

    @property
    def hardware_amps(self) -> int:
        """What the charger can give."""
        return MOST_A[1] if self.level == 1 else self.most or MOST_A[2]

    @property
    def most_amps(self) -> int:
        """What it may give."""
        return max(LEAST_A, min(self.amps[self.level], self.hardware_amps))

    def switch(self, setting: Setting, on: bool) -> None:
        """Set or clear a bit."""
        self.flags = self.flags | setting if on else self.flags & ~setting
