"""One record as a row of the trace. Pure; every kind of record has an honest row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from techtool.csms import frames, habits, lenient
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, Parsed, Send, Unreadable
from techtool.csms.hearing import duration
from techtool.csms.knocks import SENTENCES, Reason
from techtool.masking import mask_head, mask_urls
from techtool.serviceport.rapi.frames import frame_of
from techtool.station.records import Direction, Kind, Record
from techtool.text import decoded, safe
from techtool.trace import console, serial, transfer, words
from techtool.trace.pairs import head

BAD = "!!"
ODD = "!"


class Form(StrEnum):
    """What a row is in the conversation."""

    REQUEST = "request"
    ANSWER = "answer"
    NOTE = "note"
    RAW = "raw"


class Row(NamedTuple):
    """A record in the words of the trace. All texts are safe to show."""

    number: int
    connection: int
    at: datetime
    """The laptop's clock, aware UTC."""
    direction: Direction
    form: Form
    action: str
    """Of an answer: the action that it answers; empty if that is not known."""
    connector: str
    what: str
    ms: float | None
    """How long an answer took, milliseconds."""
    flag: str
    """``!!`` for what failed or cannot be read, ``!`` for what was refused or is odd."""
    transaction: str | None
    partner: int | None
    """The record of the other half: the answer of a request, the request of an answer."""
    watts: float | None = None
    """The power that a meter message told."""

    @property
    def label(self) -> str:
        """The action, with ``.conf`` where this is its answer."""
        if self.form is not Form.ANSWER:
            return self.action
        return f"{self.action}.error" if self.flag == BAD else f"{self.action}.conf"


def make(record: Record, partner: Record | None = None) -> Row:
    """The row of a record; ``partner`` is the other half of the pair as far as it is known."""
    if record.kind in (Kind.TEXT, Kind.BINARY):
        row = _message(record, partner)
    else:
        row = _NOTES.get(record.kind, _unknown)(record, partner)
    return row._replace(partner=partner.number if partner is not None else None)


def _row(record: Record, form: Form, action: str, what: str, flag: str = "", connector: str = "") -> Row:
    return Row(
        record.number,
        record.connection,
        record.time,
        record.direction,
        form,
        safe(action, 60),
        connector,
        safe(what, 300),
        None,
        flag,
        None,
        None,
    )


# --- messages ------------------------------------------------------------------------------------------


def _message(record: Record, partner: Record | None) -> Row:
    parsed = frames.parse(record.data)
    row = _frame(record, parsed, partner)
    if parsed.repairs:
        mended = f"repaired: {'; '.join(parsed.repairs)}"
        row = row._replace(what=f"{row.what}  {mended}" if row.what else mended, flag=row.flag or ODD)
    if parsed.more:
        row = row._replace(what=f"{row.what}  and {len(parsed.more)} more in the same message".lstrip())
    return row


def _frame(record: Record, parsed: Parsed, partner: Record | None) -> Row:
    frame = parsed.frame
    odd = ODD if parsed.oddities else ""
    match frame:
        case Call(_, action, payload) | Send(_, action, payload):
            meaning = words.request(action, payload, record.time)
            transaction = meaning.transaction or _transaction_in(partner)
            flag = BAD if meaning.faulted else odd
            row = _row(record, Form.REQUEST, action, meaning.what, flag, meaning.connector)
            return row._replace(transaction=transaction, watts=meaning.watts)
        case CallResult(_, payload):
            action, transaction = _asked(partner)
            meaning = words.answer(action, payload)
            row = _row(record, Form.ANSWER, action, meaning.what, ODD if meaning.refused else odd)
            return row._replace(transaction=meaning.transaction or transaction, ms=_latency(record, partner))
        case CallError(_, code, description, _) | CallResultError(_, code, description, _):
            action, transaction = _asked(partner)
            said = f"{code or 'no code'}  {mask_urls(description.encode('utf-8', 'replace')).decode()}".rstrip()
            row = _row(record, Form.ANSWER, action, said, BAD)
            return row._replace(transaction=transaction, ms=_latency(record, partner))
        case Unreadable(reason):
            action, transaction = _asked(partner)
            shown = action or decoded(record.data, 18)
            form = Form.ANSWER if action else Form.RAW
            row = _row(record, form, shown, _short(reason), BAD)
            return row._replace(transaction=transaction, ms=_latency(record, partner))


def payload_of(record: Record) -> Any:
    """The payload of a message, or the details of an error; None where there is none to be read."""
    if record.kind not in (Kind.TEXT, Kind.BINARY):
        return None
    match frames.parse(record.data).frame:
        case Call(_, _, payload) | Send(_, _, payload) | CallResult(_, payload):
            return payload
        case CallError(_, _, _, payload) | CallResultError(_, _, _, payload):
            return payload
    return None


