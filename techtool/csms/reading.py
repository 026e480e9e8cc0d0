"""The records of OCPP links, turned into changes of the stations. Pure, and the same live and in a replay.

Nothing here decides what is said to a charger; it only understands what was said.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import boots, frames, habits, lenient, schemas, solicited, timestamps
from techtool.csms.comings import Comings, Flood
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, MessageId, Parsed, Send, Unreadable
from techtool.csms.hearing import Hearing, Memory, Past, duration
from techtool.csms.knocks import Knock, Reason
from techtool.csms.version import Version
from techtool.csms.versions import version
from techtool.station.changes import (
    AnsweredLate,
    Change,
    Described,
    Heard,
    Linked,
    Ponged,
    TransactionBegan,
    TransactionVanished,
    Unlinked,
)
from techtool.station.findings import Code, Severity
from techtool.station.model import Make, Transaction
from techtool.station.records import Direction, Kind, Record

REMEMBERED = 1000
"""Message ids and unanswered calls kept of one connection."""
EARLY_KEPT = 10
UNANSWERED_S = 10.0
"""Slow chargers need 7 to 8 seconds for an answer."""
UNKEPT_S = 15.0
"""What a charger accepted to send is missed after so long."""
DEAF_S = 29.0
"""Sending all the while, and no answer for so long."""
_CODES = frozenset(Code)
_TEXT, _BINARY, _CHARGER = Kind.TEXT, Kind.BINARY, Direction.CHARGER  # looked up for every message
_SEVERITIES = frozenset(Severity)


class Read(NamedTuple):
    """What one record means."""

    identity: str | None
    changes: list[Change]
    knock: Knock | None = None


@dataclass(slots=True)
class _Line:
    """One connection."""

    number: int
    address: str = "?"
    identity: str | None = None
    version: Version | None = None
    memory: Memory = field(default_factory=Memory)
    since: int = 0
    theirs: OrderedDict[MessageId, Call] = field(default_factory=OrderedDict)
    ours: OrderedDict[MessageId, tuple[Call, int]] = field(default_factory=OrderedDict)
    given_up: OrderedDict[MessageId, tuple[Call, int, int]] = field(default_factory=OrderedDict)
    ids: OrderedDict[MessageId, None] = field(default_factory=OrderedDict)
    flood: Flood = field(default_factory=Flood)
    heard: int = 0
    said: int = 0
    """When its last message came: a pong is the WebSocket's, and says nothing of the charger's software."""
    told_heard: int = 0
    early: list[str] = field(default_factory=list)
    boot_status: str | None = None
    pinged: int | None = None
    reset: bool = False
    """It accepted a Reset, or has not said yet whether it does."""
    knocked: bool = False
    worked: bool = False
    """It sent more than Heartbeats."""
    promised: dict[str, int] = field(default_factory=dict)
    """What it accepted to send, and when; some never do."""


class Reader:
    """Reads the records of one visit in their order."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._newest = 0
        self._pasts: OrderedDict[str, Past] = OrderedDict()
        self._comings = Comings()

    def read(self, record: Record, parsed: Parsed | None = None, at: datetime | None = None) -> Read:
        """What a record means. ``parsed`` and ``at`` (its time) save doing it twice."""
        line = self._lines.get(record.connection)
        if line is None and record.kind is not Kind.OPENED and record.connection <= self._newest:
            return Read(None, [])  # a note on a link that has ended
        if line is None:
            self._newest = max(self._newest, record.connection)
            line = self._lines[record.connection] = _Line(record.connection)
        hearing = Hearing(at or record.time, line.memory)
        knock = None
        kind = record.kind
        if kind is _TEXT or kind is _BINARY:
            parsed = parsed or frames.parse(record.data)
            if record.direction is _CHARGER:
                for one in (parsed, *parsed.more):
                    self._heard(line, record, one, hearing)
            else:
                self._said(line, record, parsed, hearing)
            return Read(line.identity, hearing.changes)
        match kind:
            case Kind.OPENED:
                line.address = str(record.note.get("peer", "?"))
                line.since = record.mono
            case Kind.LINKED:
                self._linked(line, record, hearing)
            case Kind.PING | Kind.PONG:
                _control(line, record, hearing)
            case Kind.TIMEOUT:
                _timed_out(line, record, hearing)
            case Kind.CARRIED:
                _carried(record, hearing)
            case Kind.NOISE if line.identity is not None:
                hearing.find(
                    Code.CUT_FRAME,
                    f"{len(record.data):,} bytes that are no whole message.",
                )
            case Kind.OMITTED if line.identity is not None:
                many = lenient.integer(record.note.get("bytes")) or 0
                hearing.find(Code.CUT_FRAME, f"{many:,} more bytes came that were not kept.", "not kept")
            case Kind.KNOCK:
                note = record.note
                line.knocked = True
                knock = _knock(line, record, note.get("reason"), str(note.get("detail", "")))
            case Kind.CLOSED:
                knock = self._closed(line, record, hearing)
            case _:
                pass
        return Read(line.identity, hearing.changes, knock)

    def identity(self, connection: int) -> str | None:
        """Who is on a link that stands."""
        line = self._lines.get(connection)
        return line.identity if line is not None else None

    def _linked(self, line: _Line, record: Record, hearing: Hearing) -> None:
        note = record.note
        identity = str(note.get("identity", "?"))
        protocol = str(note.get("protocol", "ocpp1.6"))
        line.identity = identity
        line.version = version(protocol if protocol in schemas.PROTOCOLS else "ocpp1.6")
        _remember(self._pasts, identity, self._pasts.get(identity) or Past())
        line.memory.past = self._pasts[identity]
        line.since = record.mono
        taken = self._comings.linked(identity, line.number, line.address, record.mono)
        if taken is not None:
            hearing.find(Code.TAKEOVER, taken)
        hearing.say(
            Linked(
                line.number,
                protocol,
                line.address,
                tuple(str(one) for one in note.get("offered") or ()),
                note.get("path"),
                note.get("user"),
            )
        )
        for found in lenient.items(note.get("findings")):
            # a newer techtool may have exported findings that are unknown here
            if found.get("code") in _CODES and found.get("severity") in _SEVERITIES:
                text, subject = str(found.get("text", "")), str(found.get("subject", ""))
                hearing.find(Code(found["code"]), text, subject, Severity(found["severity"]))

    # --- what the charger said -------------------------------------------------------------------------

    def _heard(self, line: _Line, record: Record, parsed: Parsed, hearing: Hearing) -> None:
        _note_heard(line, record, hearing)
        line.said = record.mono
        if line.promised:
            _unkept(line, record, hearing)
        frame = parsed.frame
        name = frame.action if isinstance(frame, Call | Send) else type(frame).__name__.upper()
        if record.kind is Kind.BINARY:
            hearing.find(Code.BINARY_FRAME, "Messages come as binary WebSocket frames, not as text.")
        if parsed.repairs:
            hearing.find(Code.REPAIRED, f"{name}: broken JSON, repaired: {'; '.join(parsed.repairs)}.", name)
        for oddity in parsed.oddities:
            code = Code.ODD_ID if "message id" in oddity else Code.ODD_FRAME
            hearing.find(code, f"{name}: {oddity}.", f"{name} {oddity}")
        match frame:
            case Call():
                self._called(line, record, frame, hearing)
            case Send(_, action, payload):
                self._sent(line, action, payload, hearing)
            case CallResult() | CallError():
                _answered(line, record, frame, hearing)
            case CallResultError(id, error, description, _):
                hearing.find(
                    Code.ERROR_ANSWER,
                    f"The charger could not use the answer to {id}: {error} {description[:100]}",
                    error,
                )
            case Unreadable(reason):
                kind = Code.NOT_OCPP if frame.json else Code.NOT_JSON
                hearing.find(kind, f"A message that cannot be read: {reason}.", subject=reason[:40])

    def _called(self, line: _Line, record: Record, call: Call, hearing: Hearing) -> None:
        if line.version is None:
            return
        flooding = line.flood.called(call.action, record.mono)
        if flooding is not None:
            hearing.find(Code.FLOOD, flooding.text, flooding.action)
        known = call.id if len(str(call.id)) <= 64 else hash(call.id)
        if known in line.ids:
            hearing.find(
                Code.REUSED_ID, f"{call.action}: the message id {str(call.id)[:64]} was used before on this link."
            )
        _remember(line.ids, known, None)
        _remember(line.theirs, call.id, call)
        line.worked = line.worked or call.action != "Heartbeat"
        protocol = line.version.protocol
        if call.action not in line.version.answers:
            known = call.action in schemas.actions(protocol)
            why = "which only a back office may send" if known else f"which {protocol} does not know"
            hearing.find(Code.UNKNOWN_ACTION, f"Sent {call.action[:60]}, {why}.", call.action[:60])
            return
        for wrong in schemas.violations(protocol, call.action, call.payload, size=len(record.data)):
            _against_schema(call.action, wrong, hearing)
        _boot_order(line, call, hearing)
        said = line.version.said.get(call.action)
        if said is not None:
            said(lenient.obj(call.payload), hearing)
        if line.memory.asked and solicited.is_last(call.payload):
            line.memory.asked.pop(call.action, None)

    def _sent(self, line: _Line, action: str, payload: Any, hearing: Hearing) -> None:
        if line.version is None:
            return
        unsolicited = line.version.unsolicited.get(action)
        if unsolicited is None:
            hearing.find(Code.UNKNOWN_ACTION, f"Sent {action[:60]} as a SEND.", f"SEND {action[:60]}")
            return
        for wrong in schemas.violations(line.version.protocol, action, payload):
            _against_schema(action, wrong, hearing)
        unsolicited(lenient.obj(payload), hearing)

    # --- what the laptop said --------------------------------------------------------------------------

    def _said(self, line: _Line, record: Record, parsed: Parsed, hearing: Hearing) -> None:
        frame = parsed.frame
        if line.version is None:
            return
        if isinstance(frame, Call):
            _remember(line.ours, frame.id, (frame, record.mono))
            line.reset = line.reset or frame.action == "Reset"
            wanted = solicited.asked_for(frame)
            if wanted is not None:
                line.memory.asked[wanted] = hearing.at
                if wanted == "BootNotification" and line.boot_status is None:
                    hearing.find(
                        Code.BOOT_MISSING,
                        "It connected without a BootNotification, so techtool asked for one.",
                        severity=Severity.INFO,
                    )
        elif isinstance(frame, CallResult):
            call = line.theirs.pop(frame.id, None)
            if call is None or call.action not in line.version.answers:
                return
            for wrong in schemas.violations(line.version.protocol, call.action, frame.payload, answer=True):
                hearing.find(
                    Code.OWN_SCHEMA, f"The back office's own answer to {call.action}: {wrong}.", call.action
                )
            answered = line.version.answered.get(call.action)
            if answered is not None:
                answered(lenient.obj(call.payload), lenient.obj(frame.payload), hearing)
            if call.action == "BootNotification":
                line.boot_status = lenient.text(lenient.obj(frame.payload).get("status"))
        elif isinstance(frame, CallError):
            refused = line.theirs.pop(frame.id, None)
            if refused is not None and frame.code == "SecurityError":
                text = f"{refused.action} was refused (--strict): {frame.description}. It is shown all the same."
                hearing.find(Code.REFUSED_EARLY, text, refused.action)

    # --- the end ---------------------------------------------------------------------------------------

    def _closed(self, line: _Line, record: Record, hearing: Hearing) -> Knock | None:
        self._lines.pop(line.number, None)
        note = record.note
        if line.identity is None:
            return None if line.knocked else _knock(line, record, Reason.CUT_OFF, "")
        code = lenient.integer(note.get("code"))
        silent_s = (record.mono - (line.heard or line.since)) / 1e9
        hearing.say(
            Unlinked(
                line.number,
                code,
                str(note.get("reason", "")),
                str(note.get("by", "network")),
                silent_s,
                line.reset,
            )
        )
        if self._left_when_asked(line, note, hearing):
            line.memory.past.left_when_asked = hearing.at
            hearing.find(Code.REBOOTS_WHEN_ASKED, boots.LEFT, severity=Severity.INFO)
            _proved_by_boot(hearing)
        short = self._comings.closed(line.identity, line.number, line.since, record.mono, note.get("by"))
        if short is not None:
            hearing.find(Code.SHORT_LINKS, short)
        if "broken WebSocket framing" in str(note.get("reason", "")):
            hearing.find(Code.BROKEN_WEBSOCKET, f"The link ended: {note['reason']}.")
        served = line.memory.past.known or line.worked  # and was not only trying
        if served or note.get("by") == "laptop":
            return None
        return _knock(line, record, Reason.NO_BOOT, f"after {duration((record.mono - line.since) / 1e9)}")

    def _left_when_asked(self, line: _Line, note: dict[str, Any], hearing: Hearing) -> bool:
        """The link ended where a BootNotification was due that the laptop had asked for."""
        asked = line.memory.asked.get("BootNotification")
        if asked is None or line.reset or (hearing.at - asked).total_seconds() >= boots.REBOOTED_S:
            return False
        # the old link of who comes back after a reboot may still stand, and is closed by the laptop then
        return note.get("by") != "laptop" or not self._comings.is_newest(line.identity or "", line.number)


