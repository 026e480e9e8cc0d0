"""What a 2.x charging station answers; the bench judges every answer against the schema."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techtool.simulator.answers2 import ANSWERS
from tests.simulator.bench import Bench
from tests.simulator.test_answers16 import anything

both = pytest.mark.parametrize("version", ["2.0.1", "2.1"])
TOKEN = {"idToken": "CARD", "type": "ISO14443"}


def at(component: str, variable: str, instance: str | None = None, evse: int | None = None) -> dict[str, Any]:
    where: dict[str, Any] = {"name": component}
    if evse is not None:
        where["evse"] = {"id": evse}
    name: dict[str, Any] = {"name": variable}
    if instance is not None:
        name["instance"] = instance
    return {"component": where, "variable": name}


def got(bench: Bench, *items: dict[str, Any]) -> list[tuple[str, str | None]]:
    answer = bench.call("GetVariables", {"getVariableData": list(items)})
    return [(one["attributeStatus"], one.get("attributeValue")) for one in answer["getVariableResult"]]


def put(bench: Bench, item: dict[str, Any], value: str) -> str:
    answer = bench.call("SetVariables", {"setVariableData": [item | {"attributeValue": value}]})
    return str(answer["setVariableResult"][0]["attributeStatus"])


def profile(purpose: str = "TxDefaultProfile", limit: float = 8, **changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": [
            {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
        ],
    } | changes


@both
def test_reading(version: str) -> None:
    bench = Bench(version, password="a-password-of-its-own")
    assert got(
        bench,
        at("OCPPCommCtrlr", "HeartbeatInterval"),
        at("ocppcommctrlr", "MessageTimeout", "Default"),
        at("OCPPCommCtrlr", "Nonsense"),
        at("Nonsense", "Nonsense"),
        at("SecurityCtrlr", "BasicAuthPassword"),
        at("EVSE", "AvailabilityState", evse=2),
        at("EVSE", "AvailabilityState", evse=9),
        at("OCPPCommCtrlr", "HeartbeatInterval") | {"attributeType": "Target"},
    ) == [
        ("Accepted", "300"),
        ("Accepted", "30"),
        ("UnknownVariable", None),
        ("UnknownComponent", None),
        ("Rejected", None),
        ("Accepted", "Available"),
        ("UnknownComponent", None),
        ("NotSupportedAttributeType", None),
    ]


@both
@pytest.mark.parametrize(
    ("component", "variable", "value", "status"),
    [
        ("OCPPCommCtrlr", "HeartbeatInterval", "60", "Accepted"),
        ("OCPPCommCtrlr", "HeartbeatInterval", "abc", "Rejected"),
        ("OCPPCommCtrlr", "HeartbeatInterval", "0", "Rejected"),
        ("AuthCtrlr", "LocalPreAuthorize", "TRUE", "Rejected"),
        ("AuthCtrlr", "LocalPreAuthorize", "true", "Accepted"),
        ("ChargingStation", "Model", "Other", "Rejected"),
        ("SampledDataCtrlr", "TxUpdatedMeasurands", "Voltage,SoC", "Accepted"),
        ("SampledDataCtrlr", "TxUpdatedMeasurands", "Voltage,RPM", "Rejected"),
        ("SampledDataCtrlr", "TxUpdatedMeasurands", "SoC,SoC", "Rejected"),
        ("OCPPCommCtrlr", "NetworkConfigurationPriority", "2,1", "RebootRequired"),
        ("SmartChargingCtrlr", "LimitChangeSignificance", "2.5", "Accepted"),
        ("SmartChargingCtrlr", "LimitChangeSignificance", "2,5", "Rejected"),
        ("SecurityCtrlr", "BasicAuthPassword", "short", "Rejected"),
        ("Nonsense", "X", "1", "UnknownComponent"),
    ],
)
def test_writing(version: str, component: str, variable: str, value: str, status: str) -> None:
    bench = Bench(version)
    assert put(bench, at(component, variable), value) == status
    if status in ("Accepted", "RebootRequired"):
        assert got(bench, at(component, variable)) == [("Accepted", value)]


@both
def test_intervals_count_at_once(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 1", "tap 04A1 1")
    put(bench, at("SampledDataCtrlr", "TxUpdatedInterval"), "5")
    put(bench, at("OCPPCommCtrlr", "HeartbeatInterval"), "7")
    bench.wait(21)
    assert len([one for one in bench.events() if one["triggerReason"] == "MeterValuePeriodic"]) == 4
    assert len(bench.all("Heartbeat")) == 3


@both
def test_a_new_password_is_used_on_the_next_connection(version: str) -> None:
    bench = Bench(version)
    bench.forget()
    put(bench, at("SecurityCtrlr", "BasicAuthPassword"), "a-password-of-its-own")
    bench.wait(2)
    assert dict(bench.handshakes[0].headers)["Authorization"].startswith("Basic ")


@both
def test_a_full_report_comes_page_by_page(version: str) -> None:
    bench = Bench(version, variables=2000)
    assert bench.call("GetBaseReport", {"requestId": 7, "reportBase": "FullInventory"}) == {"status": "Accepted"}
    pages = bench.all("NotifyReport")
    assert [one["seqNo"] for one in pages] == list(range(len(pages)))
    assert [one["tbc"] for one in pages] == [True] * (len(pages) - 1) + [False]
    rows = [row for one in pages for row in one["reportData"]]
    assert len(rows) > 2090
    assert len({str((row["component"], row["variable"])) for row in rows}) == len(rows)
    assert all(one["requestId"] == 7 and 0 < len(one["reportData"]) <= 50 for one in pages)


@both
def test_other_reports(version: str) -> None:
    bench = Bench(version)
    bench.call("GetBaseReport", {"requestId": 1, "reportBase": "ConfigurationInventory"})
    rows = [row for one in bench.all("NotifyReport") for row in one["reportData"]]
    assert {row["variableAttribute"][0]["mutability"] for row in rows} == {"ReadWrite", "WriteOnly"}
    assert all(
        ("value" in row["variableAttribute"][0]) != (row["variable"]["name"] == "BasicAuthPassword")
        for row in rows
    )
    bench.forget()
    bench.call("GetBaseReport", {"requestId": 2, "reportBase": "SummaryInventory"})
    assert 5 < len(bench.all("NotifyReport")[0]["reportData"]) < 30
    bench.forget()
    wanted = {"component": {"name": "TxCtrlr"}}
    assert bench.call("GetReport", {"requestId": 3, "componentVariable": [wanted]}) == {"status": "Accepted"}
    assert len(bench.all("NotifyReport")[0]["reportData"]) == 5
    nothing = {"requestId": 4, "componentVariable": [{"component": {"name": "Nonsense"}}]}
    assert bench.call("GetReport", nothing) == {"status": "EmptyResultSet"}
    assert bench.call("GetReport", {"requestId": 5, "componentCriteria": ["Problem"]}) == {
        "status": "NotSupported"
    }


@both
def test_triggers(version: str) -> None:
    bench = Bench(version)
    for wanted, count in (("StatusNotification", 2), ("MeterValues", 2), ("Heartbeat", 1), ("BootNotification", 1),
                          ("FirmwareStatusNotification", 1), ("LogStatusNotification", 1)):  # fmt: skip
        bench.forget()
        assert bench.call("TriggerMessage", {"requestedMessage": wanted}) == {"status": "Accepted"}
        assert bench.actions() == [wanted] * count
    assert bench.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})["status"] == "Rejected"
    bench.line("plug 1", "tap 04A1 1")
    bench.forget()
    assert (
        bench.call("TriggerMessage", {"requestedMessage": "TransactionEvent", "evse": {"id": 1}})["status"]
        == "Accepted"
    )
    assert bench.events()[0]["triggerReason"] == "Trigger"
    assert bench.call("TriggerMessage", {"requestedMessage": "SignV2GCertificate"}) == {"status": "NotImplemented"}
    missing = {"requestedMessage": "MeterValues", "evse": {"id": 9}}
    assert bench.call("TriggerMessage", missing)[0] == "PropertyConstraintViolation"


@both
def test_unlock(version: str) -> None:
    bench = Bench(version)
    assert bench.call("UnlockConnector", {"evseId": 1, "connectorId": 1}) == {"status": "Unlocked"}
    assert bench.call("UnlockConnector", {"evseId": 1, "connectorId": 2}) == {"status": "UnknownConnector"}
    bench.line("plug 1", "tap 04A1 1")
    assert bench.call("UnlockConnector", {"evseId": 1, "connectorId": 1}) == {
        "status": "OngoingAuthorizedTransaction"
    }


@both
def test_the_local_list_and_the_cache(version: str) -> None:
    bench = Bench(version)
    entry = {"idToken": TOKEN, "idTokenInfo": {"status": "Accepted", "groupIdToken": TOKEN}}
    sent = {"versionNumber": 3, "updateType": "Full", "localAuthorizationList": [entry]}
    assert bench.call("SendLocalList", sent) == {"status": "Accepted"}
    assert bench.call("GetLocalListVersion") == {"versionNumber": 3}
    assert got(bench, at("LocalAuthListCtrlr", "Entries")) == [("Accepted", "1")]
    put(bench, at("AuthCtrlr", "LocalPreAuthorize"), "true")
    bench.line("plug 1", "tap card 1")
    assert "Authorize" not in bench.actions()
    assert bench.events()
    assert bench.call("ClearCache") == {"status": "Accepted"}
    put(bench, at("AuthCacheCtrlr", "Enabled"), "false")
    assert bench.call("ClearCache")["status"] == "Rejected"


@both
def test_profiles(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 1", "tap 04A1 1")
    uid = bench.events()[0]["transactionInfo"]["transactionId"]
    wanted = profile("TxProfile", 7, transactionId=uid)
    assert bench.call("SetChargingProfile", {"evseId": 1, "chargingProfile": wanted}) == {"status": "Accepted"}
    schedule = bench.call("GetCompositeSchedule", {"evseId": 1, "duration": 60})["schedule"]
    assert schedule["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": 7}]
    bench.wait(10)
    sampled = bench.events()[-1]["meterValue"][0]["sampledValue"]
    assert all(6 < one["value"] <= 7 for one in sampled if one["measurand"] == "Current.Import")
    asked = {"requestId": 9, "chargingProfile": {"chargingProfilePurpose": "TxProfile"}}
    assert bench.call("GetChargingProfiles", asked) == {"status": "Accepted"}
    assert bench.all("ReportChargingProfiles")[0]["chargingProfile"] == [wanted]
    assert bench.call("ClearChargingProfile", {"chargingProfileId": 1}) == {"status": "Accepted"}
    assert bench.call("ClearChargingProfile", {"chargingProfileId": 1}) == {"status": "Unknown"}
    assert bench.call("GetChargingProfiles", asked) == {"status": "NoProfiles"}
    for evse, bad in ((1, profile("TxProfile", transactionId="x")), (9, profile()), (1, profile(stackLevel=99)),
                      (1, profile("ChargingStationMaxProfile"))):  # fmt: skip
        assert bench.call("SetChargingProfile", {"evseId": evse, "chargingProfile": bad})["status"] == "Rejected"


@both
def test_firmware_and_logs(version: str) -> None:
    bench = Bench(version)
    firmware = {"location": "https://10.0.0.1/sim_3.0.1.bin", "retrieveDateTime": "2025-11-24T16:00:00Z"}
    assert bench.call("UpdateFirmware", {"requestId": 4, "firmware": firmware}) == {"status": "Accepted"}
    bench.wait(60)
    said = bench.all("FirmwareStatusNotification")
    assert [one["status"] for one in said] == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert {one["requestId"] for one in said} == {4}
    boot = bench.all("BootNotification")[-1]
    assert (boot["reason"], boot["chargingStation"]["firmwareVersion"]) == ("FirmwareUpdate", "3.0.1")
    log = {"logType": "DiagnosticsLog", "requestId": 5, "log": {"remoteLocation": "http://10.0.0.1/"}}
    assert bench.call("GetLog", log)["status"] == "Accepted"
    bench.wait(10)
    assert [one["status"] for one in bench.all("LogStatusNotification")] == ["Uploading", "Uploaded"]


FIELDS = (
    "evse",
    "evseId",
    "connectorId",
    "idToken",
    "remoteStartId",
    "type",
    "requestedMessage",
    "chargingProfile",
    "log",
    "firmware",
    "localAuthorizationList",
    "versionNumber",
    "updateType",
    "duration",
    "reservationId",
    "expiryDateTime",
    "transactionId",
    "vendorId",
    "requestId",
    "logType",
    "id",
    "getVariableData",
    "setVariableData",
    "reportBase",
    "componentVariable",
    "operationalStatus",
    "chargingProfileCriteria",
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ANSWERS)), st.dictionaries(st.sampled_from(FIELDS), anything))
def test_whatever_is_asked_gets_one_answer(action: str, payload: dict[str, Any]) -> None:
    bench = Bench("2.1")
    assert bench.call(action, payload) is not None
