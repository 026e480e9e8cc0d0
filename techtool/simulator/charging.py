"""Connectors, cars and transactions of a charger of any version."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from techtool.simulator.cards import Cards, Standing
from techtool.simulator.electric import LEAST_A, RATED_A, Car, Outlet, Sample
from techtool.simulator.lifecycle import Lifecycle
from techtool.simulator.model import Connector, Permit, Reservation, Transaction
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.profiles import Profiles
from techtool.simulator.readings import Reading, readings
from techtool.simulator.wire import new_uuid

WATCH_S = 1.0
"""How often a running transaction is looked at: has the car stopped, has a profile changed?"""


class Charging(Lifecycle):
    """What happens at the connectors."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.connectors = {
            n: Connector(n, Outlet(now, self.dice.random(), self.dice.randrange(10_000, 900_000)))
            for n in range(1, options.connectors + 1)
        }
        self.station_fault: str | None = None
        self.station_reported: str | None = None
        self.profiles = Profiles()
        self.cards = Cards()
        self.when_idle: str | None = None
        """The boot reason of a restart that waits for transactions to end."""
        self.after_boot: list[Callable[[], None]] = []
        """What is to be said once the next boot is accepted."""

    # What the versions add

    @abstractmethod
    def status(self, connector: Connector) -> str:
        """The state of a connector in the words of this version."""

    @abstractmethod
    def send_status(self, connector: Connector) -> None:
        """StatusNotification of a connector."""

    @abstractmethod
    def send_station_status(self) -> None:
        """StatusNotification of the charger itself, where the version has one."""

    @abstractmethod
    def fault_event(self, connector: int, code: str, cleared: bool) -> None:
        """Tell of a fault beside the status, where the version does."""

    @abstractmethod
    def authorize(self, token: str, done: Callable[[Standing], None], failed: Callable[[str], None]) -> None:
        """Ask the back office about a card."""

    @abstractmethod
    def tx_started(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """Tell that a transaction begins; ``trigger`` in the words of 2.x."""

    @abstractmethod
    def tx_changed(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """Tell that the charging state is another one."""

    @abstractmethod
    def tx_ended(self, connector: Connector, transaction: Transaction, reason: str) -> None:
        """Tell that a transaction ended; ``reason`` is one of ``STOP_REASONS``."""

    @abstractmethod
    def tx_sample(self, connector: Connector, transaction: Transaction, wanted: str, context: str) -> None:
        """Readings of a running transaction."""

    @abstractmethod
    def loose_sample(self, connector: Connector, wanted: str, context: str) -> None:
        """Readings outside a transaction."""

    # The line

    def online(self) -> bool:
        """Whether the back office would hear a message now."""
        return self.link == "up" and self.registration == "Accepted"

    def accepted(self) -> None:
        """Status of everything, then what waited for the boot."""
        self.show_all()
        waiting, self.after_boot = self.after_boot, []
        for tell in waiting:
            tell()
        self.align()

    def resumed(self) -> None:
        """Status of what changed meanwhile."""
        for connector in self.connectors.values():
            self.refresh(connector)
        if self.station_status() != self.station_reported:
            self.send_station()

    def announce_early(self) -> None:
        """Status of everything, whatever the back office thinks of it."""
        for connector in self.connectors.values():
            self.send_status(connector)

    def restarted(self) -> None:
        """After a restart nobody remembers a finished session."""
        self.station_reported = None
        for connector in self.connectors.values():
            connector.reported = None
            connector.finishing = False

    def show_all(self) -> None:
        """StatusNotification of everything."""
        if "status-missing" not in self.quirks:
            self.send_station()
            for connector in self.connectors.values():
                connector.reported = None
                self.refresh(connector)

    def send_station(self) -> None:
        """StatusNotification of the charger itself."""
        self.station_reported = self.station_status()
        self.send_station_status()

    def station_status(self) -> str:
        """``Available``, ``Unavailable`` or ``Faulted``."""
        if self.station_fault is not None and "hides-faults" not in self.quirks:
            return "Faulted"
        return "Available" if any(one.operative for one in self.connectors.values()) else "Unavailable"

    def refresh(self, connector: Connector) -> None:
        """StatusNotification if the status is not the one last sent."""
        status = self.status(connector)
        if status == connector.reported or not self.online():
            return
        connector.reported = status
        self.report("state", f"connector {connector.id} {status}")
        if "status-missing" in self.quirks:
            return
        for _ in range(100 if "status-flood" in self.quirks else 1):
            self.send_status(connector)

    # Electricity

    def allowed(self, connector: Connector, at: float) -> float:
        """A per phase that the charger lets through; 0 where the contactor is open."""
        transaction = connector.transaction
        if transaction is None or not connector.plugged or connector.fault or self.station_fault:
            return 0.0
        return self.offered(connector, at, transaction.started)

    def offered(self, connector: Connector, at: float, since: float | None) -> float:
        """A per phase after all limits."""
        limits = [RATED_A]
        if connector.local_limit is not None:
            limits.append(connector.local_limit)
        if len(self.profiles):
            offset = self.clock_offset
            began = None if since is None else since + offset
            own, station = self.profiles.limit(connector.id, at + offset, began)
            busy = sum(1 for one in self.connectors.values() if one.transaction is not None)
            limits += [own] if own is not None else []
            # A limit of the whole charger is shared equally.
            limits += [station / max(1, busy)] if station is not None else []
        return min(limits)

    def measure(self, connector: Connector) -> Sample:
        """Bring the meter up to date and read it. To be called before anything changes the current."""
        connector.outlet.advance(self.now, lambda at: 0.0 if connector.suspended else self.allowed(connector, at))
        return connector.outlet.sample()

    def readings(self, connector: Connector, wanted: str) -> list[Reading]:
        """What the meter shows, for a list of measurands."""
        return readings(self.measure(connector), wanted, self.allowed(connector, self.now), self.quirks)

    def state(self, connector: Connector) -> str:
        """What a transaction does: one of ``STATES``."""
        car = connector.outlet.car
        if connector.suspended or (car is not None and car.soc >= 100):
            return "SuspendedEV"
        return "Charging" if self.allowed(connector, self.now) >= LEAST_A else "SuspendedEVSE"

    def settle(self) -> None:
        """Bring all meters up to date, since something is about to change for all."""
        for connector in self.connectors.values():
            self.measure(connector)

    # Transactions

    def ask(self, token: str, done: Callable[[Standing], None]) -> None:
        """Is this card good? From the list, the cache or the back office, as configured."""
        known = self.cards.known(token, self.flag("list_enabled"), self.flag("cache_enabled"))
        if self.online() and not (self.flag("local_pre") and known and known.status == "Accepted"):

            def learned(standing: Standing) -> None:
                self.cards.learn(token, standing)
                done(standing)

            self.authorize(token, learned, lambda why: done(self._alone(known)))
        else:
            done(known if known and self.online() else self._alone(known))

    def _alone(self, known: Standing | None) -> Standing:
        if known is not None and self.flag("local_offline"):
            return known
        return Standing("Accepted" if known is None and self.flag("offline_unknown") else "Invalid")

    def grant(self, connector: Connector, permit: Permit, trigger: str) -> None:
        """A card is good: start, or wait for the car."""
        if connector.transaction is not None or not self.usable(connector, permit.token, permit.group):
            self.report("problem", f"connector {connector.id} cannot be used: {self.status(connector)}")
            return
        connector.permit, connector.finishing = permit, False
        if connector.plugged:
            self.begin(connector, trigger)
            return
        self.refresh(connector)
        wait = self.whole("connection_timeout", 60)
        self.timers.set(("permit", connector.id), self.now + wait, lambda: self._lapse(connector))

    def usable(self, connector: Connector, token: str, group: str | None = None) -> bool:
        """Whether this card may charge here now."""
        if not connector.operative or connector.fault or self.station_fault:
            return False
        kept = connector.reservation
        return kept is None or kept.token.lower() == token.lower() or (group is not None and group == kept.group)

    def _lapse(self, connector: Connector) -> None:
        if connector.permit is not None:
            self.report("state", f"connector {connector.id}: no car came")
            connector.permit = None
            self.refresh(connector)

    def begin(self, connector: Connector, trigger: str) -> None:
        """A transaction begins: car and card are there."""
        permit = connector.permit
        if permit is None:
            return
        self.settle()
        self.timers.cancel(("permit", connector.id))
        transaction = Transaction(
            uid=new_uuid(self.dice),
            token=permit.token,
            token_type=permit.token_type,
            started=self.now,
            meter_start=self.measure(connector).energy,
            group=permit.group,
            remote_start_id=permit.remote_start_id,
        )
        connector.permit, connector.reservation = None, None
        connector.transaction = transaction
        self.report("state", f"connector {connector.id}: transaction begins, {permit.token}")
        self.tx_started(connector, transaction, trigger)
        self._watch(connector)
        self.schedule_sample(connector)

    def end(self, connector: Connector, reason: str, token: str | None = None) -> None:
        """A transaction ends; nothing if there is none."""
        transaction = connector.transaction
        if transaction is None:
            return
        self.settle()
        transaction.stop_token = token
        connector.transaction, connector.finishing = None, connector.plugged
        for key in ("sample", "watch"):
            self.timers.cancel((key, connector.id))
        self.report("state", f"connector {connector.id}: transaction ends, {reason}")
        self.tx_ended(connector, transaction, reason)
        self.profiles.end_transaction(connector.id)
        if connector.pending is not None:
            connector.operative, connector.pending = connector.pending == "Operative", None
        self.refresh(connector)
        if self.when_idle is not None and not any(one.transaction for one in self.connectors.values()):
            reason, self.when_idle = self.when_idle, None
            self.restart(reason)

    def judged(self, connector: Connector, transaction: Transaction, standing: Standing) -> None:
        """The back office told what it thinks of a card whose transaction runs."""
        self.cards.learn(transaction.token, standing)
        transaction.group = standing.group or transaction.group
        if standing.status != "Accepted" and connector.transaction is transaction and self.flag("stop_invalid"):
            self.end(connector, "DeAuthorized")

    def _watch(self, connector: Connector) -> None:
        transaction = connector.transaction
        if transaction is None:
            return
        self.measure(connector)
        state = self.state(connector)
        if state != transaction.reported:
            transaction.reported = state
            self.tx_changed(connector, transaction, "ChargingStateChanged")
            self.refresh(connector)
        self.timers.set(("watch", connector.id), self.now + WATCH_S, lambda: self._watch(connector))

    # Readings

    def schedule_sample(self, connector: Connector) -> None:
        """The next periodic reading of a transaction."""
        interval = self.whole("sample_interval")
        if interval > 0 and connector.transaction is not None:
            due = self.now + interval
            self.timers.set(("sample", connector.id), due, lambda: self._sample(connector))
        else:
            self.timers.cancel(("sample", connector.id))

    def _sample(self, connector: Connector) -> None:
        if connector.transaction is not None:
            self.tx_sample(connector, connector.transaction, self.setting("sampled"), "Sample.Periodic")
            self.schedule_sample(connector)

    def align(self) -> None:
        """The next clock-aligned reading."""
        interval = self.whole("aligned_interval")
        if interval > 0:
            due = (self.now // interval + 1) * interval
            self.timers.set("aligned", due, self._aligned)
        else:
            self.timers.cancel("aligned")

    def _aligned(self) -> None:
        self.read_out(None, self.setting("aligned"), "Sample.Clock")
        self.align()

    def read_out(self, only: Connector | None, wanted: str, context: str) -> None:
        """Readings now, of one connector or all."""
        for connector in [only] if only is not None else list(self.connectors.values()):
            if connector.transaction is not None:
                self.tx_sample(connector, connector.transaction, wanted, context)
            else:
                self.loose_sample(connector, wanted, context)

    # What people and the back office do

    def plug(self, connector: Connector) -> None:
        """A car with 15 to 40 percent is plugged in."""
        self.measure(connector)
        connector.plugged, connector.suspended = True, False
        connector.outlet.car = Car(charged_wh=60_000 * self.dice.uniform(0.15, 0.40))
        if connector.permit is not None and self.usable(connector, connector.permit.token):
            self.begin(connector, "CablePluggedIn")
        self.refresh(connector)

    def unplug(self, connector: Connector) -> None:
        """The car is unplugged; a transaction ends by it."""
        self.end(connector, "EVDisconnected")
        self.measure(connector)
        connector.plugged = connector.finishing = connector.suspended = False
        connector.outlet.car = None
        self.refresh(connector)

    def fault(self, connector: Connector | None, code: str | None) -> None:
        """A fault begins, or ends (None); without a connector the charger itself has it."""
        self.settle()
        before = self.station_fault if connector is None else connector.fault
        if connector is None:
            self.station_fault = code
        else:
            connector.fault = code
        if code is not None:
            for one in self.connectors.values() if connector is None else [connector]:
                self.end(one, "Fault")
        if "hides-faults" in self.quirks:
            return
        if (told := code or before) is not None:
            self.fault_event(connector.id if connector else 0, told, cleared=code is None)
        if connector is None and self.online():
            self.send_station()
        for one in self.connectors.values() if connector is None else [connector]:
            self.refresh(one)

    def set_available(self, connector: Connector, operative: bool) -> str:
        """ChangeAvailability of one connector: ``Accepted`` or ``Scheduled``."""
        if connector.transaction is not None and not operative:
            connector.pending = "Inoperative"
            return "Scheduled"
        connector.pending = None
        connector.operative = operative
        return "Accepted"

    def reserve(self, connector: Connector, reservation: Reservation) -> None:
        """Keep a connector for a card, until its time is over."""
        connector.reservation = reservation

        def over() -> None:
            if connector.reservation is reservation:
                connector.reservation = None
                self.refresh(connector)

        self.timers.set(("reservation", connector.id), reservation.until, over)
        self.refresh(connector)

    def reset(self, boot_reason: str, stop_reason: str, patience: float) -> None:
        """Transactions end, the charger restarts."""
        for connector in self.connectors.values():
            self.end(connector, stop_reason)
        self.when_idle = None
        self.restart(boot_reason, patience)
