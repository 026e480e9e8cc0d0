"""The life of a charger on the line, of any version: connect, boot, heartbeat, answer, reboot, come back.

It reads no clock and opens no socket. Each input carries the time (seconds since 1970 UTC) and gives
back what is to be done, in order. Between inputs, ``tick`` wants to be called at ``due()``.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from techtool.csms.frames import Call, CallError, CallResult, MessageId, Unreadable, parse
from techtool.simulator.clock import Timers, instant, stamp
from techtool.simulator.effects import Abandon, Abort, Close, Connect, Effect, Ping, Report
from techtool.simulator.handshake import handshake
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Message, Outbox, Payload
from techtool.simulator.payload import Answer, RefusalError
from techtool.simulator.wire import Wire

BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Pauses before one attempt to connect and the next."""
BOOT_S = 3.0
"""How long a restart takes."""
PATIENCE_S = 5.0
"""How long a restart waits for messages to get out."""
RETRY_S = 10.0
"""Pause before the next BootNotification where the back office names none."""
ANSWER_DELAYS = {"slow-answers": 8.0, "late-answers": 40.0}


class Lifecycle(ABC):
    """What is the same for all versions and has nothing to do with cars."""

    ANSWERS: ClassVar[Mapping[str, Callable[[Any, Payload], Answer]]]
    """What it can do, by action."""
    KNOWN: ClassVar[frozenset[str]]
    """Actions of its version that it knows and cannot do."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        self.options = options
        self.quirks = options.quirks
        self.now = now
        self.dice = random.Random(options.seed)
        self.timers = Timers()
        self.outbox = Outbox()
        self.wire = Wire(options.quirks, self.dice)
        self.password = options.password
        self.registration = "none"
        """``none``, or the status of the last boot answer."""
        self.link = "down"
        """``down``, ``connecting`` or ``up``."""
        self.network = True
        self.powered = False
        self.boot_reason = "PowerUp"
        self.clock_offset = 0.0
        self._effects: list[Effect] = []
        self._in_flight: tuple[MessageId, Message] | None = None
        self._failures = 0
        self._connection = 0
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
        self.link, self._failures = "up", 0
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

    def received(self, now: float, data: bytes) -> list[Effect]:
        """A WebSocket message came."""
        self._advance(now)
        if self.link == "up":
            self.report("received", data.decode(errors="replace"))
            frame = parse(data).frame
            match frame:
                case Call():
                    self._called(frame)
                case CallResult(id, payload):
                    self._answered(id, payload if isinstance(payload, dict) else {})
                case CallError(id, code, description, _):
                    self._refused(id, code, description)
                case Unreadable(reason, id, kind):
                    self._puzzled(reason, id, kind)
                case _:
                    self.report("note", f"nothing to do for a {type(frame).__name__}")
        return self._done()

    def tick(self, now: float) -> list[Effect]:
        """Time passes."""
        self._advance(now)
        return self._done()

    def due(self) -> float | None:
        """When ``tick`` is to be called at the latest."""
        return self.timers.due()

    # What the versions add

    @abstractmethod
    def boot_payload(self) -> Payload:
        """Of BootNotification."""

    @abstractmethod
    def error_code(self, code: str) -> str:
        """A CALLERROR code in the spelling of this version."""

    @abstractmethod
    def setting(self, name: str) -> str:
        """The value of a setting by its name in ``settings.py``."""

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
        """Send what belongs after the boot ahead of it (quirk ``early-status``)."""

    @abstractmethod
    def restarted(self) -> None:
        """Power is back after a restart."""

    # For the versions

    def send(
        self,
        action: str,
        payload: Payload | Callable[[], Payload],
        on_result: Callable[[Payload], None] | None = None,
        on_failure: Callable[[str], None] | None = None,
        *,
        kept: bool = False,
        early: bool = False,
    ) -> None:
        """Queue a CALL. What is not ``kept`` fails at once with ``offline`` where there is no link."""
        build = payload if callable(payload) else lambda: payload
        message = Message(action, build, kept=kept, early=early)
        message.on_result = on_result or message.on_result
        message.on_failure = on_failure or message.on_failure
        if kept or self.link == "up":
            self.outbox.add(message)
        else:
            message.on_failure("offline")

    def report(self, kind: str, text: str) -> None:
        """Tell the person in front."""
        self._effects.append(Report(kind, text))

    def effect(self, effect: Effect) -> None:
        """Have something done."""
        self._effects.append(effect)

    def stamp(self, at: float | None = None) -> str:
        """A time, or now, as this charger's clock shows and writes it."""
        return stamp((self.now if at is None else at) + self.clock_offset, self.quirks)

    def whole(self, name: str, default: int = 0) -> int:
        """A setting as a number; what is none counts as 0, as in tfocpp and open-ocpp."""
        text = self.setting(name)
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        """A setting as a truth."""
        return self.setting(name).strip().lower() == "true"

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

    def respond(self, id: MessageId, answer: Answer | RefusalError) -> None:
        """Send an answer, after the delay of a quirk, and do what follows from it."""
        if isinstance(answer, Answer) and answer.then and "effect-before-answer" in self.quirks:
            answer.then()
            self._pump()
            answer = Answer(answer.payload)
        delay = max((ANSWER_DELAYS[quirk] for quirk in self.quirks & ANSWER_DELAYS.keys()), default=0.0)
        if delay:
            opened = self._connection
            self.timers.set(
                ("answer", id),
                self.now + delay,
                lambda: self._answer(id, answer) if opened == self._connection else None,
            )
        else:
            self._answer(id, answer)

    # Inner workings

    def _advance(self, now: float) -> None:
        """Run what was due until ``now``, each at its own time."""
        while (due := self.timers.due()) is not None and due <= now:
            self.now = max(self.now, due)
            self.timers.pop()()
            self._pump()
        self.now = max(self.now, now)

    def _done(self) -> list[Effect]:
        self._pump()
        self._advance(self.now)
        effects, self._effects = self._effects, []
        return effects

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

    def _lose_link(self) -> None:
        self.link = "down"
        for key in ("heartbeat", "timeout", "ping", "boot", "probe"):
            self.timers.cancel(key)
        lost = self.outbox.lose()
        if self._in_flight is not None:
            message = self._in_flight[1]
            self._in_flight = None
            if message.kept:
                self.outbox.back(message)
            else:
                lost.insert(0, message)
        for message in lost:
            message.on_failure("offline")
        if self.registration in ("Pending", "Rejected"):
            self.registration = "none"

    def _greet(self) -> None:
        if "early-status" in self.quirks:
            self.announce_early()
        if "replays-doubled" in self.quirks:
            self.outbox.double()
        self.schedule_ping()
        if "boot-missing" in self.quirks:
            known, self.registration = self.registration == "Accepted", "Accepted"
            self.schedule_heartbeat()
            (self.resumed if known else self.accepted)()
        elif self.registration != "Accepted" or "boot-always" in self.quirks:
            self.registration = "none"
            self.send_boot()
        else:
            self.schedule_heartbeat()
            self.resumed()

    def _booted(self, payload: Payload) -> None:
        status = payload.get("status")
        interval = payload.get("interval")
        seconds = float(interval) if isinstance(interval, int | float) else 0.0
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
        if moment is None:
            self.report("problem", f"currentTime cannot be read: {text!r}")
        elif self.options.speed == 1 and abs(moment - self.now - self.clock_offset) > 2:
            self.clock_offset = moment - self.now
            self.report("note", f"clock set, by {self.clock_offset:+.0f} s against this computer")

    def _ping(self) -> None:
        if self.link == "up":
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

    def _pump(self) -> None:
        if self._leaving is not None and self._in_flight is None and not self.outbox.has_kept():
            self._leave()
        while self.link == "up" and self._in_flight is None:
            message = self.outbox.take(self.now, self.registration == "Accepted")
            if message is None:
                return
            id = self.wire.next_id()
            self._in_flight = (id, message)
            self._write(Call(id, message.action, message.build()))
            self.timers.set("timeout", self.now + self.whole("timeout", 30), self._timed_out)

    def _write(self, frame: Call | CallResult | CallError) -> None:
        transmit = self.wire.write(frame)
        self.report("sent", transmit.data.decode(errors="replace"))
        self.effect(transmit)

    def _landed(self, id: MessageId) -> Message | None:
        # Compared as text: a back office may turn a number into text.
        if self._in_flight is None or str(self._in_flight[0]) != str(id):
            self.report("problem", f"an answer to nothing that was asked: {id}")
            return None
        message = self._in_flight[1]
        self._in_flight = None
        self.timers.cancel("timeout")
        return message

    def _answered(self, id: MessageId, payload: Payload) -> None:
        if (message := self._landed(id)) is not None:
            message.on_result(payload)

    def _refused(self, id: MessageId, code: str, description: str) -> None:
        if (message := self._landed(id)) is not None:
            self.report("problem", f"{message.action} got {code} {description}".rstrip())
            self._failed(message, code)

    def _timed_out(self) -> None:
        if self._in_flight is not None:
            message = self._in_flight[1]
            self._in_flight = None
            self.report("problem", f"{message.action} was not answered")
            self._failed(message, "timeout")

    def _failed(self, message: Message, why: str) -> None:
        message.attempts += 1
        if message.kept and message.attempts < self.whole("attempts", 3):
            message.not_before = self.now + self.whole("retry", 60) * message.attempts
            self.timers.set(("retry", id(message)), message.not_before, lambda: None)
            self.outbox.back(message)
        else:
            message.on_failure(why)

    def _called(self, call: Call) -> None:
        if "deaf" in self.quirks:
            return
        if self.registration == "Rejected":
            # 1.6 4.2: not a word until the interval is over. 2.x: B03, SecurityError.
            if self.options.version != "1.6":
                self.respond(call.id, RefusalError("SecurityError", "the boot was rejected"))
            return
        self.respond(call.id, self._decide(call))

    def _decide(self, call: Call) -> Answer | RefusalError:
        handler = self.ANSWERS.get(call.action)
        if handler is None:
            known = call.action in self.KNOWN
            return RefusalError("NotSupported" if known else "NotImplemented", f"{call.action} is not done here")
        if not isinstance(call.payload, dict):
            return RefusalError("FormatViolation", "the payload is no object")
        try:
            return handler(self, call.payload)
        except RefusalError as refusal:
            return refusal

    def _answer(self, id: MessageId, answer: Answer | RefusalError) -> None:
        if isinstance(answer, RefusalError):
            if self.link == "up":
                self._write(CallError(id, self.error_code(answer.code), answer.description, {}))
            return
        if answer.payload is not None and self.link == "up":
            self._write(CallResult(id, answer.payload))
        if answer.then is not None:
            answer.then()

    def _puzzled(self, reason: str, id: MessageId | None, kind: int | None) -> None:
        self.report("problem", f"unreadable: {reason}")
        if kind in (None, 2) and id is not None:
            self._write(CallError(id, self.error_code("FormatViolation"), reason, {}))
        elif kind is None and self.options.version != "1.6":
            self._write(CallError("-1", "RpcFrameworkError", reason, {}))
