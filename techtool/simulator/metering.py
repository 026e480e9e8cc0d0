"""Connectors of a charger of any version: their status, their current, their meters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from techtool.simulator.electric import LEAST_A, RATED_A, Outlet, Sample
from techtool.simulator.lifecycle import Lifecycle
from techtool.simulator.model import Connector, Transaction
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.profiles import Profiles
from techtool.simulator.readings import Reading, readings


class Metering(Lifecycle):
    """What can be seen at the connectors, and what is told of it."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.connectors = {
            n: Connector(n, Outlet(now, self.dice.random(), self.dice.randrange(10_000, 900_000)))
            for n in range(1, options.connectors + 1)
        }
        self.station_fault: str | None = None
        self.station_reported: str | None = None
        self.updating = False
        """Out of service as a whole, since a firmware comes (quirk ``unavailable-before-update``)."""
        self.profiles = Profiles()
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
    def tx_sample(self, connector: Connector, transaction: Transaction, wanted: str, context: str) -> None:
        """Readings of a running transaction."""

    @abstractmethod
    def loose_sample(self, connector: Connector, wanted: str, context: str) -> None:
        """Readings outside a transaction."""

    # The line

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
        """A security event, status of everything: whatever the back office thinks of it."""
        if "security-event-early" in self.quirks and self.registration != "Accepted":
            event = {"type": "StartupOfTheDevice", "timestamp": self.stamp()}
            self.send("SecurityEventNotification", event, early=True)
        if "early-status" in self.quirks:
            for connector in self.connectors.values():
                self.send_status(connector)

    def restarted(self) -> None:
        """After a restart nobody remembers a finished session."""
        self.station_reported = None
        self.updating = False
        for connector in self.connectors.values():
            connector.reported = None
            connector.finishing = False

    def drop(self) -> None:
        """The link is gone; some forget their profiles with it."""
        super().drop()
        if "profile-lost" in self.quirks:
            self.settle()
            self.profiles.remove(self.profiles.find())

    def online(self) -> bool:
        """Whether the back office would hear a message now."""
        return self.link == "up" and self.registration == "Accepted"

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
        usable = not self.updating and any(one.operative for one in self.connectors.values())
        return "Available" if usable else "Unavailable"

    def set_updating(self, updating: bool) -> None:
        """A firmware comes, or did not come after all."""
        if "unavailable-before-update" in self.quirks:
            self.updating = updating
            if self.online():
                self.send_station()
            for connector in self.connectors.values():
                self.refresh(connector)

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
