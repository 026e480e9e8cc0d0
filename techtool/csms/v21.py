"""OCPP 2.1: what 2.0.1 has, and what it adds.

Source: JSON schemas of the ``ocpp`` package; OCPP 2.1 part 4 for SEND.
"""

from __future__ import annotations

from typing import Any

from techtool.csms import lenient, notices, schemas, v201
from techtool.csms.timestamps import render
from techtool.csms.version import Desk, Payload, UnanswerableError, Version, fixed, nothing

_STATUSES_AT_MOST = 4
"""Items that GetCertificateChainStatus may ask for."""


def _answer_vat_number(request: Any, desk: Desk) -> Payload:
    number = lenient.text(lenient.obj(request).get("vatNumber")) or ""
    # Validation needs the tax office, which the laptop does not reach.
    return {"vatNumber": number[:20], "status": "Rejected"}


def _answer_chain_status(request: Any, desk: Desk) -> Payload:
    request = lenient.obj(request)
    asked = lenient.items(request.get("certificateStatusRequests"))[:_STATUSES_AT_MOST]
    answer = {
        "certificateStatus": [
            {
                "certificateHashData": lenient.obj(one.get("certificateHashData")),
                "source": lenient.text(one.get("source")) or "OCSP",
                "status": "Unknown",
                "nextUpdate": render(desk.now),
            }
            for one in asked
        ]
    }
    if schemas.violations("ocpp2.1", "GetCertificateChainStatus", answer, answer=True):
        raise UnanswerableError("no certificate is named that could be answered for")
    return answer


V21 = Version(
    protocol="ocpp2.1",
    unreadable_code="FormatViolation",
    answers={
        **v201.ANSWERS,
        "BatterySwap": nothing,
        "ClosePeriodicEventStream": nothing,
        "GetCertificateChainStatus": _answer_chain_status,
        "NotifyDERAlarm": nothing,
        "NotifyDERStartStop": nothing,
        "NotifyPeriodicEventStream": nothing,  # is a SEND, but who sends it as a CALL waits for its answer
        "NotifyPriorityCharging": nothing,
        "NotifySettlement": nothing,
        "NotifyWebPaymentStarted": nothing,
        "OpenPeriodicEventStream": fixed(status="Accepted"),
        "PullDynamicScheduleUpdate": fixed(status="Rejected"),  # the laptop keeps no dynamic schedule
        "ReportDERControl": nothing,
        "VatNumberValidation": _answer_vat_number,
    },
    said={**v201.SAID, **notices.SAID_21},
    answered=v201.ANSWERED,
    unsolicited=notices.UNSOLICITED,
)
