"""What a 1.6 charger answers; the bench judges every answer against the schema."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techtool.simulator.answers16 import ANSWERS
from techtool.simulator.carrying import Moved
from tests.simulator.bench import Bench

LATER = "2025-11-24T16:00:10Z"


def profile(purpose: str = "TxDefaultProfile", limit: float = 8, **changes: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
    } | changes


def test_all_keys_come_with_the_standard_ones_among_them() -> None:
    answer = Bench(connectors=3).call("GetConfiguration")
    values = {row["key"]: row.get("value") for row in answer["configurationKey"]}
    assert values["NumberOfConnectors"] == "3"
    assert values["ConnectorPhaseRotation"] == "0.RST,1.RST,2.RST,3.RST"
    assert values["AuthorizationKey"] is None, "can be written, not read"
    assert len(values) >= 45
    assert len(Bench(variables=500).call("GetConfiguration")["configurationKey"]) >= 545


def test_named_keys() -> None:
    answer = Bench().call("GetConfiguration", {"key": ["heartbeatinterval", "Nonsense"]})
    assert [row["key"] for row in answer["configurationKey"]] == ["HeartbeatInterval"]
    assert answer["unknownKey"] == ["Nonsense"]


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("HeartbeatInterval", "60", "Accepted"),
        ("HeartbeatInterval", "abc", "Rejected"),
        ("HeartbeatInterval", "0", "Rejected"),
        ("HeartbeatInterval", "٣", "Rejected"),
        ("LocalPreAuthorize", "True", "Accepted"),
        ("LocalPreAuthorize", "yes", "Rejected"),
        ("LocalPreAuthorize", "true", "Accepted"),
        ("NumberOfConnectors", "5", "Rejected"),
        ("Nonsense", "5", "NotSupported"),
        ("MeterValuesSampledData", "Voltage.L1-N,SoC", "Accepted"),
        ("MeterValuesSampledData", "Voltage,RPM", "Rejected"),
        ("MeterValuesSampledData", "", "Accepted"),
        ("ConnectorPhaseRotation", "1.RST, 2.STR", "RebootRequired"),
        ("ConnectorPhaseRotation", "RST", "Rejected"),
        ("VendorLimitAmps", "10", "RebootRequired"),
        ("AuthorizationKey", "short", "Rejected"),
    ],
)
def test_writing(key: str, value: str, status: str) -> None:
    bench = Bench()
    assert bench.call("ChangeConfiguration", {"key": key, "value": value}) == {"status": status}
    if status in ("Accepted", "RebootRequired"):
        assert bench.call("GetConfiguration", {"key": [key]})["configurationKey"][0]["value"] == value


def test_measurands_and_interval_count_at_once() -> None:
    bench = Bench()
    bench.line("plug 1", "tap 04A1 1")
    bench.call("ChangeConfiguration", {"key": "MeterValuesSampledData", "value": "Voltage.L1-N,Current.Offered"})
    bench.call("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "5"})
    bench.wait(10)
    values = bench.all("MeterValues")
    assert len(values) == 2
    assert [one["measurand"] for one in values[0]["meterValue"][0]["sampledValue"]] == [
        "Voltage",
        "Current.Offered",
    ]
    bench.call("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "0"})
    bench.wait(100)
    assert len(bench.all("MeterValues")) == 2


def test_a_new_key_is_used_on_the_next_connection() -> None:
    bench = Bench(password="0123456789abcdef")
    bench.forget()
    bench.call("ChangeConfiguration", {"key": "AuthorizationKey", "value": "fedcba9876543210ffff"})
    bench.wait(2)
    assert len(bench.handshakes) == 1
    assert bench.handshakes[0] != Bench(password="0123456789abcdef").handshakes[0]


def test_triggers() -> None:
    bench = Bench()
    for wanted, count in (("StatusNotification", 3), ("MeterValues", 2), ("Heartbeat", 1), ("BootNotification", 1),
                          ("FirmwareStatusNotification", 1), ("DiagnosticsStatusNotification", 1)):  # fmt: skip
        bench.forget()
        assert bench.call("TriggerMessage", {"requestedMessage": wanted}) == {"status": "Accepted"}
        assert bench.actions() == [wanted] * count
    bench.forget()
    bench.call("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 2})
    assert [one["connectorId"] for one in bench.all("StatusNotification")] == [2]
    assert (
        bench.call("ExtendedTriggerMessage", {"requestedMessage": "LogStatusNotification"})["status"] == "Accepted"
    )
    assert bench.call("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}) == {
        "status": "NotImplemented"
    }


def test_unlock_ends_the_transaction() -> None:
    bench = Bench()
    bench.line("plug 1", "tap 04A1 1")
    assert bench.call("UnlockConnector", {"connectorId": 1}) == {"status": "Unlocked"}
    assert bench.all("StopTransaction")[0]["reason"] == "UnlockCommand"
    assert bench.call("UnlockConnector", {"connectorId": 7}) == {"status": "NotSupported"}


def test_the_local_list() -> None:
    bench = Bench()
    assert bench.call("GetLocalListVersion") == {"listVersion": 0}
    entry = {"idTag": "LOCAL", "idTagInfo": {"status": "Accepted"}}
    sent = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [entry]}
    assert bench.call("SendLocalList", sent) == {"status": "Accepted"}
    assert bench.call("GetLocalListVersion") == {"listVersion": 3}
    stale = {"listVersion": 2, "updateType": "Differential", "localAuthorizationList": [{"idTag": "LOCAL"}]}
    assert bench.call("SendLocalList", stale) == {"status": "VersionMismatch"}
    bench.call("ChangeConfiguration", {"key": "LocalPreAuthorize", "value": "true"})
    bench.line("plug 1", "tap local 1")
    assert bench.all("StartTransaction")
    assert not bench.all("Authorize")
    bench.call("ChangeConfiguration", {"key": "LocalAuthListEnabled", "value": "false"})
    assert bench.call("GetLocalListVersion") == {"listVersion": -1}


def test_offline_cards() -> None:
    bench = Bench()
    bench.call("ChangeConfiguration", {"key": "AllowOfflineTxForUnknownId", "value": "false"})
    bench.line("plug 1", "tap KNOWN 1", "tap KNOWN 1", "offline", "tap NEW 1", "tap KNOWN 1", "online")
    assert [one["idTag"] for one in bench.all("StartTransaction")] == ["KNOWN", "KNOWN"]
    assert bench.call("ClearCache") == {"status": "Accepted"}
    bench.line("tap KNOWN 1", "offline", "tap KNOWN 1")
    assert bench.reports("state")[-1] == "card KNOWN: Invalid"


def test_a_profile_limits_the_current() -> None:
    bench = Bench(meter_interval=10)
    bench.line("plug 1", "tap 04A1 1")
    wanted = {"connectorId": 1, "csChargingProfiles": profile(limit=8)}
    assert bench.call("SetChargingProfile", wanted) == {"status": "Accepted"}
    assert bench.call("GetCompositeSchedule", {"connectorId": 1, "duration": 60})["chargingSchedule"] == {
        "duration": 60,
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}],
    }
    bench.wait(10)
    currents = [
        float(one["value"])
        for one in bench.all("MeterValues")[-1]["meterValue"][0]["sampledValue"]
        if one["measurand"] == "Current.Import"
    ]
    assert len(currents) == 3
    assert all(7 < amps <= 8 for amps in currents)
    assert bench.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile(limit=0)})
    bench.wait(1)
    assert bench.statuses(1)[-1] == "SuspendedEVSE"
    assert bench.call("ClearChargingProfile", {"id": 1}) == {"status": "Accepted"}
    assert bench.call("ClearChargingProfile", {"id": 1}) == {"status": "Unknown"}
    bench.wait(1)
    assert bench.statuses(1)[-1] == "Charging"


def test_profiles_that_cannot_be() -> None:
    bench = Bench()

    def answer(connector: int, wanted: dict[str, Any]) -> Any:
        return bench.call("SetChargingProfile", {"connectorId": connector, "csChargingProfiles": wanted})

    assert answer(1, profile("TxProfile")) == {"status": "Rejected"}
    assert answer(1, profile("ChargePointMaxProfile")) == {"status": "Rejected"}
    assert answer(1, profile(stackLevel=99)) == {"status": "Rejected"}
    assert answer(9, profile())[0] == "PropertyConstraintViolation"
    assert answer(0, profile("ChargePointMaxProfile")) == {"status": "Accepted"}
    schedule = bench.call("GetCompositeSchedule", {"connectorId": 0, "duration": 60, "chargingRateUnit": "W"})
    assert schedule["chargingSchedule"]["chargingSchedulePeriod"] == [{"startPeriod": 0, "limit": 5520}]
    assert bench.call("GetCompositeSchedule", {"connectorId": 9, "duration": 60}) == {"status": "Rejected"}


def test_a_remote_start_may_bring_a_profile() -> None:
    bench = Bench()
    bench.line("plug 1")
    asked = {"idTag": "R", "connectorId": 1, "chargingProfile": profile("TxProfile", 7)}
    assert bench.call("RemoteStartTransaction", asked) == {"status": "Accepted"}
    schedule = bench.call("GetCompositeSchedule", {"connectorId": 1, "duration": 5})["chargingSchedule"]
    assert schedule["chargingSchedulePeriod"][0]["limit"] == 7


def test_firmware_is_installed_by_the_step_and_the_charger_boots_with_it() -> None:
    bench = Bench()
    asked = {"location": "http://10.0.0.1/sim-1.5.0.bin", "retrieveDate": LATER}
    assert bench.call("UpdateFirmware", asked) == {}
    bench.wait(60)
    said = [one["status"] for one in bench.all("FirmwareStatusNotification")]
    assert said == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert [one["firmwareVersion"] for one in bench.all("BootNotification")] == ["1.4.2", "1.5.0"]
    bench.moves = Moved(why="no such server")
    bench.call("UpdateFirmware", {"location": "http://10.0.0.1/x.bin", "retrieveDate": LATER})
    bench.wait(60)
    assert bench.all("FirmwareStatusNotification")[-1] == {"status": "DownloadFailed"}


def test_logs() -> None:
    bench = Bench()
    assert bench.call("GetDiagnostics", {"location": "http://10.0.0.1/up"})["fileName"].endswith(".log")
    bench.wait(10)
    assert [one["status"] for one in bench.all("DiagnosticsStatusNotification")] == ["Uploading", "Uploaded"]
    bench.moves = Moved(why="no such server")
    log = {"logType": "SecurityLog", "requestId": 5, "log": {"remoteLocation": "nowhere"}}
    assert bench.call("GetLog", log)["status"] == "Accepted"
    bench.wait(10)
    assert bench.all("LogStatusNotification")[-1] == {"status": "UploadFailure", "requestId": 5}


def test_data_transfer() -> None:
    assert Bench().call("DataTransfer", {"vendorId": "somebody"}) == {"status": "UnknownVendorId"}


def test_missing_and_wrong_fields() -> None:
    bench = Bench()
    assert bench.call("ChangeConfiguration", {"key": "HeartbeatInterval"})[0] == "OccurenceConstraintViolation"
    assert bench.call("RemoteStopTransaction", {"transactionId": "1"})[0] == "TypeConstraintViolation"
    assert bench.call("Reset", {"type": "Gentle"})[0] == "PropertyConstraintViolation"


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 10**6), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)
FIELDS = (
    "connectorId",
    "idTag",
    "key",
    "value",
    "type",
    "requestedMessage",
    "csChargingProfiles",
    "log",
    "location",
    "localAuthorizationList",
    "listVersion",
    "updateType",
    "duration",
    "reservationId",
    "expiryDate",
    "retrieveDate",
    "chargingProfile",
    "transactionId",
    "vendorId",
    "requestId",
    "logType",
    "id",
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(ANSWERS)), st.dictionaries(st.sampled_from(FIELDS), anything))
def test_whatever_is_asked_gets_one_answer(action: str, payload: dict[str, Any]) -> None:
    bench = Bench()
    assert bench.call(action, payload) is not None