def _note_heard(line: _Line, record: Record, hearing: Hearing) -> None:
    """A flood must not make a new picture for each message: the time of the last one is told once a second."""
    line.heard = record.mono
    if record.mono - line.told_heard > 1_000_000_000 or record.mono < line.told_heard:
        line.told_heard = record.mono
        hearing.say(Heard(line.number))


def _remember(mapping: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    mapping[key] = value
    if len(mapping) > REMEMBERED:
        mapping.popitem(last=False)


def _knock(line: _Line, record: Record, reason: Any, detail: str) -> Knock:
    try:
        known = Reason(reason)
    except ValueError:
        known = Reason.BAD_HANDSHAKE
    told = record.note.get("identity") if record.kind is Kind.KNOCK else None
    who = line.identity or (str(told) if told else None)
    return Knock(record.time, line.number, line.address, known, detail, record.number, who)


def _against_schema(action: str, wrong: schemas.Violation, hearing: Hearing) -> None:
    where = "/".join(step for step in wrong.path.split("/") if not step.isdigit())
    hearing.find(Code.SCHEMA, f"{action}: {wrong}.", f"{action} {where} {wrong.text}"[:200])


def _proved_by_boot(hearing: Hearing) -> None:
    """It left when it was asked for its boot, and then booted by itself: the question made it reboot."""
    past = hearing.memory.past
    left, booted = past.left_when_asked, past.booted
    if left is not None and booted is not None and abs((booted - left).total_seconds()) < boots.BACK_S:
        past.left_when_asked = None
        hearing.find(Code.REBOOTS_WHEN_ASKED, boots.REBOOTED)


def _boot_order(line: _Line, call: Call, hearing: Hearing) -> None:
    if call.action == "BootNotification":
        if not hearing.was_asked(call.action):
            line.memory.past.booted = hearing.at
            _proved_by_boot(hearing)
        line.memory.past.known = True
        if line.early and line.boot_status is None and not hearing.was_asked(call.action):
            hearing.find(
                Code.BEFORE_BOOT,
                f"Sent {', '.join(dict.fromkeys(line.early))} before its BootNotification.",
                severity=Severity.INFO,
            )
        return
    if line.boot_status is None:
        if len(line.early) < EARLY_KEPT:
            line.early.append(call.action)
    elif line.boot_status != "Accepted" and not hearing.was_asked(call.action):
        hearing.find(
            Code.BEFORE_BOOT, f"Sent {call.action} though its boot was answered {line.boot_status}.", call.action
        )


def _answered(line: _Line, record: Record, answer: CallResult | CallError, hearing: Hearing) -> None:
    if (entry := line.ours.pop(answer.id, None)) is not None:
        call = entry[0]
    elif (late := line.given_up.pop(answer.id, None)) is not None:
        call, asked, given_up = late
        seconds = (record.mono - given_up) / 1e9
        hearing.say(AnsweredLate((record.mono - asked) / 1e9))
        hearing.find(Code.LATE_ANSWER, f"{call.action} was answered late by {seconds:.1f} s.", call.action)
    else:
        hearing.find(Code.STRAY_ANSWER, f"An answer to {str(answer.id)[:36]}, which nobody asked.")
        return
    status = None if isinstance(answer, CallError) else lenient.text(lenient.obj(answer.payload).get("status"))
    if status != "Accepted":
        _not_asked(line, call)
    if call.action == "Reset":
        line.reset = status in ("Accepted", "Scheduled")
    if call.action in solicited.TRIGGERS:
        _triggered(line, call, answer, hearing)
        wanted = solicited.asked_for(call)
        if status == "Accepted" and wanted in line.memory.asked:  # else it came before
            line.promised[str(wanted)] = record.mono
    elif isinstance(answer, CallError):
        more = f": {answer.description[:100]}" if answer.description else ""
        hearing.find(
            Code.ERROR_ANSWER,
            f"{call.action} was answered with the error {answer.code or 'without a code'}{more}.",
            f"{call.action} {answer.code}",
            Severity.INFO,
        )
    if isinstance(answer, CallResult) and line.version is not None:
        for wrong in schemas.violations(line.version.protocol, call.action, answer.payload, answer=True):
            _against_schema(f"answer to {call.action}", wrong, hearing)


def _triggered(line: _Line, call: Call, answer: CallResult | CallError, hearing: Hearing) -> None:
    if isinstance(answer, CallResult):
        said = lenient.text(lenient.obj(answer.payload).get("status"))
    else:
        said = f"the error {answer.code or 'without a code'}"
    if said in (None, "Accepted"):
        return
    payload = lenient.obj(call.payload)
    wanted = str(payload.get("requestedMessage"))[:60]
    if wanted == "StatusNotification" and line.version is not None and line.version.protocol != "ocpp1.6":
        outlet = lenient.obj(payload.get("evse"))
        if (outlet.get("id"), outlet.get("connectorId")) != (1, 1):
            return  # it wants to be asked for each outlet, and is right to refuse those that it has not
    hearing.find(
        Code.TRIGGER_REFUSED,
        f"Asked for {wanted}, it answered {said}: what it does not tell by itself stays unknown.",
        wanted,
        Severity.INFO,
    )


def _not_asked(line: _Line, call: Call) -> None:
    """The charger will not send what it was asked for."""
    wanted = solicited.asked_for(call)
    if wanted is not None:
        line.memory.asked.pop(wanted, None)


def _unkept(line: _Line, record: Record, hearing: Hearing) -> None:
    """What it accepted to send, and did not."""
    for wanted, since in tuple(line.promised.items()):
        if wanted not in line.memory.asked:
            del line.promised[wanted]
        elif record.mono - since > UNKEPT_S * 1e9:
            del line.promised[wanted]
            text = (
                f"It accepted to send {wanted[:60]}, and has not for {UNKEPT_S:.0f} s. If it sends nothing else "
            )
            text += "either, its queue may wait for an answer that was lost: a restart of the charger cures that."
            hearing.find(Code.TRIGGER_UNKEPT, text, wanted[:60])


def _control(line: _Line, record: Record, hearing: Hearing) -> None:
    if line.promised:
        _unkept(line, record, hearing)
    if record.direction is Direction.LAPTOP:
        if record.kind is Kind.PING:
            line.pinged = record.mono
        return
    _note_heard(line, record, hearing)
    if record.kind is Kind.PONG and line.pinged is not None:
        hearing.say(Ponged((record.mono - line.pinged) / 1e6))
        line.pinged = None


def _timed_out(line: _Line, record: Record, hearing: Hearing) -> None:
    note = record.note
    entry = line.ours.pop(note.get("id", ""), None)
    if entry is None:
        return
    call, asked = entry
    _not_asked(line, call)
    if call.action == "Reset":
        line.reset = False
    _remember(line.given_up, call.id, (call, asked, record.mono))
    waited_s = (record.mono - asked) / 1e9
    if waited_s < UNANSWERED_S:
        return  # who asked was in a hurry: that says nothing of the charger
    hearing.find(Code.NO_ANSWER, f"No answer to {call.action} in {waited_s:.0f} s.", call.action)
    if line.said > asked and waited_s >= DEAF_S:
        hearing.find(
            Code.DEAF,
            "It still sends messages but does not answer. An interval of 60 s between Heartbeats and a "
            "WebSocketPingInterval of 60 have cured this on some chargers: b on page 1, or --boot accepted:60.",
        )


def _carried(record: Record, hearing: Hearing) -> None:
    note = record.note
    hearing.memory.past.known = True
    make = lenient.obj(note.get("make"))
    if fields := {name: text for name in Make._fields if (text := lenient.text(make.get(name))) is not None}:
        hearing.say(Described(Make(**fields)))
    if note.get("reboots_when_asked") is True:
        hearing.find(Code.REBOOTS_WHEN_ASKED, boots.REBOOTED_BEFORE, severity=Severity.INFO)
    if (told := habits.sentence(note.get("habits"))) is not None:
        hearing.find(Code.HABITS, told, severity=Severity.INFO)
    ended = note.get("ended")
    for id in ended if isinstance(ended, list) else ():
        hearing.memory.past.remember_end(str(id))
    for known in lenient.items(note.get("transactions")):
        evse = lenient.place(known.get("evse", known.get("connector"))) or 0  # the first journals had 1.6 alone
        transaction = Transaction(
            str(known.get("id")),
            evse,
            lenient.place(known.get("connector")),
            lenient.text(known.get("id_tag")),
            began=timestamps.parse(known.get("began")).when,
            meter_start_wh=lenient.number(known.get("meter_start")),
            carried=True,
            unsure=True,
        )
        hearing.memory.past.carried.add(transaction.id)
        if known.get("vanished"):
            hearing.say(TransactionVanished(transaction.id, evse, transaction))
        else:
            hearing.say(TransactionBegan(transaction))
