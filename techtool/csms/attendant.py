"""What the laptop says on one OCPP link: answers, calls, the first questions, pings. Pure.

Feed it what the charger said and the time; take from it what to do. It waits for nobody: an answer is
ready when :meth:`Attendant.heard` returns, also while a call of ours is open.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import boots, lenient, schemas
from techtool.csms.dialogue import Dialogue, Ended, Ending, Late
from techtool.csms.frames import Call, CallError, CallResult, Frame, Parsed, Unreadable, encode
from techtool.csms.patience import patience_s
from techtool.csms.policy import Policy
from techtool.csms.registration import ACCEPTED, REJECTED, Registration
from techtool.csms.survey import Survey
from techtool.csms.version import StartKey, UnanswerableError
from techtool.csms.versions import version
from techtool.station.model import Station
from techtool.station.silence import PING_S

GREETING_S = 10.0
"""How long a charger has for its BootNotification before it is asked for one."""
PONG_S = 20.0
EVSES_ASKED = 8
CONNECTORS_ASKED = 4
"""Of each EVSE."""


class Now(NamedTuple):
    """Both clocks at one moment."""

    at: datetime
    mono: float
    """Seconds; only differences mean anything."""


class Say(NamedTuple):
    """Send this text message."""

    frame: Call | CallResult | CallError

    @property
    def data(self) -> bytes:
        """The frame as it goes out."""
        return encode(self.frame)


class Ping(NamedTuple):
    """Send a ping."""


class HangUp(NamedTuple):
    """Close the link."""

    code: int
    reason: str


class TimedOut(NamedTuple):
    """Note in the records that a call was given up."""

    note: bytes


Effect = Say | Ping | HangUp | TimedOut | Ended | Late


class Attendant:
    """The laptop's end of one link, from the handshake to the close."""

    def __init__(
        self,
        protocol: str,
        policy: Policy,
        transaction_id: Callable[[StartKey], int],
        now: Now,
        *,
        greet: bool = True,
        known: Callable[[], Station | None] = lambda: None,
    ) -> None:
        self.policy = policy
        """May be changed at any time."""
        self._version = version(protocol)
        self._ids = transaction_id
        self._known = known
        """What the records tell of the charger so far."""
        self._now = now
        earlier = known()
        boot = None if earlier is None else earlier.boot
        self._registration = Registration(protocol, None if boot is None else boot.status)
        self._dialogue = Dialogue()
        self._effects: list[Effect] = []
        self._opened = now.mono
        self._holding = True
        self._greeting: list[dict[str, Any]] | None = [] if greet else None
        """Questions still to be asked of who came back without a word; None when it is over."""
        self._asking: str | None = None
        """The message id of the question that is open."""
        self._greet_at: float | None = now.mono + GREETING_S
        self._statuses = 0
        self._excused: bool | None = None
        """It is not asked for its BootNotification, as one in a session, and so need not send one to be heard."""
        self._booted = False
        """It has booted without being asked to tell so."""
        self._granted = False
        """It has accepted to tell its statuses."""
        self._heard_at = now.mono
        self._ping_at: float | None = None
        self._pinged_at: float | None = None
        self._pongs = False

    # --- the desk: what version modules may ask while they answer ---------------------------------------

    @property
    def now(self) -> datetime:
        """The laptop's clock."""
        return self._now.at

    @property
    def boot_status(self) -> str:
        """How boots are answered."""
        return self.policy.boot_status

    @property
    def heartbeat_interval(self) -> int:
        """Seconds between Heartbeats."""
        return self.policy.heartbeat_interval

    def authorize(self, token: str | None) -> str:
        """The authorization status of a token."""
        return self.policy.authorize(token)

    def transaction_id(self, key: StartKey) -> int:
        """The id of a 1.6 transaction."""
        return self._ids(key)

    # --- in ----------------------------------------------------------------------------------------------

    def heard(self, parsed: Parsed, now: Now) -> bool:
        """Take a message of the charger in. False where the deadline is the same as before."""
        self._now = now
        self._heard_at = now.mono
        changed = self._take_in(parsed.frame)
        for one in parsed.more:
            changed = self._take_in(one.frame) or changed
        return changed

    def _take_in(self, frame: Frame) -> bool:
        if isinstance(frame, Call):
            self._answer(frame)
            if frame.action != "BootNotification":
                return False
        elif isinstance(frame, CallResult | CallError):
            self._over(self._dialogue.answered(frame, self._now.mono))
        elif isinstance(frame, Unreadable):
            self._unreadable(frame)
        self._send_next()
        return True

    def seen(self, now: Now) -> None:
        """Something other than a message came: the charger lives."""
        self._heard_at = now.mono

    def ponged(self, now: Now) -> None:
        """A pong came."""
        self._heard_at = now.mono
        self._pongs = True
        self._pinged_at = None

    def call(self, action: str, payload: Any, now: Now, timeout: float | None = None) -> str:
        """Queue a call to the charger; its end comes as an :class:`Ended` with this message id.

        ``timeout`` is in seconds from the sending; left out it is as long as this charger may take.

        It goes out when the boot is answered or ten seconds have passed, and no other call is open.
        """
        self._now = now
        id = str(uuid.uuid4())
        self._dialogue.call(id, action, payload, now.mono, self._patience if timeout is None else timeout)
        self._send_next()
        return id

    def tick(self, now: Now) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        self._now = now
        ended = self._dialogue.tick(now.mono)
        if ended is not None:
            note = {"id": ended.call.id, "action": ended.call.action, "seconds": round(ended.seconds, 3)}
            self._effects.append(TimedOut(json.dumps(note).encode()))
            self._over(ended)
        if self._greet_at is not None and now.mono >= self._greet_at:
            self._greet()
        self._tick_ping(now)
        self._send_next()

    def closed(self, now: Now) -> None:
        """The link is gone: every open call ends at once."""
        self._now = now
        self._effects.extend(self._dialogue.closed(now.mono))
        self._greet_at = self._ping_at = self._pinged_at = None

    def silent_s(self, now: Now) -> float:
        """Seconds since anything was heard."""
        return now.mono - self._heard_at

    @property
    def deadline(self) -> float | None:
        """When :meth:`tick` is due, in monotonic seconds; None for never."""
        due = self._dialogue.deadline
        for time in (self._greet_at, self._ping_at, self._pong_due):
            if time is not None and (due is None or time < due):
                due = time
        return due

    @property
    def _patience(self) -> float:
        return patience_s(self._known())

    @property
    def rejected(self) -> bool:
        """Its boot was answered Rejected: it must not answer until it is accepted."""
        return self._registration.status == REJECTED

    @property
    def survey(self) -> Survey:
        """How far it is known what connectors there are."""
        if self._asking is not None:
            return Survey.OPEN
        if self._granted or (self._booted and self._statuses):
            return Survey.DONE
        return Survey.UNSURE if self._greet_at is None else Survey.OPEN

    def take(self) -> list[Effect]:
        """What is to be done now, in this order."""
        effects, self._effects = self._effects, []
        return effects

    # --- answers -----------------------------------------------------------------------------------------

    def _answer(self, call: Call) -> None:
        handler = self._version.answers.get(call.action)
        refusal = self._refusal(call) if self.policy.strict else None
        answer: CallResult | CallError
        if refusal is not None:
            answer = refusal
        elif handler is None:
            known = call.action in schemas.actions(self._version.protocol)
            code = "NotSupported" if known else "NotImplemented"
            why = "only a back office may send this" if known else "unknown action"
            answer = CallError(call.id, code, why, {})
        else:
            try:
                answer = CallResult(call.id, handler(call.payload, self))
            except UnanswerableError as error:
                answer = CallError(call.id, self._version.unreadable_code, str(error), {})
        self._effects.append(Say(answer))
        if call.action == "BootNotification":
            self._let_go()
        elif call.action == "StatusNotification" and refusal is None:
            self._statuses += 1

    def _refusal(self, call: Call) -> CallError | None:
        if self._excused is None:
            self._excused = not boots.may_be_asked(self._known())
        if self._excused and self._registration.status is None:
            return None
        return self._registration.refusal(call)

    def _unreadable(self, frame: Unreadable) -> None:
        if frame.type in (3, 4):
            self._over(self._dialogue.unreadable(frame.id, self._now.mono))
            return
        is_16 = self._version.protocol == "ocpp1.6"
        code = self._version.unreadable_code
        if frame.id is None:
            # 2.x answers what has no readable id under -1; 1.6 has no such rule, but who asked waits
            if frame.type == 2 or (frame.type is None and not is_16):
                code = code if is_16 else "RpcFrameworkError"
                self._effects.append(Say(CallError("-1", code, frame.reason, {})))
            return
        if frame.type is None and frame.json and not is_16:
            code = "MessageTypeNotSupported"
        if frame.type in (None, 2):
            self._effects.append(Say(CallError(frame.id, code, frame.reason, {})))

    # --- calls -------------------------------------------------------------------------------------------

    def _over(self, ended: Ended | Late | None) -> None:
        if ended is None:
            return
        self._effects.append(ended)
        if isinstance(ended, Ended) and ended.call.id == self._asking:
            self._asking = None
            self._greeted(ended)

    def _send_next(self) -> None:
        if self._holding:
            return
        call = self._dialogue.next(self._now.mono)
        if call is not None:
            self._registration.asked(call)
            self._effects.append(Say(call))

    def _let_go(self) -> None:
        """The boot is answered: calls may go out, statuses are expected, a ping may be tried."""
        self._holding = False
        self._registration.answered(self.policy.boot_status)
        now = self._now.mono
        self._booted = self._booted or self._asking is None
        if self._registration.status != ACCEPTED:
            self._greet_at = None  # it tells its statuses when it is accepted
        elif self._greeting is not None and self._asking is None:
            self._greet_at = now + GREETING_S if self._statuses == 0 else None
            self._greeting = [] if self._statuses == 0 else None
        if self._ping_at is None and self._pinged_at is None:
            self._ping_at = now + PING_S / 10

    # --- the greeting: who came back without a word is asked ---------------------------------------------

    def _greet(self) -> None:
        self._greet_at = None
        held, self._holding = self._holding, False
        if self._ping_at is None and self._pinged_at is None:
            self._ping_at = self._now.mono + PING_S / 10
        if self._greeting is None:
            return
        may_reboot = held and boots.may_be_asked(self._known())
        self._greeting = [{"requestedMessage": "BootNotification"}] if may_reboot else []
        if held or self._statuses == 0:  # who comes back without a boot may tell only what has changed
            self._greeting.append({"requestedMessage": "StatusNotification"})
        self._ask()

    def _ask(self) -> None:
        if self._greeting:
            self._asking = str(uuid.uuid4())
            self._dialogue.call(
                self._asking, "TriggerMessage", self._greeting.pop(0), self._now.mono, self._patience
            )
        else:
            self._greeting = None

    def _greeted(self, ended: Ended) -> None:
        asked = lenient.obj(ended.call.payload)
        if ended.ending is Ending.TIMED_OUT or ended.ending is Ending.LINK_LOST:
            self._greeting = None  # a charger that does not answer is not pestered
            return
        status = lenient.obj(ended.answer.payload).get("status") if isinstance(ended.answer, CallResult) else None
        if asked.get("requestedMessage") == "StatusNotification":
            accepted = status == "Accepted"
            self._granted = self._granted or accepted
            if self._version.protocol != "ocpp1.6" and (place := _next_outlet(asked, accepted)) is not None:
                self._greeting = [{"requestedMessage": "StatusNotification", "evse": place}]
        self._ask()

    # --- pings -------------------------------------------------------------------------------------------

    @property
    def _silence_s(self) -> float:
        return 3 * max(self.policy.heartbeat_interval, PING_S)

    @property
    def _pong_due(self) -> float | None:
        if self._pinged_at is None or not self._pongs:
            return None
        return max(self._pinged_at + PONG_S, self._heard_at + self._silence_s)

    def _tick_ping(self, now: Now) -> None:
        """One ping to see whether the charger answers them; regular ones only to those that do."""
        if self._ping_at is not None and now.mono >= self._ping_at:
            if self._pinged_at is not None and not self._pongs:
                self._ping_at = None  # it does not answer pings: no more of them
            else:
                self._effects.append(Ping())
                if self._pinged_at is None:
                    self._pinged_at = now.mono
                self._ping_at = now.mono + PING_S
        due = self._pong_due
        if due is not None and now.mono >= due:
            self._pinged_at = None
            self._ping_at = None
            self._effects.append(HangUp(1011, "no answer to pings and nothing heard"))


def _next_outlet(asked: dict[str, Any], accepted: bool) -> dict[str, int] | None:
    """2.x wants to be asked for each outlet: the next one. Those that do not exist are refused."""
    place = lenient.obj(asked.get("evse"))
    evse, connector = lenient.integer(place.get("id")) or 0, lenient.integer(place.get("connectorId")) or 0
    if evse == 0:
        return None if accepted else {"id": 1, "connectorId": 1}
    if accepted and connector < CONNECTORS_ASKED:
        return {"id": evse, "connectorId": connector + 1}
    if (accepted or connector > 1) and evse < EVSES_ASKED:
        return {"id": evse + 1, "connectorId": 1}
    return None
