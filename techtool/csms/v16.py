"""OCPP 1.6J: every message that a charger may send, security extension included.

Sources: OCPP 1.6 edition 2 chapters 4 to 7, security whitepaper edition 3, JSON schemas of the
``ocpp`` package.
"""

from __future__ import annotations

from typing import Any

from techtool.csms import common, lenient, metering, notices
from techtool.csms.hearing import Hearing
from techtool.csms.timestamps import parse, render
from techtool.csms.version import Desk, Payload, StartKey, Version, fixed, nothing
from techtool.station.changes import (
    Authorized,
    Booted,
    Metered,
    StatusSaid,
    TransactionBegan,
    TransactionEnded,
)
from techtool.station.findings import Code, Severity
from techtool.station.model import Make, Transaction


def at_connector(number: int) -> tuple[int, int]:
    """EVSE and connector of a 1.6 connectorId: connector n is EVSE n, connector 1; 0 is the station."""
    return number, 1 if number else 0


# --- answers -------------------------------------------------------------------------------------------


def _answer_boot(request: Any, desk: Desk) -> Payload:
    return {
        "status": desk.boot_status,
        "currentTime": render(desk.now),
        "interval": desk.heartbeat_interval,
    }


def _answer_authorize(request: Any, desk: Desk) -> Payload:
    return {"idTagInfo": {"status": desk.authorize(lenient.text(lenient.obj(request).get("idTag")))}}


def start_key(request: Payload) -> StartKey:
    """What makes this start the same as another."""
    return StartKey(
        lenient.place(request.get("connectorId")) or 0,
        lenient.text(request.get("idTag")) or "",
        lenient.text(request.get("timestamp")) or "",
        lenient.number(request.get("meterStart")) or 0.0,
    )


def _answer_start(request: Any, desk: Desk) -> Payload:
    request = lenient.obj(request)
    return {
        "idTagInfo": {"status": desk.authorize(lenient.text(request.get("idTag")))},
        "transactionId": desk.transaction_id(start_key(request)),
    }


def _answer_stop(request: Any, desk: Desk) -> Payload:
    id_tag = lenient.text(lenient.obj(request).get("idTag"))
    return {} if id_tag is None else {"idTagInfo": {"status": desk.authorize(id_tag)}}


# --- changes -------------------------------------------------------------------------------------------


def _boot(request: Payload, hearing: Hearing) -> None:
    def field(name: str) -> str | None:
        return lenient.text(request.get(name))

    make = Make(
        vendor=field("chargePointVendor"),
        model=field("chargePointModel"),
        serial=field("chargePointSerialNumber") or field("chargeBoxSerialNumber"),
        firmware=field("firmwareVersion"),
        box_serial=field("chargeBoxSerialNumber"),
        iccid=field("iccid"),
        imsi=field("imsi"),
        meter_type=field("meterType"),
        meter_serial=field("meterSerialNumber"),
    )
    hearing.say(Booted(make, None, triggered=hearing.was_asked("BootNotification")))


def _status(request: Payload, hearing: Hearing) -> None:
    since = hearing.since(hearing.when(request.get("timestamp"), queued=True))
    number = lenient.place(request.get("connectorId"))
    error = lenient.text(request.get("errorCode"))
    vendor_error = lenient.text(request.get("vendorErrorCode"))
    status = lenient.text(request.get("status"))
    if number is None:
        common.nowhere(request, ("connectorId",), status, hearing)
        return
    evse, connector = at_connector(number)
    hearing.say(
        StatusSaid(
            evse,
            connector,
            status,
            error or "NoError",
            lenient.text(request.get("info")),
            lenient.text(request.get("vendorId")),
            vendor_error,
            since,
        )
    )
    if status == "Faulted" or error not in (None, "NoError"):
        more = f", vendor error {vendor_error}" if vendor_error else ""
        hearing.find(
            Code.CHARGER_FAULT,
            f"Connector {evse} says {status or 'nothing'}, {error or 'no error code'}{more}.",
            subject=f"{evse}/{error}/{vendor_error or ''}",
            severity=Severity.FAULT if status == "Faulted" else Severity.WARNING,
        )


def _meter_values(request: Payload, hearing: Hearing) -> None:
    evse = lenient.place(request.get("connectorId"))
    found = metering.readings(request.get("meterValue"), hearing)
    transaction = lenient.integer(request.get("transactionId"))
    hearing.say(Metered(evse, found, str(transaction) if transaction is not None and transaction > 0 else None))


