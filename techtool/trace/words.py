"""What a message says, in a few words: the ``what`` column of the trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import components, lenient, metering
from techtool.csms.hearing import Hearing, Memory
from techtool.masking import MASK, is_secret, mask_payload
from techtool.station.measure import CURRENT, POWER, at_phase, base, figure, register_wh, total
from techtool.text import safe

REFUSALS = frozenset(
    {
        "Rejected", "Failed", "NotSupported", "NotImplemented", "UnlockFailed", "Invalid", "Blocked", "Expired",
        "ConcurrentTx", "Faulted", "Occupied", "Unavailable", "Unknown", "UnknownVendorId", "UnknownMessageId",
        "VersionMismatch", "UnknownConnector", "OngoingAuthorizedTransaction", "NoCredit", "NotAllowedTypeEVSE",
        "NotAtThisLocation", "NotAtThisTime", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType",
        "InvalidCertificate", "RevokedCertificate", "NoTransaction", "SignatureError", "DownloadFailed",
        "InstallationFailed", "UploadFailed", "InstallVerificationFailed", "InvalidSignature",
    }
)  # fmt: skip
"""Answers that say no."""

_LONGEST = 300


class Meaning(NamedTuple):
    """What can be told of one message."""

    what: str = ""
    connector: str = ""
    transaction: str | None = None
    refused: bool = False
    faulted: bool = False
    watts: float | None = None


def request(action: str, payload: Any, at: datetime) -> Meaning:
    """A CALL or a SEND."""
    fields = lenient.obj(payload)
    words = _REQUESTS.get(action)
    watts = None
    if action == "NotifyEvent":
        return _told_events(fields)
    if action in ("MeterValues", "TransactionEvent"):
        metered, watts = _metered(fields.get("meterValue"), at)
        what = _join(_event(fields) if action == "TransactionEvent" else "", metered)
    else:
        what = words(fields) if words else _plain(fields)
    return Meaning(
        safe(what, _LONGEST),
        safe(_place(fields), 8),
        transaction(fields),
        faulted=action == "StatusNotification"
        and (_said(fields, "status", "connectorStatus") == "Faulted" or _error(fields) is not None),
        watts=watts,
    )


def answer(action: str, payload: Any) -> Meaning:
    """A CALLRESULT; ``action`` is empty where the question is not known."""
    fields = lenient.obj(payload)
    status = _status(fields)
    named = transaction(fields)
    words = _ANSWERS.get(action)
    more = words(fields) if words else "" if status or named else _plain(fields)
    parts = (f"tx {named}" if named else "", status or "", more)
    return Meaning(safe(_join(*parts), _LONGEST), "", named, refused=status in REFUSALS)


def _join(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def _said(fields: Mapping[str, Any], *names: str) -> str | None:
    return next((said for name in names if (said := lenient.text(fields.get(name)))), None)


def _labelled(label: str, value: str | None) -> str:
    return f"{label} {value}" if value else ""


def _error(fields: Mapping[str, Any]) -> str | None:
    error = lenient.text(fields.get("errorCode"))
    return None if error in (None, "", "NoError") else error


def _status(fields: Mapping[str, Any]) -> str | None:
    info = lenient.obj(fields.get("idTagInfo") or fields.get("idTokenInfo"))
    status = _said(fields, "status") or _said(info, "status")
    reason = _said(lenient.obj(fields.get("statusInfo")), "reasonCode")
    return f"{status}  {reason}" if status and reason and status not in REFUSALS else status


def _token(fields: Mapping[str, Any]) -> str | None:
    token = fields.get("idToken")
    inner = _said(token, "idToken") if isinstance(token, dict) else lenient.text(token)
    return _said(fields, "idTag") or inner


def _place(fields: Mapping[str, Any]) -> str:
    if "connectorId" in fields and "evseId" not in fields:
        return lenient.text(fields["connectorId"]) or ""
    evse = fields.get("evse")
    inside = lenient.obj(evse)
    number = lenient.text(fields.get("evseId")) or lenient.text(inside.get("id"))
    connector = lenient.text(fields.get("connectorId")) or lenient.text(inside.get("connectorId"))
    return f"{number}/{connector}" if number and connector else number or ""


def transaction(payload: Any) -> str | None:
    """The transaction that a payload names."""
    fields = lenient.obj(payload)
    inside = lenient.obj(fields.get("transactionInfo"))
    return lenient.text(fields.get("transactionId")) or lenient.text(inside.get("transactionId"))


def _plain(fields: Mapping[str, Any]) -> str:
    """Any payload: its first few plain values."""
    parts = []
    for name, value in mask_payload(dict(list(fields.items())[:12])).items():
        if isinstance(value, str | int | float) and name not in ("connectorId", "evseId", "timestamp"):
            parts.append(f"{name} {value}")
        elif isinstance(value, list):
            parts.append(f"{name}: {len(value)}")
    return _join(*parts[:6])


def _metered(values: Any, at: datetime) -> tuple[str, float | None]:
    hearing = Hearing(at, Memory())
    found = metering.readings(values, hearing)
    watts, energy = total(found, POWER), register_wh(found)
    amps = [
        number
        for phase in (None, "L1", "L2", "L3")
        if (one := at_phase(found, CURRENT, phase)) is not None and (number := base(one)) is not None
    ]
    words = _join(
        f"{figure(watts / 1000, 2)} kW" if watts is not None else "",
        f"{figure(max(amps), 1)} A" if amps else "",
        f"{figure(energy / 1000, 3)} kWh" if energy is not None else "",
    )
    if not words and found:
        key, reading = next(iter(found.items()))
        words = _join(f"{key.measurand} {reading.text} {reading.unit or ''}".rstrip())
    return words, watts


def _event(fields: Mapping[str, Any]) -> str:
    info = lenient.obj(fields.get("transactionInfo"))
    return _join(
        _said(fields, "eventType") or "",
        _labelled("tx", transaction(fields)),
        _said(info, "chargingState") or "",
        _labelled("tag", _token(fields)),
        _labelled("reason", _said(info, "stoppedReason")),
        _labelled("by", _said(fields, "triggerReason")),
    )


def _boot(fields: Mapping[str, Any]) -> str:
    station = lenient.obj(fields.get("chargingStation"))
    return _join(
        _said(fields, "chargePointVendor") or _said(station, "vendorName") or "",
        _said(fields, "chargePointModel") or _said(station, "model") or "",
        _said(fields, "firmwareVersion") or _said(station, "firmwareVersion") or "",
        _labelled("reason", _said(fields, "reason")),
    )


def _status_said(fields: Mapping[str, Any]) -> str:
    return _join(
        _said(fields, "status", "connectorStatus") or "",
        _error(fields) or "",
        _labelled("vendor", _said(fields, "vendorErrorCode")),
        _said(fields, "info") or "",
    )


def _start(fields: Mapping[str, Any]) -> str:
    return _join(_labelled("tag", _token(fields)), _labelled("meter", _said(fields, "meterStart")))


def _stop(fields: Mapping[str, Any]) -> str:
    return _join(
        _labelled("tx", transaction(fields)),
        _labelled("reason", _said(fields, "reason")),
        _labelled("meter", _said(fields, "meterStop")),
    )


def _change(fields: Mapping[str, Any]) -> str:
    key = _said(fields, "key") or ""
    value = lenient.text(fields.get("value")) or ""
    return f"{key} = {MASK if is_secret(key, value) else value}"


def _keys(fields: Mapping[str, Any]) -> str:
    keys = fields.get("key")
    return ", ".join(str(one) for one in keys[:10]) if isinstance(keys, list) and keys else "all keys"


def _keys_told(fields: Mapping[str, Any]) -> str:
    told, unknown = fields.get("configurationKey"), fields.get("unknownKey")
    return _join(
        f"{len(told)} keys" if isinstance(told, list) else "",
        f"{len(unknown)} unknown" if isinstance(unknown, list) and unknown else "",
    )


def _variables(fields: Mapping[str, Any]) -> str:
    data = next((value for value in fields.values() if isinstance(value, list)), [])
    names = [
        f"{_said(lenient.obj(one.get('component')), 'name')}/{_said(lenient.obj(one.get('variable')), 'name')}"
        for one in lenient.items(data)
    ]
    return _join(", ".join(names[:3]), f"and {len(names) - 3} more" if len(names) > 3 else "")


def _variables_told(fields: Mapping[str, Any]) -> str:
    data = next((value for value in fields.values() if isinstance(value, list)), [])
    told = [_said(one, "attributeStatus") or "?" for one in lenient.items(data)]
    return ", ".join(f"{told.count(one)} {one}" for one in dict.fromkeys(told))


def _trigger(fields: Mapping[str, Any]) -> str:
    return _said(fields, "requestedMessage") or ""


def _told_events(fields: Mapping[str, Any]) -> Meaning:
    """NotifyEvent: what says that something is wrong before all else."""
    told = sorted(lenient.items(fields.get("eventData")), key=lambda one: not components.tells_fault(one))
    if not told:
        return Meaning()
    first = told[0]
    component = lenient.obj(first.get("component"))
    variable = _said(lenient.obj(first.get("variable")), "name") or ""
    value = lenient.text(first.get("actualValue")) or ""
    what = _join(
        f"{_said(component, 'name') or ''}/{variable} = {MASK if is_secret(variable, value) else value}",
        "cleared" if first.get("cleared") is True else "",
        f"and {len(told) - 1} more" if len(told) > 1 else "",
        _said(first, "techCode") or "",
        _said(first, "techInfo") or "",
    )
    return Meaning(safe(what, _LONGEST), safe(_place(component), 8), faulted=components.tells_fault(first))


def _report(fields: Mapping[str, Any]) -> str:
    data = fields.get("reportData")
    return f"part {lenient.text(fields.get('seqNo'))}  {len(data) if isinstance(data, list) else 0} variables"


_REQUESTS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "BootNotification": _boot,
    "StatusNotification": _status_said,
    "StartTransaction": _start,
    "StopTransaction": _stop,
    "RemoteStopTransaction": _stop,
    "RequestStopTransaction": _stop,
    "Authorize": lambda fields: _labelled("tag", _token(fields)),
    "RemoteStartTransaction": lambda fields: _labelled("tag", _token(fields)),
    "RequestStartTransaction": lambda fields: _labelled("tag", _token(fields)),
    "Heartbeat": lambda fields: "",
    "ChangeConfiguration": _change,
    "GetConfiguration": _keys,
    "GetVariables": _variables,
    "SetVariables": _variables,
    "TriggerMessage": _trigger,
    "ExtendedTriggerMessage": _trigger,
    "FirmwareStatusNotification": lambda fields: _said(fields, "status") or "",
    "DiagnosticsStatusNotification": lambda fields: _said(fields, "status") or "",
    "LogStatusNotification": lambda fields: _said(fields, "status") or "",
    "SecurityEventNotification": lambda fields: _join(
        _said(fields, "type") or "", _said(fields, "techInfo") or ""
    ),
    "NotifyReport": _report,
}
_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "BootNotification": lambda fields: _labelled("interval", _said(fields, "interval")),
    "Heartbeat": lambda fields: "",
    "GetConfiguration": _keys_told,
    "GetVariables": _variables_told,
    "SetVariables": _variables_told,
}