def _short(reason: str) -> str:
    return reason.split(": line ")[0].split(" (char")[0]


def _latency(record: Record, partner: Record | None) -> float | None:
    if partner is None or partner.number > record.number:
        return None
    return (record.mono - partner.mono) / 1e6


def _asked(partner: Record | None) -> tuple[str, str | None]:
    """The action and the transaction of the request that was answered."""
    if partner is None:
        return "", None
    start = head(partner.data)
    if start is None or start.kind not in (2, 6):
        return "", None
    if b"ransactionId" not in partner.data:
        return start.action, None
    frame = frames.parse(partner.data).frame
    named = words.transaction(frame.payload) if isinstance(frame, Call | Send) else None
    return start.action, named


def _transaction_in(answer: Record | None) -> str | None:
    """The transaction that an answer named: a 1.6 StartTransaction learns its id there."""
    if answer is None or b"ransactionId" not in answer.data:
        return None
    frame = frames.parse(answer.data).frame
    return words.transaction(frame.payload) if isinstance(frame, CallResult) else None


# --- everything else -----------------------------------------------------------------------------------


def _opened(record: Record, partner: Record | None) -> Row:
    told = record.note
    if told.get("wire", "ocpp") == "ocpp":
        return _row(record, Form.NOTE, "connected", f"from {told.get('peer', '?')}")
    return _row(record, Form.NOTE, "port opened", str(told.get("peer", "?")))


def _request(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.RAW, "HTTP request", _first_line(record))


def _response(record: Record, partner: Record | None) -> Row:
    line = _first_line(record)
    good = line.split(" ")[1:2] == ["101"]
    return _row(record, Form.RAW, "HTTP answer", line, "" if good else ODD)


def _first_line(record: Record) -> str:
    return decoded(mask_head(record.data.split(b"\n", 1)[0].rstrip(b"\r")), 200)


def _linked(record: Record, partner: Record | None) -> Row:
    told = record.note
    if "offered" not in told:  # a service port
        return _row(record, Form.NOTE, "answers", f"{told.get('identity', '?')}  {told.get('protocol', '?')}")
    offered = told["offered"]
    names = ", ".join(str(one) for one in offered) if isinstance(offered, list) and offered else "nothing"
    what = f"{told.get('identity', '?')}  {told.get('protocol', '?')}  offered {names}"
    return _row(record, Form.NOTE, "linked", what, "" if offered else ODD)


def _knock(record: Record, partner: Record | None) -> Row:
    told = record.note
    reason = told.get("reason")
    known = next((one for one in Reason if one.value == reason), None)
    words = SENTENCES[known] if known is not None else str(reason)
    detail = told.get("detail")
    return _row(record, Form.NOTE, "not let in", f"{words} ({detail})" if detail else words, BAD)


def _control(record: Record, partner: Record | None) -> Row:
    data = record.data
    return _row(record, Form.RAW, record.kind.value, f"{len(data)} bytes: {decoded(data, 40)}" if data else "")


def _timeout(record: Record, partner: Record | None) -> Row:
    action, transaction = _asked(partner)
    action = action or str(record.note.get("action", ""))
    seconds = lenient.number(record.note.get("seconds"))
    shown = f"no answer in {seconds:.0f} s" if seconds is not None else "no answer"
    return _row(record, Form.NOTE, action, shown, BAD)._replace(transaction=transaction)


def _carried(record: Record, partner: Record | None) -> Row:
    told = record.note
    known = [str(one.get("id")) for one in lenient.items(told.get("transactions"))]
    parts = [f"open transactions of earlier visits: {', '.join(known)}"] if known else []
    make = lenient.obj(told.get("make"))
    if named := [word for name in ("vendor", "model", "firmware") if (word := lenient.text(make.get(name)))]:
        parts.insert(0, " ".join(named))
    if isinstance(ended := told.get("ended"), list):
        parts.append(f"{len(ended)} ended in earlier visits")
    if told.get("reboots_when_asked") is True:
        parts.append("reboots when it is asked for a BootNotification")
    if (used_to := habits.sentence(told.get("habits"))) is not None:
        parts.append(used_to)
    return _row(record, Form.NOTE, "known before", "; ".join(parts))


def _remark(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.NOTE, "note", str(record.note.get("text", "")))


