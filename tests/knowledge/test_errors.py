from __future__ import annotations

import re

import pytest

from techtool.knowledge import explain_error
from techtool.knowledge.errors import FAULTS, Kind, explanations
from tests.knowledge.enums import enums_of


def _codes(kind: Kind, protocol: str) -> set[str]:
    return {
        code
        for row in explanations()
        if row.kind is kind and row.holds_for(protocol)
        for code in row.code.split("|")
    }


@pytest.mark.parametrize(
    ("protocol", "action", "answer", "field", "kind"),
    [
        ("ocpp1.6", "StatusNotification", False, "errorCode", Kind.ERROR),
        ("ocpp1.6", "StatusNotification", False, "status", Kind.STATE),
        ("ocpp1.6", "StopTransaction", False, "reason", Kind.STOP),
        ("ocpp1.6", "Authorize", True, "status", Kind.AUTHORIZATION),
        *(
            (protocol, action, answer, field, kind)
            for protocol in ("ocpp2.0.1", "ocpp2.1")
            for action, answer, field, kind in (
                ("TransactionEvent", False, "ReasonEnumType", Kind.STOP),
                ("TransactionEvent", False, "ChargingStateEnumType", Kind.CHARGING_STATE),
                ("StatusNotification", False, "ConnectorStatusEnumType", Kind.STATE),
                ("Authorize", True, "AuthorizationStatusEnumType", Kind.AUTHORIZATION),
            )
        ),
    ],
)
def test_the_file_has_what_the_schemas_have(
    protocol: str, action: str, answer: bool, field: str, kind: Kind
) -> None:
    assert enums_of(protocol, action, answer=answer)[field] == _codes(kind, protocol)


def test_every_row_says_something() -> None:
    assert len(explanations()) > 200
    for row in explanations():
        assert row.code and row.meaning and row.versions
        assert set(row.versions) <= {"1.6", "2.0.1", "2.1"}


FOR_PROGRAMS = re.compile(
    r"^(Show|Treat|Accept|Sort|Tool|Compare with|First:|-$)"
    r"|\b(library|ocpp package|as above|as 1\.6|flows\.md|sources\.md)\b"
)
"""What somebody wrote down for who writes techtool, not for who stands at a charger."""


def test_every_row_speaks_to_a_technician() -> None:
    for row in explanations():
        for text in (row.meaning, row.causes, row.check, row.source):
            assert not FOR_PROGRAMS.search(text), row
    for note in ("Show with additionalInfo", "First: door", "-", "see flows.md", "as 1.6"):
        assert FOR_PROGRAMS.search(note)


def test_looking_up() -> None:
    found = explain_error("ocpp1.6", "groundfailure")
    assert found is not None and found.kind is Kind.ERROR and "PE" in found.check
    vendor = explain_error("ocpp2.0.1", "CX002", FAULTS)
    assert vendor is not None and vendor.kind is Kind.VENDOR
    assert explain_error("ocpp2.0.1", "GroundFailure") is None
    assert explain_error("ocpp1.6", "InternalError", (Kind.RPC,)) != explain_error("ocpp1.6", "InternalError")
    assert explain_error("ocpp1.6", "") is None
    assert explain_error("ocpp9", "GroundFailure") is None
    assert explain_error("ocpp2.1", "RCD", FAULTS) is not None
    for level in ("ChargingStation", "EVSE", "Connector"):
        assert explain_error("ocpp2.1", level, FAULTS) is not None
    assert explain_error("ocpp1.6", "Error", FAULTS) is not None, "what GreenUp sends"
