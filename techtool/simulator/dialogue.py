"""One side of an OCPP-J dialogue, as a charger holds it: one CALL in flight, answers matched by id.

It reads no clock and opens no socket. Each input carries the time (seconds since 1970 UTC) and gives
back what is to be done, in order. Between inputs, ``tick`` wants to be called at ``due()``.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from techtool.csms.frames import Call, CallError, CallResult, MessageId, Unreadable, parse
from techtool.simulator.clock import Timers, is_plain, stamp
from techtool.simulator.effects import Effect, Report
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Message, Outbox, Payload
from techtool.simulator.payload import Answer, RefusalError
from techtool.simulator.wire import Wire, joined

ANSWER_DELAYS = {"slow-answers": 8.0, "late-answers": 40.0}
"""Seconds, by quirk."""
LOGGED = 1_000
IDLE_S = 60.0
"""After so long without traffic it dozes off (quirk ``deaf-after-idle``)."""


class Dialogue(ABC):
    """Sending, hearing, answering."""

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
        self.registration = "none"
        """``none``, or the status of the last boot answer."""
        self.link = "down"
        """``down``, ``connecting`` or ``up``."""
        self.clock_offset = 0.0
        """Seconds that its clock is ahead of the time it is given."""
        self.dozing = False
        """Hears no CALL until it reconnects."""
        self.asked_early = False
        """A CALL came before the boot was answered (quirk ``boots-when-asked-early``)."""
        self._effects: list[Effect] = []
        self._log: deque[str] = deque(maxlen=LOGGED)
        self._in_flight: tuple[MessageId, Message] | None = None
        self._connection = 0

    def received(self, now: float, data: bytes) -> list[Effect]:
        """A WebSocket message came."""
        self._advance(now)
        if self.link == "up":
            self.stir()
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
    def error_code(self, code: str) -> str:
        """A CALLERROR code in the spelling of this version."""

    @abstractmethod
    def setting(self, name: str) -> str:
        """The value of a setting by its name in ``settings.py``."""

    @abstractmethod
    def crash(self) -> None:
        """Fall over: the link breaks without a word, and comes back after a restart."""

    # For what is built on it

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
        if kind in ("link", "state"):
            self._log.append(f"{self.stamp()} {kind}: {text}\n")

    def log(self) -> bytes:
        """What it has written down of itself, the last :data:`LOGGED` lines."""
        return "".join(self._log).encode()

    def effect(self, effect: Effect) -> None:
        """Have something done."""
        self._effects.append(effect)

    def stir(self) -> None:
        """There is traffic."""
        if "deaf-after-idle" in self.quirks:
            self.timers.set("idle", self.now + IDLE_S, self._doze)

    def stamp(self, at: float | None = None) -> str:
        """A time, or now, as this charger's clock shows and writes it."""
        return stamp((self.now if at is None else at) + self.clock_offset, self.quirks)

    def whole(self, name: str, default: int = 0) -> int:
        """A setting as a number; what is none counts as 0, as in tfocpp and open-ocpp."""
        text = self.setting(name)
        if not text:
            return default
        try:
            return max(-1, min(int(text), 10**9))
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        """A setting as a truth."""
        return self.setting(name).strip().lower() == "true"

    def respond(self, id: MessageId, answer: Answer | RefusalError) -> None:
        """Send an answer, after the delay of a quirk, and do what follows from it."""
        if isinstance(answer, Answer) and answer.later:
            answer.later(lambda found: self.respond(id, found))
            return
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

    def drop(self) -> None:
        """The link is gone: what is not kept fails, what is kept goes back."""
        self.link = "down"
        self.timers.cancel("timeout")
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
        return joined(effects) if "two-in-one" in self.quirks else effects

    def _pump(self) -> None:
        while self.link == "up" and self._in_flight is None:
            message = self.outbox.take(self.now, self.registration == "Accepted")
            if message is None:
                return
            id = self.wire.next_id() if message.id is None else message.id
            self._in_flight = (id, message)
            self._write(Call(id, message.action, message.build()))
            self.timers.set("timeout", self.now + self.whole("timeout", 30), self._timed_out)

    def _write(self, frame: Call | CallResult | CallError) -> None:
        self.stir()
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
        if "strict-time" in self.quirks and "currentTime" in payload and not is_plain(payload["currentTime"]):
            self.report("problem", f"not a time to its liking: {payload['currentTime']!r}")
            self.crash()
            return
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
        if "deaf" in self.quirks or self.dozing:
            return
        if "dies-on-unknown" in self.quirks and call.action not in self.ANSWERS:
            self.crash()
            return
        if "boots-when-asked-early" in self.quirks and self.registration == "none":
            self.asked_early = True
            return
        if self.registration == "Rejected":
            # 1.6 4.2: not a word until the interval is over. 2.x: B03, SecurityError.
            if self.options.version != "1.6":
                self.respond(call.id, RefusalError("SecurityError", "the boot was rejected"))
            return
        self.respond(call.id, self._decide(call))

    def _doze(self) -> None:
        self.dozing = True

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
