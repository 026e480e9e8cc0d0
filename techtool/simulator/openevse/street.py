"""What stands around the charger: the car, the mains, the weather."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Street:
    """Moved by the script, seen by the board."""

    car: str = "A"
    amps: float = 16.0
    """What the car would like."""
    leaking: bool = False
    """Current flows to earth: the ground-fault interrupter's input is high."""
    groundless: bool = False
    diodeless: bool = False
    stuck: bool = False
    """The relay conducts although it is off."""
    celsius: float | None = None
    """None without a sensor."""

    @property
    def connected(self) -> bool:
        """Whether a cable is in."""
        return self.car != "A"

    def drawn(self, offered: int) -> float:
        """Amperes that the car takes through a closed relay."""
        return min(self.amps, offered) if self.car in ("C", "D") else 0.0

    def clear(self) -> None:
        """Nothing is wrong any more; the car stays."""
        self.leaking = self.groundless = self.diodeless = self.stuck = False
        if self.celsius is not None:
            self.celsius = 21.0