def _authorized(request: Payload, answer: Payload, hearing: Hearing) -> None:
    status = lenient.text(lenient.obj(answer.get("idTagInfo")).get("status"))
    hearing.say(Authorized(lenient.text(request.get("idTag")) or "", status))


def _started(request: Payload, answer: Payload, hearing: Hearing) -> None:
    id = lenient.text(answer.get("transactionId"))
    if id is None:
        return
    key = _unspelled(start_key(request))
    past = hearing.memory.past
    if past.starts.get(key) == id or id in past.carried or id in past.ended:  # ids are given once
        hearing.find(
            Code.REPLAYED,
            f"The start of transaction {id} came again; it got the same id, and nothing changed by it.",
            subject=id,
            severity=Severity.INFO,
        )
        return
    past.remember_start(key, id)
    evse, connector = at_connector(key.connector)
    began = hearing.when(request.get("timestamp"), queued=True)
    status = lenient.text(lenient.obj(answer.get("idTagInfo")).get("status"))
    hearing.say(
        TransactionBegan(
            Transaction(
                id,
                evse,
                connector,
                id_token=lenient.text(request.get("idTag")),
                began=began,
                seen=hearing.at,
                meter_start_wh=lenient.number(request.get("meterStart")),
                energy_wh=0.0 if lenient.number(request.get("meterStart")) is not None else None,
                authorization=status,
                offline=began is not None and (hearing.at - began).total_seconds() > 60,
            )
        )
    )


def _unspelled(key: StartKey) -> StartKey:
    """However the moment and the card are written: what is sent again may have another zone, or other digits."""
    when = parse(key.timestamp).when
    moment = render(when) if when is not None else key.timestamp
    return key._replace(timestamp=moment, id_tag=key.id_tag.casefold())


def _stopped(request: Payload, hearing: Hearing) -> None:
    number = lenient.integer(request.get("transactionId"))
    id = str(number) if number is not None else (lenient.text(request.get("transactionId")) or "none")[:36]
    ended = hearing.when(request.get("timestamp"), queued=True)
    nameless = number is None or number <= 0
    metering.readings(request.get("transactionData"), hearing, live=False)  # for its time stamps alone
    if not nameless and hearing.memory.past.remember_end(id):
        hearing.find(
            Code.REPLAYED,
            f"The stop of transaction {id} came again; nothing changed by it.",
            subject=f"stop {id}",
            severity=Severity.INFO,
        )
        return
    hearing.say(
        TransactionEnded(
            id,
            None,
            ended,
            lenient.text(request.get("reason")) or "Local",
            lenient.number(request.get("meterStop")),
            offline=ended is not None and (hearing.at - ended).total_seconds() > 60,
            nameless=nameless,
            id_token=lenient.text(request.get("idTag")),
        )
    )


V16 = Version(
    protocol="ocpp1.6",
    unreadable_code="FormationViolation",
    answers={
        "Authorize": _answer_authorize,
        "BootNotification": _answer_boot,
        "DataTransfer": fixed(status="UnknownVendorId"),
        "DiagnosticsStatusNotification": nothing,
        "FirmwareStatusNotification": nothing,
        "Heartbeat": common.answer_heartbeat,
        "LogStatusNotification": nothing,
        "MeterValues": nothing,
        "SecurityEventNotification": nothing,
        "SignCertificate": fixed(status="Rejected"),  # the laptop signs no certificates
        "SignedFirmwareStatusNotification": nothing,
        "StartTransaction": _answer_start,
        "StatusNotification": nothing,
        "StopTransaction": _answer_stop,
    },
    said={
        "BootNotification": _boot,
        "DataTransfer": notices.data_transfer,
        "DiagnosticsStatusNotification": common.log,
        "FirmwareStatusNotification": common.firmware,
        "Heartbeat": common.heartbeat,
        "LogStatusNotification": common.log,
        "MeterValues": _meter_values,
        "SecurityEventNotification": common.security_event,
        "SignCertificate": notices.sign_certificate,
        "SignedFirmwareStatusNotification": common.firmware,
        "StatusNotification": _status,
        "StopTransaction": _stopped,
    },
    answered={
        "Authorize": _authorized,
        "BootNotification": common.boot_answered,
        "Heartbeat": common.heartbeat_answered,
        "StartTransaction": _started,
    },
    unsolicited={},
)
