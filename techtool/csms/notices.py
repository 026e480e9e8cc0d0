"""Messages that leave nothing in the picture of a charger but a sentence: who is at it wants to know of them.

One finding for each thing that they are about, not for each message: what comes later about it replaces the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from techtool.csms import lenient
from techtool.csms.hearing import Hearing
from techtool.csms.version import Payload
from techtool.station.findings import Code, Severity

_LONGEST = 60
"""Characters of one thing that a charger says, in a sentence of ours."""


def _tell(hearing: Hearing, subject: str, text: str, severity: Severity = Severity.INFO) -> None:
    hearing.find(Code.CHARGER_EVENT, text, subject, severity)


def _said(fields: Mapping[str, Any], name: str, otherwise: str) -> str:
    return (lenient.text(fields.get(name)) or otherwise)[:_LONGEST]


def _at(request: Payload) -> str:
    """``EVSE 2``, or the station where none is named."""
    evse = lenient.place(request.get("evseId"))
    return f"EVSE {evse}" if evse else "the station"


def _counted(count: int, one: str, more: str = "") -> str:
    return f"{count} {one}" if count == 1 else f"{count} {more or one + 's'}"


def _part(request: Payload) -> str:
    return "more to come" if request.get("tbc") is True else "complete"


# --- all versions ------------------------------------------------------------------------------------------


def data_transfer(request: Payload, hearing: Hearing) -> None:
    """DataTransfer."""
    vendor, message = _said(request, "vendorId", "none"), _said(request, "messageId", "none")
    text = f"It sent its maker's own data (vendorId {vendor}, messageId {message}), which techtool does not know."
    _tell(hearing, f"data {vendor}/{message}", text)


def sign_certificate(request: Payload, hearing: Hearing) -> None:
    """SignCertificate."""
    kind = _said(request, "certificateType", "its own")
    text = f"It wants a certificate signed ({kind}); techtool signs none."
    _tell(hearing, f"sign {kind}", text)


# --- 2.x: certificates -------------------------------------------------------------------------------------


def _ev_certificate(request: Payload, hearing: Hearing) -> None:
    action = _said(request, "action", "Install")
    _tell(hearing, f"ev {action}", f"A car wants a contract certificate ({action}); techtool has none to give.")


def _certificate_status(request: Payload, hearing: Hearing) -> None:
    _tell(hearing, "revoked", "It asks whether certificates are revoked; techtool cannot tell.")


# --- 2.x: limits, profiles, reservations -------------------------------------------------------------------


def _limit_set(request: Payload, hearing: Hearing) -> None:
    limit = lenient.obj(request.get("chargingLimit"))
    source = _said(limit, "chargingLimitSource", "somebody")
    schedule = next(iter(lenient.items(request.get("chargingSchedule"))), {})
    first = next(iter(lenient.items(schedule.get("chargingSchedulePeriod"))), {})
    amount = lenient.number(first.get("limit"))
    now = f", {amount:g} {_said(schedule, 'chargingRateUnit', '')}".rstrip() if amount is not None else ""
    critical = ", critical for the grid" if limit.get("isGridCritical") is True else ""
    _tell(
        hearing, _limit(request, source), f"An external limit is set on {_at(request)} by {source}{now}{critical}."
    )


def _limit_cleared(request: Payload, hearing: Hearing) -> None:
    source = _said(request, "chargingLimitSource", "somebody")
    _tell(hearing, _limit(request, source), f"The external limit on {_at(request)} by {source} is cleared.")


def _limit(request: Payload, source: str) -> str:
    return f"limit {_at(request)} {source}"


def _profiles(request: Payload, hearing: Hearing) -> None:
    source = _said(request, "chargingLimitSource", "somebody")
    profiles = lenient.items(request.get("chargingProfile"))
    named = ", ".join(
        f"{_said(one, 'id', '?')} {_said(one, 'chargingProfilePurpose', '')}".rstrip() for one in profiles[:3]
    )
    more = f" ({named}{' and others' if len(profiles) > 3 else ''})" if profiles else ""
    text = f"On {_at(request)} it has {_counted(len(profiles), 'charging profile')} of {source}{more}."
    _tell(hearing, f"profiles {_at(request)} {source}", text)


def _reservation(request: Payload, hearing: Hearing) -> None:
    number, status = _said(request, "reservationId", "?"), _said(request, "reservationUpdateStatus", "changed")
    _tell(hearing, f"reservation {number}", f"Reservation {number} is over: {status}.")


def _needs(request: Payload, hearing: Hearing) -> None:
    wanted = _said(lenient.obj(request.get("chargingNeeds")), "requestedEnergyTransfer", "energy")
    text = f"The car at {_at(request)} asks for {wanted}; techtool makes no schedule for it."
    _tell(hearing, f"needs {_at(request)}", text)


def _schedule(request: Payload, hearing: Hearing) -> None:
    _tell(hearing, f"plan {_at(request)}", f"The car at {_at(request)} told how it means to charge.")


# --- 2.x: what it was asked to tell ------------------------------------------------------------------------


def _customer(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("generatedAt"), live=False)
    _tell(hearing, "customer", f"It told what it keeps of a customer: {_part(request)}.")


def _messages(request: Payload, hearing: Hearing) -> None:
    messages = lenient.items(request.get("messageInfo"))
    first = _said(lenient.obj(next(iter(messages), {}).get("message")), "content", "")
    more = f", the first: {first}" if first else ""
    _tell(hearing, "messages", f"It told {_counted(len(messages), 'display message')}{more}; {_part(request)}.")


def _monitors(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("generatedAt"), live=False)
    count = sum(len(lenient.items(one.get("variableMonitoring"))) for one in lenient.items(request.get("monitor")))
    _tell(hearing, "monitors", f"It told {_counted(count, 'monitor')} of its variables; {_part(request)}.")


# --- 2.1 ---------------------------------------------------------------------------------------------------


def _battery(request: Payload, hearing: Hearing) -> None:
    words = {"BatteryIn": "put in", "BatteryOut": "taken out", "BatteryOutTimeout": "not taken out in time"}
    event = _said(request, "eventType", "swapped")
    slots = [_said(one, "evseId", "?") for one in lenient.items(request.get("batteryData"))[:10]]
    _tell(hearing, "battery", f"Battery {words.get(event, event)}, slot {', '.join(slots) or 'not told'}.")


def _stream_opened(request: Payload, hearing: Hearing) -> None:
    stream = lenient.obj(request.get("constantStreamData"))
    number, monitor = _said(stream, "id", "?"), _said(stream, "variableMonitoringId", "?")
    _tell(hearing, f"stream {number}", f"It opened event stream {number}, of its monitor {monitor}.")


def _stream_closed(request: Payload, hearing: Hearing) -> None:
    number = _said(request, "id", "?")
    _tell(hearing, f"stream {number}", f"It closed event stream {number}.")


def _streamed(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("basetime"))
    number = _said(request, "id", "?")
    _tell(hearing, f"stream {number}", f"Values of a monitor come in event stream {number}.")


def _streamed_as_call(request: Payload, hearing: Hearing) -> None:
    hearing.find(
        Code.ODD_FRAME,
        "NotifyPeriodicEventStream came as a CALL, which wants an answer; it should be a SEND.",
        "NotifyPeriodicEventStream",
    )
    _streamed(request, hearing)


def _grid_alarm(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("timestamp"), live=False)
    ended = request.get("alarmEnded") is True
    fault, control = _said(request, "gridEventFault", "without a cause"), _said(request, "controlType", "none")
    extra = f": {_said(request, 'extraInfo', '')}" if request.get("extraInfo") else ""
    text = f"Grid alarm {fault} (control {control}) {'is over' if ended else 'stands'}{extra}."
    _tell(hearing, f"grid {control} {fault}", text, Severity.INFO if ended else Severity.WARNING)


def _grid_control(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("timestamp"), live=False)
    control = _said(request, "controlId", "?")
    _tell(
        hearing,
        f"der {control}",
        f"Grid control {control} {'began' if request.get('started') is True else 'ended'}.",
    )


def _grid_controls(request: Payload, hearing: Hearing) -> None:
    kinds = [name for name, value in request.items() if isinstance(value, list) and value]
    _tell(hearing, "der", f"It told its grid controls ({', '.join(kinds)[:100] or 'none'}); {_part(request)}.")


def _priority(request: Payload, hearing: Hearing) -> None:
    id = _said(request, "transactionId", "?")
    state = "on" if request.get("activated") is True else "off"
    _tell(hearing, f"priority {id}", f"Priority charging of transaction {id} is {state}.")


def _settlement(request: Payload, hearing: Hearing) -> None:
    hearing.when(request.get("settlementTime"), live=False)
    payment, status = _said(request, "pspRef", "?"), _said(request, "status", "told")
    amount = lenient.number(request.get("settlementAmount"))
    paid = f", amount {amount:g}" if amount is not None else ""
    _tell(hearing, f"payment {payment}", f"Payment {payment} is {status}{paid}.")


def _web_payment(request: Payload, hearing: Hearing) -> None:
    seconds = lenient.integer(request.get("timeout"))
    more = f", {seconds} s to pay" if seconds is not None else ""
    _tell(hearing, f"web payment {_at(request)}", f"Somebody began to pay on the web at {_at(request)}{more}.")


def _dynamic_schedule(request: Payload, hearing: Hearing) -> None:
    number = _said(request, "chargingProfileId", "?")
    text = f"It asks for new values of charging profile {number}; techtool keeps none."
    _tell(hearing, f"dynamic {number}", text)


def _vat_number(request: Payload, hearing: Hearing) -> None:
    _tell(hearing, "vat", "It asks whether a VAT number is valid; techtool cannot tell.")


SAID_201: Mapping[str, Callable[[Payload, Hearing], None]] = {
    "ClearedChargingLimit": _limit_cleared,
    "DataTransfer": data_transfer,
    "Get15118EVCertificate": _ev_certificate,
    "GetCertificateStatus": _certificate_status,
    "NotifyChargingLimit": _limit_set,
    "NotifyCustomerInformation": _customer,
    "NotifyDisplayMessages": _messages,
    "NotifyEVChargingNeeds": _needs,
    "NotifyEVChargingSchedule": _schedule,
    "NotifyMonitoringReport": _monitors,
    "ReportChargingProfiles": _profiles,
    "ReservationStatusUpdate": _reservation,
    "SignCertificate": sign_certificate,
}

SAID_21: Mapping[str, Callable[[Payload, Hearing], None]] = {
    "BatterySwap": _battery,
    "ClosePeriodicEventStream": _stream_closed,
    "GetCertificateChainStatus": _certificate_status,
    "NotifyDERAlarm": _grid_alarm,
    "NotifyDERStartStop": _grid_control,
    "NotifyPeriodicEventStream": _streamed_as_call,
    "NotifyPriorityCharging": _priority,
    "NotifySettlement": _settlement,
    "NotifyWebPaymentStarted": _web_payment,
    "OpenPeriodicEventStream": _stream_opened,
    "PullDynamicScheduleUpdate": _dynamic_schedule,
    "ReportDERControl": _grid_controls,
    "VatNumberValidation": _vat_number,
}

UNSOLICITED: Mapping[str, Callable[[Payload, Hearing], None]] = {"NotifyPeriodicEventStream": _streamed}
