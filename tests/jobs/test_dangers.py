from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.jobs.calling import CallRefusedError, prepare
from techtool.jobs.dangers import danger


def change(key: str, value: Any) -> dict[str, Any]:
    return {"key": key, "value": value}


def variables(*settings: tuple[str, str]) -> dict[str, Any]:
    data = [
        {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": name}, "attributeValue": value}
        for name, value in settings
    ]
    return {"setVariableData": data}


WRONG = ["abc", "", "0", "000", "-1", "+60", "60.0", "1e2", " 60", "60\n", "0x3c", "６０", "²"]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("key", ["HeartbeatInterval", "heartbeatinterval", "HEARTBEATINTERVAL"])
def test_an_interval_that_makes_chargers_flood_does_not_go_out(key: str, value: str) -> None:
    with pytest.raises(CallRefusedError, match=r"flood with Heartbeats\. --force sends it anyway\."):
        prepare("ocpp1.6", "ChangeConfiguration", change(key, value))
    for protocol in ("ocpp2.0.1", "ocpp2.1"):
        with pytest.raises(CallRefusedError, match="flood"):
            prepare(protocol, "SetVariables", variables(("Other", "1"), (key, value)))


@pytest.mark.parametrize("value", ["abc", "", "-1", "1.5"])
def test_a_ping_interval_is_a_number_too(value: str) -> None:
    with pytest.raises(CallRefusedError, match=r"WebSocketPingInterval .* is no whole number from 0 on"):
        prepare("ocpp1.6", "ChangeConfiguration", change("WebSocketPingInterval", value))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("SecurityProfile", "2", "can only be raised"),
        ("securityprofile", "1", "can only be raised"),
        ("CentralSystemURL", "ws://x/", "out of reach"),
        ("BackendHost", "10.0.0.1", "out of reach"),
        ("OCPP_Server_Address", "10.0.0.1", "out of reach"),
    ],
)
def test_what_may_put_a_charger_out_of_reach_wants_force(key: str, value: str, said: str) -> None:
    with pytest.raises(CallRefusedError, match=said):
        prepare("ocpp1.6", "ChangeConfiguration", change(key, value))
    with pytest.raises(CallRefusedError, match=said):
        prepare("ocpp2.0.1", "SetVariables", variables((key, value)))
    assert prepare("ocpp1.6", "ChangeConfiguration", change(key, value), force=True) == change(key, value)


@pytest.mark.parametrize(
    ("protocol", "action", "payload", "said"),
    [
        (
            "ocpp1.6",
            "UpdateFirmware",
            {"retrieveDate": "2026-01-01T00:00:00+02:00"},
            "retrieveDate 2026-01-01T00:00",
        ),
        ("ocpp1.6", "UpdateFirmware", {"retrieveDate": "2026-01-01T00:00:00.123456Z"}, "refused or misread"),
        ("ocpp1.6", "UpdateFirmware", {"retrieveDate": "2026-01-01T00:00:00Z", "retries": 0}, "leave it out"),
        ("ocpp1.6", "GetDiagnostics", {"startTime": "2026-01-01T00:00:00+01:00"}, "startTime 2026"),
        ("ocpp1.6", "RemoteStartTransaction", {"idTag": "A", "connectorId": 0}, "connectorId 0 is no place"),
        (
            "ocpp2.0.1",
            "GetLog",
            {
                "log": {"remoteLocation": "http://x", "oldestTimestamp": "2026-01-01T00:00:00+00:00"},
                "logType": "SecurityLog",
                "requestId": 1,
            },
            "oldestTimestamp 2026",
        ),
    ],
)
def test_what_chargers_misread_wants_force(protocol: str, action: str, payload: dict[str, Any], said: str) -> None:
    if protocol == "ocpp1.6" and action != "RemoteStartTransaction":
        payload = {"location": "http://x", **payload}
    with pytest.raises(CallRefusedError, match=re.escape(said)):
        prepare(protocol, action, payload)
    assert prepare(protocol, action, payload, force=True) == payload


def test_what_they_read_as_it_is_meant_goes_out() -> None:
    times = {"retrieveDate": "2026-01-01T00:00:00.123Z", "retries": 3}
    assert danger("UpdateFirmware", {"location": "ftp://x/2026-01-01T00:00:00", **times}) is None
    assert danger("ReserveNow", {"connectorId": 0, "idTag": "A"}) is None
    assert danger("DataTransfer", {"vendorId": "v", "data": "2026-01-01 at noon"}) is None


@pytest.mark.parametrize("action", ["InstallCertificate", "DeleteCertificate", "SetNetworkProfile"])
def test_messages_that_cannot_be_taken_back_want_force(action: str) -> None:
    assert danger(action, {}) is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("SecurityProfile", "0"),
        ("HeartbeatInterval", "1"),
        ("HeartbeatInterval", "86400"),
        ("WebSocketPingInterval", "0"),
        ("MeterValueSampleInterval", "abc"),
        ("AuthorizeRemoteTxRequests", "false"),
    ],
)
def test_everything_else_goes_out(key: str, value: str) -> None:
    assert prepare("ocpp1.6", "ChangeConfiguration", change(key, value)) == change(key, value)
    prepare("ocpp2.0.1", "SetVariables", variables((key, value)))


def test_force_sends_it() -> None:
    setting = change("HeartbeatInterval", "abc")
    assert prepare("ocpp1.6", "ChangeConfiguration", setting, force=True) == setting


def test_asking_for_it_is_no_danger() -> None:
    assert danger("GetConfiguration", {"key": ["HeartbeatInterval"]}) is None


@given(st.text())
def test_only_whole_numbers_from_1_on_are_an_interval(value: str) -> None:
    whole = value.isascii() and value.isdigit() and int(value) >= 1
    assert (danger("ChangeConfiguration", change("HeartbeatInterval", value)) is None) == whole
    assert (danger("SetVariables", variables(("HeartbeatInterval", value))) is None) == whole


@given(st.integers(min_value=1))
def test_every_whole_number_from_1_on_is_an_interval(value: int) -> None:
    assert danger("ChangeConfiguration", change("HeartbeatInterval", str(value))) is None


@given(
    st.sampled_from(["ChangeConfiguration", "SetVariables", "Reset"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("HeartbeatInterval"),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["key", "value", "setVariableData", "variable", "name", "attributeValue"]), inner
            )
        ),
    ),
)
def test_any_payload(action: str, payload: Any) -> None:
    danger(action, payload)
