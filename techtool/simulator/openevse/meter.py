"""Ammeter and energy counter, with the charger's own coarseness."""

from __future__ import annotations

from techtool.simulator.openevse.memory import Memory

AVERAGED_S = 1.45
"""The ammeter has a new reading only so often: the real one takes the mean of 32 turns."""
COUNTED_S = 0.25
"""Energy is added up in steps longer than this."""
STEP_A = 0.22
"""One step of the ammeter's converter."""


class Meter:
    """Reads one phase."""

    def __init__(self, memory: Memory, now: float) -> None:
        self.milliamps = 0
        self.watt_seconds = 0
        """Of this session."""
        self._memory = memory
        self._window: float | None = None
        self._counted = now
        self._session = self._closed = False

    def read(self, now: float, amps: float) -> None:
        """While the relay is closed."""
        if self._window is None:
            self._window = now
        elif now - self._window >= AVERAGED_S:
            self._window = now
            self.milliamps = max(0, int(amps / STEP_A) * self._memory.scale - self._memory.offset)

    def opened(self) -> None:
        """The relay is open: nothing flows."""
        self.milliamps, self._window = 0, None

    def count(self, now: float, connected: bool, closed: bool, millivolts: int) -> None:
        """Add up; a session goes from the plug to the unplugging."""
        if connected and not self._session:
            self.watt_seconds, self._counted = 0, now
        if self._session and not connected:
            self._memory.watt_hours += self.watt_seconds // 3600
        self._session = connected
        if closed and not self._closed:
            self._counted = now
        elif closed and now - self._counted > COUNTED_S:
            self.watt_seconds += int(millivolts * self.milliamps / 1e6 * (now - self._counted))
            self._counted = now
        self._closed = closed
