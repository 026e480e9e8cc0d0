"""The charger's judgement: pilot line, relay, checks and limits, one turn of the firmware's loop at a time.

Source: the recorded dialogue; OpenEVSE/open_evse, firmware/open_evse/J1772EvseController.h.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from techtool.simulator.openevse.bits import CHECKS_OFF, FAULTS, TOLD, Flag, Setting, State
from techtool.simulator.openevse.current import PANIC_C, Current
from techtool.simulator.openevse.memory import Memory
from techtool.simulator.openevse.meter import Meter
from techtool.simulator.openevse.street import Street

TURN_S = 0.04
"""One turn of the loop."""
SELF_TEST_S = 1.08
"""The GFI self-test before the relay closes, and at power-up; nothing else happens meanwhile."""
DISABLED_CHECK_S = 1.5
"""At power-up each check that is switched off is shown on the display for so long."""
DEBOUNCE_S = 0.25
DEBOUNCE_A_S = 0.025
RELAY_PATIENCE_S = 3.0
"""Put to sleep, it gives the car so long to stop by itself."""
GROUND_DELAY_S = 1.0
STUCK_DELAY_S = 1.0
EARLY_S = 2.0
"""A fault so soon after the relay closed is a hard one: it stays until the car leaves."""
RETRY_S = 300.0
RETRIES = 6
COOLING_S = 5.0
FROST_C = -256.0
"""What a sensor shows that is not there."""
MILLIVOLTS = {1: 120_000, 2: 230_000}
SEEN = {"A": State.A, "B": State.B, "C": State.C, "D": State.D}


class Pilot(Enum):
    """What the charger puts on the pilot line."""

    STEADY = "+12 V"
    PULSED = "PWM"
    OFF = "-12 V"


class Board:
    """From power-up on; what it keeps without power is in ``memory``."""

    def __init__(self, memory: Memory, street: Street, now: float) -> None:
        self.memory = memory
        self.street = street
        self.meter = Meter(memory, now)
        self.current = Current(memory, now)
        self.state = State.UNKNOWN
        self.pilot_state = State.UNKNOWN
        self.flags = Flag.SESSION_ENDED
        self.pilot = Pilot.STEADY
        self.millivolts = 0
        self.time_limit = self.energy_limit = 0
        """Quarters of an hour; kilowatt-hours."""
        self.locked = False
        self.echo = False
        self.now = now
        """Of this turn."""
        self._told: tuple[int, int, int, int] = (0, 0, 0, 0)
        self._news: list[str] = []
        self._busy = TURN_S
        self._then: Callable[[], None] | None = None
        self._fault_ends = False
        """A hard fault: when the car leaves."""
        self._failed_at_power_up = False
        self._gfi = False
        self._retries = 0
        self._fault_at = self._closed_at = self._opened_at = 0.0
        self._stuck_at: float | None = None
        self._seen = self._seen_pilot = State.UNKNOWN
        self._seen_at = self._seen_pilot_at = now
        self._elapsed = self._accumulated = 0

    # --- what others ask and do ----------------------------------------------------------------------------

    def turn(self, now: float) -> float:
        """One turn; the seconds until the next."""
        self.now, self._busy = now, TURN_S
        if self._failed_at_power_up:
            return self._busy
        if self._then is not None:
            then, self._then = self._then, None
            then()
        elif self.hard_fault:
            self._hold()
        elif self.state is not State.DISABLED:
            self._look()
        if not self.hard_fault:
            self.meter.count(now, self.connected, self.closed, self.millivolts)
        return self._busy

    def news(self) -> list[str]:
        """What changed since this was asked last, as ``AT`` tells it."""
        news, self._news = self._news, []
        return news

    def tell(self, *, force: bool = False) -> None:
        """Make news of what is, if it differs from what was told."""
        now = (self.state, self.pilot_state, self.current.amps, int(self.flags & TOLD))
        unsure = self.state is State.UNKNOWN or (
            self.state in (State.A, State.B, State.C) and self.connected == (self.state is State.A)
        )
        if force or (not unsure and now != self._told):
            self._told = now
            told = f"AT {self.state:02x} {self.pilot_state:02x} {self.current.amps} {self.flags:04x}"
            self._news.append(told)

    @property
    def connected(self) -> bool:
        """Whether it believes that a car is there."""
        return Flag.CONNECTED in self.flags

    @property
    def closed(self) -> bool:
        """Whether the relay is."""
        return Flag.RELAY_CLOSED in self.flags

    @property
    def hard_fault(self) -> bool:
        """Whether it is in a fault that does not go away by itself."""
        return Flag.HARD_FAULT in self.flags

    @property
    def elapsed(self) -> int:
        """Seconds of charging in this session."""
        return self._elapsed + self._accumulated

    @property
    def limits_allowed(self) -> bool:
        """Whether a limit may be set now."""
        return self.state in (State.B, State.C)

    def power_up_s(self) -> float:
        """How long the self-test will take."""
        shown = sum(1 for check in CHECKS_OFF if self.memory.flags & check)
        test = 0.0 if self.memory.flags & Setting.GFI_TEST_OFF else SELF_TEST_S
        return TURN_S + test + shown * DISABLED_CHECK_S

    def powered_up(self, now: float) -> bool:
        """The self-test is over: whether it was passed. Where it failed it stays as it is until the next reset."""
        self.now = now
        off = self.memory.flags
        if self.street.stuck and not off & Setting.RELAY_OFF:
            self.state = State.STUCK_RELAY
        elif self.street.leaking and not off & Setting.GFI_TEST_OFF:
            self.state = State.GFI_TEST
        else:
            self.set_level(self.memory.level)
            self.current.watch(now)
            return True
        self._failed_at_power_up = True
        return False

    def enable(self) -> None:
        """Wake up."""
        if self.state in (State.DISABLED, State.SLEEPING):
            self.flags &= ~Flag.LIMIT_SLEEP
            self.state = State.UNKNOWN
            self.pilot = Pilot.STEADY

    def disable(self) -> None:
        """Stop at once."""
        if self.state is not State.DISABLED:
            self.pilot = Pilot.OFF
            self.state = State.DISABLED
            self._open()

    def sleep(self) -> None:
        """Stop, and let the car stop first."""
        if self.state is not State.SLEEPING:
            self.pilot = Pilot.STEADY
            self.state = State.SLEEPING
            self._opened_at = self.now

    def set_level(self, level: int) -> None:
        """Mains of 120 V or 230 V."""
        self.memory.switch(Setting.LEVEL_2, level == 2)
        self.millivolts = MILLIVOLTS[level]
        self.current.offer_most()

    def set_time_limit(self, quarters: int) -> None:
        """0 for none."""
        self.time_limit = quarters
        self._flag(Flag.TIME_LIMIT, quarters > 0)

    def set_energy_limit(self, kilowatt_hours: int) -> None:
        """0 for none."""
        self.energy_limit = kilowatt_hours
        self._flag(Flag.CHARGE_LIMIT, kilowatt_hours > 0)

    def leak(self) -> None:
        """The interrupter trips, at once and whatever else goes on."""
        self.flags |= Flag.GFI_TRIPPED
        self._gfi = True
        self._open()
        self.pilot = Pilot.STEADY

    # --- a turn --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._feel()
        if self.state is State.SLEEPING and self._sleeps_on():
            return
        before = self.state
        if self._recovered(before):
            return
        # all of them, since a later one counts more
        faulty = any([self._no_ground(before), self._stuck(before), self._gfi_tripped(before), self._burning()])
        if self.hard_fault:
            return
        seen = pilot = State.UNKNOWN
        if not faulty:
            if before in FAULTS:
                self.pilot = Pilot.STEADY
                before = self.state = State.UNKNOWN
            seen, pilot = self._read_pilot()
        self._debounce(seen, pilot, faulty)
        if self.state is not before:
            if self.state in (State.A, State.B, State.C):
                self.pilot_state = pilot
            self._enter()
        early = before is State.C and self.now - self._closed_at <= EARLY_S
        if faulty and early and not self.hard_fault:
            self._hard(ends=True)
        if self._then is None and not self.hard_fault:
            self._finish()

    def _feel(self) -> None:
        """Whether a car is there; unknowable while the pilot line is off."""
        if self.pilot is Pilot.OFF:
            return
        self._flag(Flag.WAS_CONNECTED, self.connected)
        self._flag(Flag.CONNECTED, self.street.connected)
        if not self.street.connected:
            self.flags |= Flag.SESSION_ENDED
        elif Flag.WAS_CONNECTED not in self.flags:
            self._elapsed = self._accumulated = 0
        if Flag.LOCK_MANUAL not in self.flags:
            self.locked = self.connected

    def _sleeps_on(self) -> bool:
        if self.closed:
            calm = self.street.drawn(self.current.amps) <= 1
            if calm or self.now - self._opened_at >= RELAY_PATIENCE_S:
                self._open()
            return True
        if Flag.LIMIT_SLEEP in self.flags and not self.connected:
            self.flags &= ~Flag.LIMIT_SLEEP
            self.state = State.UNKNOWN
            return False
        if self.connected != (Flag.WAS_CONNECTED in self.flags):
            self.tell()
        return True

    def _recovered(self, before: State) -> bool:
        """The car of a fault left."""
        if self.connected or not (before is State.NO_GROUND or (before is State.GFCI and self._gfi)):
            return False
        if before is State.GFCI:
            self._gfi = self.street.leaking
        self.state = State.UNKNOWN
        return True

    def _no_ground(self, before: State) -> bool:
        if self.closed:
            late = self.now - self._closed_at > GROUND_DELAY_S
            if not (late and self.street.groundless) or self.memory.flags & Setting.GROUND_OFF:
                return False
            self.memory.ground_trips = min(self.memory.ground_trips + 1, 0xFE)
            self._fault_at = self.now
            self._open()
        elif before is not State.NO_GROUND:
            return False
        elif self._retries < RETRIES and self.now - self._fault_at > RETRY_S:
            self._retries += 1
            return False
        self.state = State.NO_GROUND
        return True

    def _stuck(self, before: State) -> bool:
        """Can be told only while the relay should be open."""
        if self.closed or before is State.NO_GROUND or self.memory.flags & Setting.RELAY_OFF:
            return False
        if not self.street.stuck:
            self._stuck_at = None
            return False
        if self._stuck_at is None:
            self._stuck_at = self.now
        if self.now - max(self._stuck_at, self._opened_at) <= STUCK_DELAY_S:
            return False
        self.memory.relay_trips = min(self.memory.relay_trips + 1, 0xFE)
        self.state = State.STUCK_RELAY
        return True

    def _gfi_tripped(self, before: State) -> bool:
        if not self._gfi:
            return False
        self.state = State.GFCI
        if before is not State.GFCI:
            self.memory.gfi_trips = min(self.memory.gfi_trips + 1, 0xFE)
            self._retries, self._fault_at = 0, self.now
        elif self.now - self._fault_at >= RETRY_S:
            self._retries += 1
            self._fault_at = self.now
            if self._retries > RETRIES:
                self._hard(ends=True)
            else:
                self._gfi = self.street.leaking
        return True

    def _burning(self) -> bool:
        if self._celsius < PANIC_C or self.memory.flags & Setting.HEAT_OFF:
            return False
        self.state = State.TOO_HOT
        return True

    def _read_pilot(self) -> tuple[State, State]:
        """What the pilot line says of the charger's own state, and of the car."""
        seen = pilot = SEEN[self.street.car]
        pulsed = self.pilot is Pilot.PULSED
        if pulsed and self.street.diodeless and not self.memory.flags & Setting.DIODE_OFF:
            return State.DIODE, State.DIODE
        if seen is State.C and not pulsed:
            seen = State.B  # nothing was offered yet, so it cannot be charging
        if seen is State.D and self.memory.flags & Setting.VENT_OFF:
            seen = State.C
        return seen, pilot

    def _debounce(self, seen: State, pilot: State, faulty: bool) -> None:
        if seen is not self._seen:
            self._seen_at = self.now
        elif not faulty and self.now - self._seen_at >= (DEBOUNCE_A_S if seen is State.A else DEBOUNCE_S):
            self.state = seen
        if pilot is not self._seen_pilot:
            self._seen_pilot_at = self.now
        elif self.now - self._seen_pilot_at >= DEBOUNCE_S:
            self.pilot_state = pilot
        self._seen, self._seen_pilot = seen, pilot

    def _enter(self) -> None:
        """Do what the new state asks for."""
        self.pilot = Pilot.PULSED if self.state in (State.B, State.C) else Pilot.STEADY
        if self.state is State.C:
            if self.memory.flags & Setting.GFI_TEST_OFF:
                self._close()
            else:
                self._busy, self._then = SELF_TEST_S, self._tested
        elif self.state is State.TOO_HOT:
            self._busy, self._then = COOLING_S, self._cooled
        else:
            self._open()
            if self.state is State.A:
                self.set_time_limit(0)
                self.set_energy_limit(0)
            elif self.state in (State.D, State.DIODE, State.STUCK_RELAY):
                self._hard(ends=self.state is not State.STUCK_RELAY)

    def _tested(self) -> None:
        if self.street.leaking:
            self.state, self.pilot = State.GFI_TEST, Pilot.STEADY
            self._hard(ends=True)
            return
        self._gfi = False
        self._close()
        self._finish()

    def _cooled(self) -> None:
        """The car had its time to stop."""
        self._open()
        self._hard(ends=True)

    def _finish(self) -> None:
        if self.closed:
            self.meter.read(self.now, self.street.drawn(self.current.amps))
        self.current.supervise(self.now)
        if not self.memory.flags & Setting.HEAT_OFF:
            self.current.throttle(self._celsius, charging=self.state is State.C)
        if self.state is State.C:
            self._elapsed = int(self.now - self._closed_at)
            self._limit()
        self.tell()

    def _limit(self) -> None:
        enough = 0 < self.energy_limit * 3_600_000 <= self.meter.watt_seconds
        if enough or 0 < self.time_limit * 900 <= self.elapsed:
            self.set_time_limit(0)
            self.set_energy_limit(0)
            self.flags |= Flag.LIMIT_SLEEP
            self.sleep()

    # --- small things --------------------------------------------------------------------------------------

    def _hard(self, *, ends: bool) -> None:
        """A fault that stays: until the car leaves, or for good."""
        self.flags |= Flag.HARD_FAULT
        self._fault_ends = ends
        self.tell()

    def _hold(self) -> None:
        self._feel()
        if self._fault_ends and self.pilot is not Pilot.OFF and not self.connected:
            self.state = State.UNKNOWN
            self.flags &= ~Flag.HARD_FAULT

    def _close(self) -> None:
        self.flags |= Flag.RELAY_CLOSED
        if Flag.SESSION_ENDED in self.flags:
            self.flags &= ~Flag.SESSION_ENDED
            self._accumulated = 0
        else:
            self._accumulated += self._elapsed
        self._elapsed = 0
        self._closed_at = self.now

    def _open(self) -> None:
        self.flags &= ~Flag.RELAY_CLOSED
        self._opened_at = self.now
        self.meter.opened()

    @property
    def _celsius(self) -> float:
        return FROST_C if self.street.celsius is None else self.street.celsius

    def _flag(self, flag: Flag, on: bool) -> None:
        self.flags = self.flags | flag if on else self.flags & ~flag