def _closed(record: Record, partner: Record | None) -> Row:
    told = record.note
    by, code, reason = told.get("by"), told.get("code"), told.get("reason")
    who = {"charger": "by the charger", "laptop": "by this laptop", "port": "port lost"}.get(str(by), "broke off")
    silent_s = lenient.number(told.get("silent_s"))
    silence = f"{duration(silent_s)} after its last message" if silent_s is not None else ""
    parts = [who, f"code {code}" if code is not None else "", str(reason or ""), silence]
    flag = ODD if by in ("network", "port") else ""
    return _row(record, Form.NOTE, "hung up", ", ".join(part for part in parts if part), flag)


def _noise(record: Record, partner: Record | None) -> Row:
    first = f"{len(record.data):,} bytes that are no whole message: {decoded(record.data, 60)}"
    return _row(record, Form.RAW, "bytes", first, BAD)


def _rapi(record: Record, partner: Record | None) -> Row:
    frame = frame_of(record.data)
    if frame is None:
        return _row(record, Form.RAW, "bytes", decoded(record.data, 200), BAD)
    asked = frame_of(partner.data) if partner is not None else None
    said = serial.words(frame, asked)
    if frame.name not in serial.ANSWERS:
        return _row(record, Form.REQUEST, said.action, said.what)
    row = _row(record, Form.ANSWER, said.action, said.what, ODD if said.refused else "")
    return row._replace(ms=_latency(record, partner))


def _modbus(record: Record, partner: Record | None) -> Row:
    from techtool.trace import modbus

    said = modbus.words(record, partner if record.direction is Direction.CHARGER else None)
    if said is None:
        return _row(record, Form.RAW, "bytes", record.data.hex(" "), BAD)
    if record.direction is Direction.LAPTOP:
        return _row(record, Form.REQUEST, said.action, said.what)
    row = _row(record, Form.ANSWER, said.action, said.what, ODD if said.refused or not said.action else "")
    return row._replace(ms=_latency(record, partner))


def _smp(record: Record, partner: Record | None) -> Row:
    from techtool.trace import smp

    said = smp.words(record, partner if record.direction is Direction.CHARGER else None)
    if said is None:
        return _row(record, Form.RAW, "bytes", decoded(record.data, 200), BAD)
    if record.direction is Direction.LAPTOP:
        return _row(record, Form.REQUEST, said.action, said.what)
    row = _row(record, Form.ANSWER, said.action, said.what, ODD if said.refused or not said.action else "")
    return row._replace(ms=_latency(record, partner))


def _typed(record: Record, partner: Record | None) -> Row:
    if record.direction is Direction.LAPTOP:
        return _row(record, Form.REQUEST, console.typed(record.data), "")
    said = console.words(record.data)
    if partner is None:
        return _row(record, Form.RAW, "", said)
    row = _row(record, Form.ANSWER, console.typed(partner.data), said)
    return row._replace(ms=_latency(record, partner))


def _prompt(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.RAW, "prompt", console.words(record.data))


def _echo(record: Record, partner: Record | None) -> Row:
    said = console.words(record.data) if console.is_text(record.data) else record.data.hex(" ")
    return _row(record, Form.RAW, "echo", said)


def _transfer(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.RAW, "transfer", safe(transfer.words(record.data), 130))


def _chatter(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.RAW, "text", console.words(record.data))


def _omitted(record: Record, partner: Record | None) -> Row:
    many = lenient.integer(record.note.get("bytes")) or 0
    return _row(record, Form.NOTE, "not kept", f"{many:,} more bytes came that are not in the trace", ODD)


def _close(record: Record, partner: Record | None) -> Row:
    code, reason = int.from_bytes(record.data[2:4]), decoded(record.data[4:], 130)
    return _row(record, Form.RAW, "close", f"code {code}, {reason}")


def _unknown(record: Record, partner: Record | None) -> Row:
    return _row(record, Form.RAW, record.kind.value, decoded(record.data, 200))


_NOTES: Mapping[Kind, Callable[[Record, Record | None], Row]] = {
    Kind.OPENED: _opened,
    Kind.REQUEST: _request,
    Kind.RESPONSE: _response,
    Kind.LINKED: _linked,
    Kind.KNOCK: _knock,
    Kind.PING: _control,
    Kind.PONG: _control,
    Kind.TIMEOUT: _timeout,
    Kind.CARRIED: _carried,
    Kind.REMARK: _remark,
    Kind.CLOSED: _closed,
    Kind.NOISE: _noise,
    Kind.RAPI: _rapi,
    Kind.MODBUS: _modbus,
    Kind.SMP: _smp,
    Kind.LINE: _typed,
    Kind.PROMPT: _prompt,
    Kind.TRANSFER: _transfer,
    Kind.ECHO: _echo,
    Kind.CHATTER: _chatter,
    Kind.CLOSE: _close,
    Kind.OMITTED: _omitted,
}
