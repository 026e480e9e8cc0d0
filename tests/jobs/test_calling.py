from __future__ import annotations

from typing import Any

import pytest

from techtool.csms.dialogue import Ended, Ending
from techtool.csms.frames import Call, CallError, CallResult
from techtool.jobs.calling import CallRefusedError, judge, prepare
from techtool.station.outcomes import Verdict
from tests.csms.test_schemas import unreadable


def answered(action: str, payload: Any) -> Verdict:
    return judge(Ended(Call("1", action, {}), Ending.ANSWERED, CallResult("1", payload), 0.1, True)).verdict


@pytest.mark.parametrize(
    ("action", "payload", "verdict"),
    [
        ("GetConfiguration", {"configurationKey": []}, Verdict.PROVED),
        ("GetVariables", {"getVariableResult": [{"attributeStatus": "Accepted"}]}, Verdict.PROVED),
        ("GetVariables", {"getVariableResult": [{"attributeStatus": "UnknownVariable"}]}, Verdict.REFUSED),
        ("GetInstalledCertificateIds", {"status": "NotFound"}, Verdict.PROVED),
        ("GetCompositeSchedule", {"status": "Rejected"}, Verdict.REFUSED),
        # a report or an upload comes only later: accepted is not done
        ("GetLog", {"status": "Accepted", "filename": "x"}, Verdict.ACCEPTED),
        ("GetBaseReport", {"status": "Accepted"}, Verdict.ACCEPTED),
        ("GetDiagnostics", {"fileName": "x"}, Verdict.ACCEPTED),
        ("Reset", {"status": "Accepted"}, Verdict.ACCEPTED),
        ("Reset", {"status": "Rejected"}, Verdict.REFUSED),
        ("ChangeConfiguration", {"status": "RebootRequired"}, Verdict.ACCEPTED),
        ("SetVariables", {"setVariableResult": [{"attributeStatus": "Rejected"}] * 2}, Verdict.REFUSED),
        (
            "SetVariables",
            {"setVariableResult": [{"attributeStatus": "Accepted"}, {"attributeStatus": "Rejected"}]},
            Verdict.CONTRADICTED,
        ),
        ("UnlockConnector", {"status": "UnlockFailed"}, Verdict.REFUSED),
        ("Reset", {"status": []}, Verdict.ACCEPTED),
        ("Reset", [], Verdict.ACCEPTED),
    ],
)
def test_answers_are_judged_by_what_they_promise(action: str, payload: Any, verdict: Verdict) -> None:
    assert answered(action, payload) is verdict


def test_an_error_is_a_refusal_with_its_words() -> None:
    error = CallError("1", "NotSupported", "no such thing", {})
    outcome = judge(Ended(Call("1", "Reset", {}), Ending.ERROR, error, 0.1, True))
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.text == "Reset was answered with the error NotSupported: no such thing"


@pytest.mark.parametrize(
    ("action", "payload", "said"),
    [
        ("Resett", {}, "ocpp1.6 knows no message Resett"),
        ("reset", {}, "Did you mean Reset?"),
        ("BootNotification", {}, "is sent by chargers, not to them"),
        ("Reset", {}, "lacks type"),
        ("Reset", {"type": float("inf")}, "cannot be written as JSON"),
    ],
)
def test_what_is_wrong_does_not_go_out(action: str, payload: Any, said: str) -> None:
    with pytest.raises(CallRefusedError, match=said):
        prepare("ocpp1.6", action, payload)


def test_force_sends_it_and_fields_stand_in_the_schemas_order() -> None:
    assert prepare("ocpp1.6", "Resett", {"a": 1}, force=True) == {"a": 1}
    ready = prepare("ocpp1.6", "ChangeConfiguration", {"value": "1", "key": "HeartbeatInterval"})
    assert list(ready) == ["key", "value"]


def test_while_schemas_cannot_be_read_a_call_goes_out_as_it_is() -> None:
    given = {"value": "1", "key": "HeartbeatInterval"}
    with unreadable():
        assert prepare("ocpp1.6", "ChangeConfiguration", given) == given
        with pytest.raises(CallRefusedError, match="is sent by chargers"):
            prepare("ocpp1.6", "BootNotification", {})
