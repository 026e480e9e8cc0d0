"""The records of OCPP links, turned into changes of the stations. Pure, and the same live and in a replay.

Nothing here decides what is said to a charger; it only understands what was said.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import boots, frames, habits, lenient, replies, schemas, solicited, timestamps
from techtool.csms.comings import Comings
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, Parsed, Send, Unreadable
from techtool.csms.hearing import Hearing, Past, duration
from techtool.csms.knocks import Knock, Reason
from techtool.csms.link_read import LinkRead, against_schema, remember
from techtool.csms.versions import version
from techtool.station.changes import (
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

EARLY_KEPT = 10
_CODES = frozenset(Code)
_TEXT, _BINARY, _CHARGER = Kind.TEXT, Kind.BINARY, Direction.CHARGER  # looked up for every message
_SEVERITIES = frozenset(Severity)


class Read(NamedTuple):
    """What one record means."""

    identity: str | None
    changes: list[Change]
    knock: Knock | None = None


class Reader:
    """Reads the records of one visit in their order."""

    def __init__(self) -> None:
        self._lines: dict[int, LinkRead] = {}
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
            line = self._lines[record.connection] = LinkRead(record.connection)
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
                replies.timed_out(line, record, hearing)
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

    def _linked(self, line: LinkRead, record: Record, hearing: Hearing) -> None:
        note = record.note
        identity = str(note.get("identity", "?"))
        protocol = str(note.get("protocol", "ocpp1.6"))
        line.identity = identity
        line.version = version(protocol if protocol in schemas.PROTOCOLS else "ocpp1.6")
        remember(self._pasts, identity, self._pasts.get(identity) or Past())
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

    def _heard(self, line: LinkRead, record: Record, parsed: Parsed, hearing: Hearing) -> None:
        _note_heard(line, record, hearing)
        line.said = record.mono
        if line.promised:
            replies.unkept(line, record, hearing)
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
                replies.answered(line, record, frame, hearing)
            case CallResultError(id, error, description, _):
                hearing.find(
                    Code.ERROR_ANSWER,
                    f"The charger could not use the answer to {id}: {error} {description[:100]}",
                    error,
                )
            case Unreadable(reason):
                kind = Code.NOT_OCPP if frame.json else Code.NOT_JSON
                hearing.find(kind, f"A message that cannot be read: {reason}.", subject=reason[:40])

    def _called(self, line: LinkRead, record: Record, call: Call, hearing: Hearing) -> None:
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
        remember(line.ids, known, None)
        remember(line.theirs, call.id, call)
        line.worked = line.worked or call.action != "Heartbeat"
        protocol = line.version.protocol
        if call.action not in line.version.answers:
            known = call.action in schemas.actions(protocol)
            why = "which only a back office may send" if known else f"which {protocol} does not know"
            hearing.find(Code.UNKNOWN_ACTION, f"Sent {call.action[:60]}, {why}.", call.action[:60])
            return
        for wrong in schemas.violations(protocol, call.action, call.payload, size=len(record.data)):
            against_schema(call.action, wrong, hearing)
        _boot_order(line, call, hearing)
        said = line.version.said.get(call.action)
        if said is not None:
            said(lenient.obj(call.payload), hearing)
        if line.memory.asked and solicited.is_last(call.payload):
            line.memory.asked.pop(call.action, None)

    def _sent(self, line: LinkRead, action: str, payload: Any, hearing: Hearing) -> None:
        if line.version is None:
            return
        unsolicited = line.version.unsolicited.get(action)
        if unsolicited is None:
            hearing.find(Code.UNKNOWN_ACTION, f"Sent {action[:60]} as a SEND.", f"SEND {action[:60]}")
            return
        for wrong in schemas.violations(line.version.protocol, action, payload):
            against_schema(action, wrong, hearing)
        unsolicited(lenient.obj(payload), hearing)

    # --- what the laptop said --------------------------------------------------------------------------

    def _said(self, line: LinkRead, record: Record, parsed: Parsed, hearing: Hearing) -> None:
        frame = parsed.frame
        if line.version is None:
            return
        if isinstance(frame, Call):
            remember(line.ours, frame.id, (frame, record.mono))
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

    def _closed(self, line: LinkRead, record: Record, hearing: Hearing) -> Knock | None:
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

    def _left_when_asked(self, line: LinkRead, note: dict[str, Any], hearing: Hearing) -> bool:
        """The link ended where a BootNotification was due that the laptop had asked for."""
        asked = line.memory.asked.get("BootNotification")
        if asked is None or line.reset or (hearing.at - asked).total_seconds() >= boots.REBOOTED_S:
            return False
        # the old link of who comes back after a reboot may still stand, and is closed by the laptop then
        return note.get("by") != "laptop" or not self._comings.is_newest(line.identity or "", line.number)


def _note_heard(line: LinkRead, record: Record, hearing: Hearing) -> None:
    """A flood must not make a new picture for each message: the time of the last one is told once a second."""
    line.heard = record.mono
    if record.mono - line.told_heard > 1_000_000_000 or record.mono < line.told_heard:
        line.told_heard = record.mono
        hearing.say(Heard(line.number))


def _knock(line: LinkRead, record: Record, reason: Any, detail: str) -> Knock:
    try:
        known = Reason(reason)
    except ValueError:
        known = Reason.BAD_HANDSHAKE
    told = record.note.get("identity") if record.kind is Kind.KNOCK else None
    who = line.identity or (str(told) if told else None)
    return Knock(record.time, line.number, line.address, known, detail, record.number, who)


def _proved_by_boot(hearing: Hearing) -> None:
    """It left when it was asked for its boot, and then booted by itself: the question made it reboot."""
    past = hearing.memory.past
    left, booted = past.left_when_asked, past.booted
    if left is not None and booted is not None and abs((booted - left).total_seconds()) < boots.BACK_S:
        past.left_when_asked = None
        hearing.find(Code.REBOOTS_WHEN_ASKED, boots.REBOOTED)


def _boot_order(line: LinkRead, call: Call, hearing: Hearing) -> None:
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


def _control(line: LinkRead, record: Record, hearing: Hearing) -> None:
    if line.promised:
        replies.unkept(line, record, hearing)
    if record.direction is Direction.LAPTOP:
        if record.kind is Kind.PING:
            line.pinged = record.mono
        return
    _note_heard(line, record, hearing)
    if record.kind is Kind.PONG and line.pinged is not None:
        hearing.say(Ponged((record.mono - line.pinged) / 1e6))
        line.pinged = None


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
