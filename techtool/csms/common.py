"""Messages that are the same in all versions of OCPP."""

from __future__ import annotations

import json
import re
from typing import Any

from techtool.csms import lenient
from techtool.csms.hearing import Hearing
from techtool.csms.timestamps import render
from techtool.csms.version import Desk, Payload
from techtool.station.changes import BootAnswered, FirmwareSaid, LogSaid
from techtool.station.findings import Code, Severity
from techtool.text import safe

_FAILED = re.compile("fail|invalid|reject|revoked|denied|error|badmessage|notsupported", re.IGNORECASE)
"""In a status of an update or an upload: it will not come to a good end."""


def answer_heartbeat(request: Any, desk: Desk) -> Payload:
    """The laptop's clock."""
    return {"currentTime": render(desk.now)}


def boot_answered(request: Payload, answer: Payload, hearing: Hearing) -> None:
    """The charger has been told its status, its interval and the time."""
    hearing.memory.clock.trust()
    hearing.say(BootAnswered(lenient.text(answer.get("status")) or "", lenient.integer(answer.get("interval"))))


def heartbeat(request: Payload, hearing: Hearing) -> None:
    """A sign of life."""
    hearing.beat()


def heartbeat_answered(request: Payload, answer: Payload, hearing: Hearing) -> None:
    """The charger has been told the time."""
    hearing.memory.clock.trust()


def nowhere(request: Payload, names: tuple[str, ...], status: str | None, hearing: Hearing) -> None:
    """A status for a place that cannot be: it is told, and no connector is made up for it."""
    where = ", ".join(f"{name} {_shown(request[name])}" for name in names if name in request)
    hearing.find(
        Code.ODD_PLACE,
        f"It says {status or 'nothing'} of {where or 'no connector'}: no connector has that number.",
        subject=where,
        severity=Severity.FAULT if status == "Faulted" else Severity.WARNING,
    )


def _shown(value: Any) -> str:
    return type(value).__name__ if isinstance(value, dict | list) else safe(json.dumps(value), 40)


def firmware(request: Payload, hearing: Hearing) -> None:
    """How a firmware update goes."""
    status, number = lenient.text(request.get("status")) or "", lenient.integer(request.get("requestId"))
    hearing.say(FirmwareSaid(status, number))
    if _FAILED.search(status):
        _failed(Code.UPDATE_FAILED, "The firmware update failed", status, number, request, hearing)


def log(request: Payload, hearing: Hearing) -> None:
    """How a log upload goes."""
    status, number = lenient.text(request.get("status")) or "", lenient.integer(request.get("requestId"))
    hearing.say(LogSaid(status, number))
    if _FAILED.search(status):
        _failed(Code.UPLOAD_FAILED, "The log upload failed", status, number, request, hearing)


def _failed(code: Code, what: str, status: str, number: int | None, request: Payload, hearing: Hearing) -> None:
    info = lenient.obj(request.get("statusInfo"))
    why = [lenient.text(info.get("reasonCode")), lenient.text(info.get("additionalInfo"))]
    more = "".join(f", {one[:100]}" for one in why if one)
    asked = f" (request {number})" if number is not None else ""
    hearing.find(code, f"{what}: {status[:60]}{more}{asked}.", status, Severity.FAULT)


def security_event(request: Payload, hearing: Hearing) -> None:
    """A SecurityEventNotification, the same in all versions."""
    hearing.when(request.get("timestamp"), live=False)
    kind = lenient.text(request.get("type")) or "unnamed"
    info = lenient.text(request.get("techInfo"))
    hearing.find(
        Code.SECURITY_EVENT,
        f"Security event {kind}{': ' + info[:200] if info else ''}.",
        subject=kind,
        severity=Severity.INFO,
    )
