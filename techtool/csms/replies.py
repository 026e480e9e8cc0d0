"""What became of the laptop's questions: answered, late, never, or accepted and not kept. Pure."""

from __future__ import annotations

from techtool.csms import lenient, schemas, solicited
from techtool.csms.frames import Call, CallError, CallResult
from techtool.csms.hearing import Hearing
from techtool.csms.link_read import LinkRead, against_schema, remember
from techtool.station.changes import AnsweredLate
from techtool.station.findings import Code, Severity
from techtool.station.records import Record

UNANSWERED_S = 10.0
"""Slow chargers need 7 to 8 seconds for an answer."""
UNKEPT_S = 15.0
"""What a charger accepted to send is missed after so long."""
DEAF_S = 29.0
"""Sending all the while, and no answer for so long."""


def answered(line: LinkRead, record: Record, answer: CallResult | CallError, hearing: Hearing) -> None:
    """The charger answered, in time, late, or what nobody asked."""
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
            against_schema(f"answer to {call.action}", wrong, hearing)


def _triggered(line: LinkRead, call: Call, answer: CallResult | CallError, hearing: Hearing) -> None:
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


def _not_asked(line: LinkRead, call: Call) -> None:
    """The charger will not send what it was asked for."""
    wanted = solicited.asked_for(call)
    if wanted is not None:
        line.memory.asked.pop(wanted, None)


def unkept(line: LinkRead, record: Record, hearing: Hearing) -> None:
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


def timed_out(line: LinkRead, record: Record, hearing: Hearing) -> None:
    """The laptop gave up to wait."""
    note = record.note
    entry = line.ours.pop(note.get("id", ""), None)
    if entry is None:
        return
    call, asked = entry
    _not_asked(line, call)
    if call.action == "Reset":
        line.reset = False
    remember(line.given_up, call.id, (call, asked, record.mono))
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
