"""How much current is offered to the car, and what lowers it: settings, heat, heartbeats that do not come."""

from __future__ import annotations

from techtool.simulator.openevse.memory import LEAST_A, Memory

PANIC_C, QUARTER_C, HALF_C, COOL_C = 71.0, 68.0, 65.0, 62.0
MOST_A = 32


class Current:
    """The ampere that are offered; what is kept without power is in ``memory``."""

    def __init__(self, memory: Memory, now: float) -> None:
        self._memory = memory
        self.amps = 0
        self.missed = 0
        """Heartbeats: 0 none, 2 one, 1 one that was acknowledged."""
        self._pulse = now
        self._half = self._quarter = False

    @property
    def lowered_for_heat(self) -> bool:
        """Whether it offers less because it is warm."""
        return self._half

    def offer(self, amps: int, *, keep: bool) -> bool:
        """Offer so much, as near as is possible; whether it was possible."""
        most = self._memory.hardware_amps if keep else self._memory.most_amps
        self.amps = max(LEAST_A, min(amps, most))
        if keep:
            self._memory.amps[self._memory.level] = self.amps
        return self.amps == amps

    def offer_most(self) -> bool:
        """Offer what is set."""
        return self.offer(self._memory.most_amps, keep=False)

    def set_most(self, amps: int) -> bool:
        """The ceiling for level 2, once for ever."""
        if self._memory.most is not None or not LEAST_A <= amps <= MOST_A:
            return False
        self._memory.most = amps
        if self.amps > amps:
            self.offer(amps, keep=False)
        return True

    # --- heartbeats ----------------------------------------------------------------------------------------

    def watch(self, now: float) -> None:
        """Heartbeats are counted from now on."""
        self._pulse = now

    def set_heartbeat(self, seconds: int, amps: int, now: float) -> bool:
        """Be supervised; 0 seconds for not."""
        restored = seconds > 0 or self._restore()
        self._memory.heartbeat, self.missed, self._pulse = (seconds, amps), 0, now
        return restored

    def beat(self, now: float) -> bool:
        """A heartbeat came; whether none was missed before."""
        self._pulse = now
        return self.missed != 2

    def acknowledge(self) -> bool:
        """A missed heartbeat is known of."""
        if self.missed == 2 and self._restore():
            self.missed = 1
        return self.missed != 2

    def supervise(self, now: float) -> None:
        """Offer less when a heartbeat is due and did not come."""
        seconds, amps = self._memory.heartbeat
        if seconds and now - self._pulse > seconds:
            if amps < self.amps:
                self.offer(amps, keep=False)
            self.missed, self._pulse = 2, now

    def _restore(self) -> bool:
        """Give the current back that a missed heartbeat took."""
        if not self.missed:
            return True
        return not self._half and self.offer_most()

    # --- heat ----------------------------------------------------------------------------------------------

    def throttle(self, celsius: float, *, charging: bool) -> None:
        """Offer less when it is warm: half, then a quarter; more again when it is cool."""
        most = self._memory.most_amps
        if self._half and celsius <= COOL_C:
            self._half = False
        elif self._quarter and celsius <= HALF_C:
            self._quarter, most = False, most // 2
        elif charging and not self._half and celsius >= HALF_C:
            self._half, most = True, most // 2
        elif charging and not self._quarter and celsius >= QUARTER_C:
            self._quarter, most = True, most // 4
        else:
            return
        self.offer(most, keep=False)
