"""OCPP 2.0.1: every message that a charging station may send.

Sources: JSON schemas of the ``ocpp`` package, OCPP 2.0.1 part 4; use cases as described in
docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from techtool.csms import common, components, lenient, metering, notices
from techtool.csms.hearing import Hearing
from techtool.csms.timestamps import render
from techtool.csms.version import Desk, Payload, Version, fixed, nothing
from techtool.station.changes import (
    Authorized,
    Booted,
    Metered,
    TransactionBegan,
    TransactionEnded,
    TransactionUpdated,
)
from techtool.station.findings import Code, Severity
from techtool.station.measure import register_wh
from techtool.station.model import Make, Transaction

# --- answers -------------------------------------------------------------------------------------------


def _answer_boot(request: Any, desk: Desk) -> Payload:
    return {
        "currentTime": render(desk.now),
        "interval": desk.heartbeat_interval,
        "status": desk.boot_status,
    }


def token_of(request: Any) -> tuple[str | None, str | None]:
    """Token and type of the ``idToken`` in a message; some chargers send plain text there."""
    token = lenient.obj(request).get("idToken")
    if isinstance(token, str):
        return token or None, None
    token = lenient.obj(token)
    return lenient.text(token.get("idToken")), lenient.text(token.get("type"))


def _answer_authorize(request: Any, desk: Desk) -> Payload:
    return {"idTokenInfo": {"status": desk.authorize(token_of(request)[0])}}


def _answer_transaction(request: Any, desk: Desk) -> Payload:
    if lenient.obj(request).get("idToken") is None:
        return {}
    return {"idTokenInfo": {"status": desk.authorize(token_of(request)[0])}}


# --- changes -------------------------------------------------------------------------------------------


def _boot(request: Payload, hearing: Hearing) -> None:
    station = lenient.obj(request.get("chargingStation"))
    modem = lenient.obj(station.get("modem"))
    make = Make(
        vendor=lenient.text(station.get("vendorName")),
        model=lenient.text(station.get("model")),
        serial=lenient.text(station.get("serialNumber")),
        firmware=lenient.text(station.get("firmwareVersion")),
        iccid=lenient.text(modem.get("iccid")),
        imsi=lenient.text(modem.get("imsi")),
    )
    reason = lenient.text(request.get("reason"))
    hearing.say(Booted(make, reason, triggered=reason == "Triggered" or hearing.was_asked("BootNotification")))


def _status(request: Payload, hearing: Hearing) -> None:
    since = hearing.since(hearing.when(request.get("timestamp"), queued=True))
    place = components.named(request.get("evseId"), request.get("connectorId"))
    status = lenient.text(request.get("connectorStatus"))
    if place is None:
        common.nowhere(request, ("evseId", "connectorId"), status, hearing)
    else:
        components.status(place, status, hearing, since)


def _meter_values(request: Payload, hearing: Hearing) -> None:
    evse = lenient.place(request.get("evseId")) or 0
    hearing.say(Metered(evse, metering.readings(request.get("meterValue"), hearing)))


def _authorized(request: Payload, answer: Payload, hearing: Hearing) -> None:
    status = lenient.text(lenient.obj(answer.get("idTokenInfo")).get("status"))
    hearing.say(Authorized(token_of(request)[0] or "", status))


def _transaction(request: Payload, hearing: Hearing) -> None:
    info = lenient.obj(request.get("transactionInfo"))
    id = lenient.text(info.get("transactionId"))
    offline = request.get("offline") is True
    at = hearing.when(request.get("timestamp"), live=not offline, queued=True)
    if id is None:
        return
    place = lenient.obj(request.get("evse"))
    evse = lenient.place(place.get("id"))
    kind = request.get("eventType")
    seq_no = lenient.integer(request.get("seqNo"))
    if _comes_again(request, id, seq_no, hearing):
        hearing.find(
            Code.REPLAYED,
            f"{kind} of transaction {id} (seqNo {seq_no}) came again; nothing changed by it.",
            subject=id,
            severity=Severity.INFO,
        )
        return
    _check_sequence(id, kind, seq_no, hearing)
    token, token_type = token_of(request)
    measured = metering.readings(request.get("meterValue"), hearing, live=not offline)
    state = lenient.text(info.get("chargingState"))
    if kind == "Started":
        register = register_wh(measured)
        hearing.say(
            TransactionBegan(
                Transaction(
                    id,
                    evse or 0,
                    lenient.place(place.get("connectorId")),
                    token,
                    token_type,
                    began=at,
                    seen=hearing.at,
                    meter_start_wh=register,
                    energy_wh=0.0 if register is not None else None,
                    state=state,
                    seq_no=seq_no,
                    offline=offline,
                )
            )
        )
    else:
        hearing.say(TransactionUpdated(id, evse, state, seq_no, token, token_type, offline=offline))
    if measured:
        hearing.say(Metered(evse, measured, id))
    if kind == "Ended":
        reason = lenient.text(info.get("stoppedReason")) or "Local"
        hearing.say(TransactionEnded(id, evse, at, reason, register_wh(measured), seq_no=seq_no, offline=offline))


def _comes_again(request: Payload, id: str, seq_no: int | None, hearing: Hearing) -> bool:
    """Who gives every event the same number still stamps each with its own time, or says another thing."""
    if seq_no is None:
        return False
    told = [lenient.text(request.get(name)) for name in ("eventType", "timestamp", "triggerReason")]
    state = lenient.text(lenient.obj(request.get("transactionInfo")).get("chargingState"))
    # what was measured then is the same when it comes again; who sends the rest may add to it, like "offline"
    measured = hash(repr(request.get("meterValue"))) if "meterValue" in request else None
    return hearing.memory.past.comes_again(
        (id[:64], seq_no, measured, *((one or "")[:40] for one in (*told, state)))
    )


def _check_sequence(id: str, kind: Any, seq_no: int | None, hearing: Hearing) -> None:
    """The seqNo of a transaction counts up by one; a gap is a message that was lost."""
    last = hearing.memory.past.sequence.get(id)
    if seq_no is None:
        return
    hearing.memory.past.remember_sequence(id, seq_no)
    wanted = last + 1 if last is not None else 0 if kind == "Started" else None
    if wanted is None or seq_no == wanted:
        return
    hearing.find(
        Code.SEQUENCE_GAP,
        f"Transaction {id} sent seqNo {seq_no} where {wanted} was due.",
        subject=id,
        severity=Severity.WARNING if seq_no > wanted else Severity.INFO,
    )


def _transaction_answered(request: Payload, answer: Payload, hearing: Hearing) -> None:
    token = token_of(request)[0]
    status = lenient.text(lenient.obj(answer.get("idTokenInfo")).get("status"))
    id = lenient.text(lenient.obj(request.get("transactionInfo")).get("transactionId"))
    if token is None or id is None:
        return
    hearing.say(Authorized(token, status), TransactionUpdated(id, authorization=status))


ANSWERS: dict[str, Callable[[Any, Desk], Payload]] = {
    "Authorize": _answer_authorize,
    "BootNotification": _answer_boot,
    "ClearedChargingLimit": nothing,
    "DataTransfer": fixed(status="UnknownVendorId"),
    "FirmwareStatusNotification": nothing,
    "Get15118EVCertificate": fixed(status="Failed", exiResponse=""),
    "GetCertificateStatus": fixed(status="Failed"),
    "Heartbeat": common.answer_heartbeat,
    "LogStatusNotification": nothing,
    "MeterValues": nothing,
    "NotifyChargingLimit": nothing,
    "NotifyCustomerInformation": nothing,
    "NotifyDisplayMessages": nothing,
    "NotifyEVChargingNeeds": fixed(status="Rejected"),  # the laptop makes no schedules for cars
    "NotifyEVChargingSchedule": fixed(status="Accepted"),
    "NotifyEvent": nothing,
    "NotifyMonitoringReport": nothing,
    "NotifyReport": nothing,
    "PublishFirmwareStatusNotification": nothing,
    "ReportChargingProfiles": nothing,
    "ReservationStatusUpdate": nothing,
    "SecurityEventNotification": nothing,
    "SignCertificate": fixed(status="Rejected"),  # the laptop signs no certificates
    "StatusNotification": nothing,
    "TransactionEvent": _answer_transaction,
}

SAID: dict[str, Callable[[Payload, Hearing], None]] = {
    **notices.SAID_201,
    "BootNotification": _boot,
    "FirmwareStatusNotification": common.firmware,
    "Heartbeat": common.heartbeat,
    "LogStatusNotification": common.log,
    "MeterValues": _meter_values,
    "NotifyEvent": components.events,
    "NotifyReport": components.report,
    "PublishFirmwareStatusNotification": common.firmware,
    "SecurityEventNotification": common.security_event,
    "StatusNotification": _status,
    "TransactionEvent": _transaction,
}

ANSWERED: dict[str, Callable[[Payload, Payload, Hearing], None]] = {
    "Authorize": _authorized,
    "BootNotification": common.boot_answered,
    "Heartbeat": common.heartbeat_answered,
    "TransactionEvent": _transaction_answered,
}

V201 = Version(
    protocol="ocpp2.0.1",
    unreadable_code="FormatViolation",
    answers=ANSWERS,
    said=SAID,
    answered=ANSWERED,
    unsolicited={},
)
