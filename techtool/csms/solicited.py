"""Which message a charger sends because it was asked for it. Pure.

Sources: OCPP 1.6 section 5.17, security whitepaper section 4.4; OCPP 2.0.1 F06, B07, N02, N09, N01.
"""

from __future__ import annotations

from typing import Any

from techtool.csms import lenient
from techtool.csms.frames import Call

TRIGGERS = ("TriggerMessage", "ExtendedTriggerMessage")
_REPORTS = {
    "GetBaseReport": "NotifyReport",
    "GetReport": "NotifyReport",
    "GetMonitoringReport": "NotifyMonitoringReport",
    "CustomerInformation": "NotifyCustomerInformation",
    "GetChargingProfiles": "ReportChargingProfiles",
    "GetDisplayMessages": "NotifyDisplayMessages",
    "GetLog": "LogStatusNotification",
    "GetDiagnostics": "DiagnosticsStatusNotification",
}


def asked_for(call: Call) -> str | None:
    """The message that a call of the laptop asks for."""
    if call.action in TRIGGERS:
        wanted = lenient.text(lenient.obj(call.payload).get("requestedMessage"))
        if wanted is not None and wanted.startswith("Sign") and wanted.endswith("Certificate"):
            return "SignCertificate"  # SignChargePointCertificate, SignV2GCertificate, ...
        return wanted
    return _REPORTS.get(call.action)


def is_last(payload: Any) -> bool:
    """No more parts of the same report follow."""
    return lenient.obj(payload).get("tbc") is not True
