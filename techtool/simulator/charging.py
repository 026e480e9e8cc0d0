"""Cars, cards and transactions at a charger of any version."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from techtool.simulator.autoplay import CARDS
from techtool.simulator.cards import Cards, Standing
from techtool.simulator.electric import Car
from techtool.simulator.metering import Metering
from techtool.simulator.model import Connector, Permit, Reservation, Transaction
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.wire import new_uuid

WATCH_S = 1.0
"""How often a running transaction is looked at: has the car stopped, has a profile changed?"""


class Charging(Metering):
    """What happens at the connectors."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.cards = Cards()
        self.when_idle: str | None = None
        """The boot reason of a restart that waits for transactions to end."""

    # What the versions add

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

    # Transactions

    def ask(self, token: str, done: Callable[[Standing], None]) -> None:
        """Is this card good? From the list, the cache or the back office, as configured."""
        if "own-whitelist" in self.quirks and token.upper() == CARDS[0]:
            done(Standing("Accepted"))
            return
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
        if not connector.operative or connector.fault or self.station_fault or self.updating:
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
        if self.online() or "stop-without-start" not in self.quirks:
            self.tx_started(connector, transaction, trigger)
        else:
            transaction.seq = 1  # 2.x: the event that is lost was counted
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
