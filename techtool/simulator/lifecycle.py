"""The life of a charger on the line, of any version: connect, boot, heartbeat, reboot, come back."""

from __future__ import annotations

from abc import abstractmethod

from techtool.simulator.clock import instant
from techtool.simulator.dialogue import Dialogue
from techtool.simulator.effects import Abandon, Abort, Close, Connect, Effect, Ping
from techtool.simulator.handshake import handshake
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Payload

BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Pauses before one attempt to connect and the next."""
BOOT_S = 3.0
"""How long a restart takes."""
PATIENCE_S = 5.0
"""How long a restart waits for messages to get out."""
_CLOCK = (946_684_800.0, 4_102_444_800.0)
"""The clock can show the years 2000 to 2099."""
BOOT_LATE_S = 3.0
"""How long after the socket opens Wallbox boots (quirk ``boots-when-asked-early``)."""
RETRY_S = 10.0
"""Pause before the next BootNotification where the back office names none."""


class Lifecycle(Dialogue):
    """What is the same for all versions and has nothing to do with cars."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.password = options.password
        self.network = True
        self.powered = False
        self.boot_reason = "PowerUp"
        self._failures = 0
        self._leaving: str | None = None
        self._probed = "probe-connection" not in self.quirks or options.version == "1.6"

    # What happens to it

    def start(self, now: float) -> list[Effect]:
        """Power comes on."""
        self._advance(now)
        self._power_up()
        return self._done()

    def connected(self, now: float, subprotocol: str | None) -> list[Effect]:
        """The socket that it asked for is open."""
        self._advance(now)
        self.link, self._failures, self.dozing = "up", 0, False
        self.stir()
        self._connection += 1
        self.wire.opened()
        self.report("link", f"connected, {subprotocol or 'no subprotocol'}")
        if not self._probed:
            self._probed = True
            self.timers.set("probe", self.now + 3, self._end_probe)
        else:
            self._greet()
        return self._done()

    def disconnected(self, now: float, reason: str) -> list[Effect]:
        """The socket that it asked for could not be opened, or the other side ended it."""
        self._advance(now)
        if self.link != "down":
            self.report("link", f"disconnected: {reason}")
            self._lose_link()
            self._retry()
        return self._done()

    # What the versions add

    @abstractmethod
    def boot_payload(self) -> Payload:
        """Of BootNotification."""

    @abstractmethod
    def apply(self, name: str, value: str) -> None:
        """Give a setting a value, unasked."""

    @abstractmethod
    def accepted(self) -> None:
        """The back office accepted the boot: say how things stand."""

    @abstractmethod
    def resumed(self) -> None:
        """The line is back without a restart: say what changed."""

    @abstractmethod
    def announce_early(self) -> None:
        """Send what some send before the boot is accepted, where it belongs after it."""

    @abstractmethod
    def restarted(self) -> None:
        """Power is back after a restart."""

    # For the versions

    def restart(self, reason: str, patience: float = PATIENCE_S) -> None:
        """Reboot: let messages out for ``patience`` seconds (0: go at once), be away, boot with ``reason``."""
        if self._leaving is None:
            self._leaving = reason
            self.report("state", f"restarting: {reason}")
            if patience > 0:
                self.timers.set("leave", self.now + patience, self._leave)
            else:
                self._leave()

    def hang_up(self) -> None:
        """End the link from this side."""
        if self.link == "up":
            self.effect(Abort() if "no-close-frame" in self.quirks else Close())
        elif self.link == "connecting":
            self.effect(Abort())
        self._lose_link()

    def crash(self) -> None:
        """Fall over: the link breaks without a word, and comes back after a restart."""
        if self.link != "down":
            self.effect(Abort())
            self._lose_link()
        self.restart("Watchdog", 0)

    def reconnect(self, pause: float = 1.0) -> None:
        """End the link and come back."""
        self.hang_up()
        self.timers.set("connect", self.now + pause, self._connect)

    def go_offline(self, seconds: float | None) -> None:
        """The network is gone, for good or for so many seconds."""
        self.network = False
        if "half-open" in self.quirks and self.link == "up":
            self.effect(Abandon())
            self._lose_link()
        elif self.link != "down":
            self.effect(Abort())
            self._lose_link()
        self.timers.cancel("connect")
        self.report("link", "offline")
        if seconds is not None:
            self.timers.set("online", self.now + seconds, self.go_online)

    def go_online(self) -> None:
        """The network is back."""
        self.timers.cancel("online")
        if not self.network:
            self.network = True
            self.report("link", "online")
            self._connect()

    def send_boot(self) -> None:
        """BootNotification with the present reason."""
        self.send("BootNotification", self.boot_payload, self._booted, self._boot_failed, early=True)

    def send_heartbeat(self) -> None:
        """Heartbeat; its answer sets the clock."""
        self.send("Heartbeat", {}, self._heartbeat_answered, early=True)

    def schedule_heartbeat(self) -> None:
        """The next Heartbeat, an interval from now."""
        interval = self.options.heartbeat or float(self.whole("heartbeat", 300))
        # A nonsense interval counts as 0 and means: as fast as they are answered.
        self.timers.set("heartbeat", self.now + max(interval, 0.01), self._beat)

    def schedule_ping(self) -> None:
        """The next WebSocket ping, if the charger is to send them."""
        self.timers.cancel("ping")
        if (interval := self.whole("ping")) > 0:
            self.timers.set("ping", self.now + interval, self._ping)

    # Inner workings

    def _power_up(self) -> None:
        self.powered = True
        self.restarted()
        self._connect()

    def _connect(self) -> None:
        if self.link == "down" and self.network and self.powered:
            self.link = "connecting"
            wanted = handshake(self.options, self.password, probe=not self._probed)
            self.report("link", f"connecting to {wanted.url}")
            self.effect(Connect(wanted))

    def _retry(self) -> None:
        pause = BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
        self._failures += 1
        self.timers.set("connect", self.now + pause, self._connect)

    def _end_probe(self) -> None:
        if self.link == "up":
            self.reconnect(0.1)

    def _pump(self) -> None:
        if self._leaving is not None and self._in_flight is None and not self.outbox.has_kept():
            self._leave()
        super()._pump()

    def _lose_link(self) -> None:
        for key in ("heartbeat", "ping", "boot", "probe"):
            self.timers.cancel(key)
        self.drop()
        self.asked_early = False
        if self.registration in ("Pending", "Rejected"):
            self.registration = "none"

    def _greet(self) -> None:
        if "replays-new-ids" in self.quirks:
            self.outbox.double()
        if "replays-doubled" in self.quirks:
            self.outbox.double(self.wire.next_id)
        self.announce_early()
        self.schedule_ping()
        if "boot-missing" in self.quirks:
            known, self.registration = self.registration == "Accepted", "Accepted"
            self.schedule_heartbeat()
            (self.resumed if known else self.accepted)()
        elif self.registration != "Accepted" or "boot-always" in self.quirks:
            self.registration = "none"
            if "boots-when-asked-early" in self.quirks:
                self.timers.set("boot", self.now + BOOT_LATE_S, self.send_boot)
            else:
                self.send_boot()
        else:
            self.schedule_heartbeat()
            self.resumed()

    def _booted(self, payload: Payload) -> None:
        if self.asked_early:
            self.asked_early = False
            self.timers.set("boot", self.now + RETRY_S, self.send_boot)
            return
        status = payload.get("status")
        interval = payload.get("interval")
        seconds = float(interval) if isinstance(interval, int | float) and 0 < interval < 1e9 else 0.0
        self._set_clock(payload.get("currentTime"))
        before, self.registration = self.registration, str(status)
        self.report("state", f"boot {status}, interval {interval}")
        if status != "Accepted":
            self.timers.cancel("heartbeat")
            self.timers.set("boot", self.now + (seconds or RETRY_S), self.send_boot)
            return
        self.timers.cancel("boot")
        if seconds > 0:
            self.apply("heartbeat", str(int(seconds)))
        self.schedule_heartbeat()
        if before != "Accepted":
            self.accepted()
            if "heartbeat-flood" in self.quirks:
                self.send_heartbeat()
            if "boot-loop" in self.quirks:
                self.timers.set("loop", self.now + 10, lambda: self.restart("Watchdog", 0))

    def _boot_failed(self, why: str) -> None:
        if why != "offline" and self.registration != "Accepted":
            self.timers.set("boot", self.now + RETRY_S, self.send_boot)

    def _beat(self) -> None:
        if not self.outbox.has("Heartbeat"):
            self.send_heartbeat()
        self.schedule_heartbeat()

    def _heartbeat_answered(self, payload: Payload) -> None:
        self._set_clock(payload.get("currentTime"))
        if "heartbeat-flood" in self.quirks:
            self.send_heartbeat()

    def _set_clock(self, text: object) -> None:
        """Take over the time of the back office, unless this charger lives faster than the world."""
        moment = instant(text)
        if moment is None or not _CLOCK[0] <= moment < _CLOCK[1]:
            self.report("problem", f"currentTime cannot be read: {text!r}")
        elif self.options.speed == 1 and abs(moment - self.now - self.clock_offset) > 2:
            self.clock_offset = moment - self.now
            self.report("note", f"clock set, by {self.clock_offset:+.0f} s against this computer")

    def _ping(self) -> None:
        if self.link == "up":
            self.stir()
            self.effect(Ping())
        self.schedule_ping()

    def _leave(self) -> None:
        reason, self._leaving = self._leaving, None
        if reason is None:
            return
        self.timers.cancel("leave")
        self.timers.cancel("loop")
        self.boot_reason = reason
        self.registration = "none"
        if "keeps-socket" in self.quirks and self.link == "up":
            self.restarted()
            self.send_boot()
            return
        self.powered = False
        self.hang_up()
        self.timers.cancel("connect")
        self.timers.set("power", self.now + BOOT_S, self._power_up)
