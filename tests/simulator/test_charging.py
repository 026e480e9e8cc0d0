"""Sessions: what a car, a card and the back office bring about, in all versions."""

from itertools import pairwise
from typing import Any

import pytest

from tests.simulator.bench import VERSIONS, Bench

every_version = pytest.mark.parametrize("version", VERSIONS)


def value(sampled: list[dict[str, Any]], measurand: str, phase: str | None = None) -> float:
    for one in sampled:
        if one["measurand"] == measurand and one.get("phase") == phase:
            return float(one["value"])
    raise AssertionError((measurand, phase, sampled))


def samples(bench: Bench) -> list[tuple[float, list[dict[str, Any]]]]:
    """Time and values of every periodic reading."""
    action = "MeterValues" if bench.version == "1.6" else "TransactionEvent"
    return [
        (one.at, meter["sampledValue"])
        for one in bench.heard
        if one.action == action
        for meter in one.payload.get("meterValue", [])
        if meter["sampledValue"][0]["context"] == "Sample.Periodic"
    ]


def test_a_session_of_1_6() -> None:
    bench = Bench("1.6")
    bench.session(600)
    assert bench.statuses(1) == ["Available", "Preparing", "Charging", "Finishing", "Available"]
    start, stop = bench.all("StartTransaction")[0], bench.all("StopTransaction")[0]
    assert start["idTag"] == stop["idTag"] == "04A1B2C3"
    assert stop["transactionId"] == 1
    assert stop["reason"] == "Local"
    assert {one["transactionId"] for one in bench.all("MeterValues")} == {1}
    order = [one for one in bench.actions() if one not in ("StatusNotification", "MeterValues", "Heartbeat")]
    assert order == ["BootNotification", "Authorize", "StartTransaction", "StopTransaction"]


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_a_session_of_2x(version: str) -> None:
    bench = Bench(version)
    bench.session(600)
    assert bench.statuses(1) == ["Available", "Occupied", "Available"]
    events = bench.events()
    assert [one["seqNo"] for one in events] == list(range(len(events)))
    assert [one["eventType"] for one in events] == ["Started", *["Updated"] * (len(events) - 2), "Ended"]
    assert events[0]["triggerReason"] == "Authorized"
    assert events[0]["idToken"] == {"idToken": "04A1B2C3", "type": "ISO14443"}
    assert events[1]["triggerReason"] == "ChargingStateChanged"
    assert events[1]["transactionInfo"]["chargingState"] == "Charging"
    assert events[-1]["triggerReason"] == "StopAuthorized"
    assert events[-1]["transactionInfo"]["stoppedReason"] == "Local"
    assert len({one["transactionInfo"]["transactionId"] for one in events}) == 1


@every_version
def test_power_is_the_sum_of_the_phases_and_energy_the_integral_of_power(version: str) -> None:
    bench = Bench(version, meter_interval=10)
    bench.session(600)
    taken = samples(bench)
    assert len(taken) >= 59
    for _, sampled in taken:
        parts = [
            value(sampled, "Voltage", f"L{k}-N") * value(sampled, "Current.Import", f"L{k}") for k in (1, 2, 3)
        ]
        power = value(sampled, "Power.Active.Import")
        assert power == pytest.approx(sum(parts), abs=0.2)
        assert power == pytest.approx(
            sum(value(sampled, "Power.Active.Import", f"L{k}") for k in (1, 2, 3)), abs=0.01
        )
        assert 220 < value(sampled, "Voltage", "L1-N") < 240
    energy = [value(sampled, "Energy.Active.Import.Register") for _, sampled in taken]
    assert energy == sorted(energy)
    powers = [value(sampled, "Power.Active.Import") for _, sampled in taken]
    integral = sum((a + b) / 2 * 10 / 3600 for a, b in pairwise(powers))
    assert energy[-1] - energy[0] == pytest.approx(integral, rel=0.01)
    assert energy[-1] - energy[0] == pytest.approx(11_000 * 590 / 3600, rel=0.05)
    socs = [value(sampled, "SoC") for _, sampled in taken]
    assert socs[0] < socs[-1] < 100


def test_the_registers_of_start_and_stop_add_up() -> None:
    bench = Bench("1.6", connectors=1)
    bench.session(600)
    bench.wait(3600)
    bench.session(60)
    first, second = bench.all("StartTransaction")
    assert second["meterStart"] == bench.all("StopTransaction")[0]["meterStop"], "no energy without a session"
    assert 1700 < bench.all("StopTransaction")[0]["meterStop"] - first["meterStart"] < 1900


@every_version
def test_the_card_may_come_before_the_car(version: str) -> None:
    bench = Bench(version)
    bench.line("tap 04A1 1")
    bench.wait(30)
    bench.line("plug 1")
    if version == "1.6":
        assert bench.statuses(1) == ["Available", "Preparing", "Charging"]
    else:
        assert bench.events()[0]["triggerReason"] == "CablePluggedIn"


def test_a_card_without_a_car_lapses() -> None:
    bench = Bench("1.6")
    bench.line("tap 04A1 1")
    bench.wait(61)
    assert bench.statuses(1) == ["Available", "Preparing", "Available"]
    bench.line("plug 1")
    assert bench.all("StartTransaction") == []


@every_version
def test_a_refused_card_starts_nothing(version: str) -> None:
    bench = Bench(version)
    key = "idTagInfo" if version == "1.6" else "idTokenInfo"
    bench.answers["Authorize"] = {key: {"status": "Blocked"}}
    bench.line("plug 1", "tap 04A1 1")
    assert not {"StartTransaction", "TransactionEvent"} & set(bench.actions())
    assert bench.reports("state")[-1] == "card 04A1: Blocked"


def test_a_card_that_the_start_refuses_ends_it() -> None:
    bench = Bench("1.6")
    bench.answers["StartTransaction"] = {"transactionId": 5, "idTagInfo": {"status": "ConcurrentTx"}}
    bench.line("plug 1", "tap 04A1 1")
    assert bench.all("StopTransaction")[0]["reason"] == "DeAuthorized"
    newer = Bench("2.0.1")
    newer.answers["TransactionEvent"] = {"idTokenInfo": {"status": "Invalid"}}
    newer.line("plug 1", "tap 04A1 1")
    ended = newer.events()[-1]
    assert ended["triggerReason"] == "Deauthorized"
    assert ended["transactionInfo"]["stoppedReason"] == "DeAuthorized"


def test_another_card_of_the_group_may_stop() -> None:
    bench = Bench("1.6")
    bench.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}
    bench.answers["StartTransaction"] = {
        "transactionId": 5, "idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}
    }  # fmt: skip
    bench.line("plug 1", "tap 04A1 1", "tap 04B2 1")
    assert bench.all("StopTransaction")[0]["idTag"] == "04B2"
    bench.answers["Authorize"] = {"idTagInfo": {"status": "Accepted"}}
    bench.line("tap 04A1 1", "tap 04C3 1")
    assert len(bench.all("StopTransaction")) == 1


def test_a_tap_without_a_number_finds_the_car() -> None:
    bench = Bench("1.6", connectors=3)
    bench.line("plug 2", "tap 04A1")
    assert bench.all("StartTransaction")[0]["connectorId"] == 2
    bench.line("plug 3", "tap 04a1")
    assert bench.all("StopTransaction")[0]["transactionId"] == 1


@every_version
def test_a_pause_of_the_car_stops_the_current(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(20)
    bench.line("suspend 1")
    bench.wait(20)
    bench.line("resume 1")
    bench.wait(20)
    currents = [value(sampled, "Current.Import", "L1") for _, sampled in samples(bench)]
    assert currents[3] == 0 < currents[5]
    if version == "1.6":
        assert bench.statuses(1)[2:] == ["Charging", "SuspendedEV", "Charging"]
    else:
        states = [one["transactionInfo"]["chargingState"] for one in bench.events()]
        assert "SuspendedEV" in states


def test_a_local_limit_holds_the_current_down() -> None:
    bench = Bench("1.6")
    bench.line("plug 1", "tap 04A1 1", "limit 1 10")
    bench.wait(30)
    assert all(9 < value(sampled, "Current.Import", "L2") <= 10 for _, sampled in samples(bench))
    bench.line("limit 1 3")
    assert bench.statuses(1)[-1] == "SuspendedEVSE"


def test_a_full_car_takes_nothing_more() -> None:
    bench = Bench("1.6", meter_interval=600)
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(8 * 3600)
    assert bench.statuses(1)[-1] == "SuspendedEV"
    assert value(samples(bench)[-1][1], "SoC") == 100
    assert value(samples(bench)[-1][1], "Power.Active.Import") == 0


@every_version
def test_a_fault_ends_the_session_and_clears(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 1", "tap 04A1 1", "fault 1 GroundFailure", "clear 1")
    if version == "1.6":
        assert bench.statuses(1)[2:] == ["Charging", "Faulted", "Finishing"]
        assert bench.all("StatusNotification")[-2]["errorCode"] == "GroundFailure"
        assert bench.all("StopTransaction")[0]["reason"] == "Other"
    else:
        assert bench.statuses(1)[1:] == ["Occupied", "Faulted", "Occupied"]
        assert bench.events()[-1]["transactionInfo"]["stoppedReason"] == "GroundFault"
        data = [one["eventData"][0] for one in bench.all("NotifyEvent")]
        assert [one["actualValue"] for one in data] == ["true", "false"]
        assert data[0]["techCode"] == "GroundFailure"


@every_version
def test_the_charger_itself_can_have_a_fault(version: str) -> None:
    bench = Bench(version)
    bench.line("fault 0 HighTemperature")
    bench.line("plug 1", "tap 04A1 1", "clear 0")
    assert not {"StartTransaction", "TransactionEvent"} & set(bench.actions())
    if version == "1.6":
        assert bench.statuses(0) == ["Available", "Faulted", "Available"]


@every_version
def test_what_happens_offline_is_told_in_order_once(version: str) -> None:
    bench = Bench(version)
    bench.line("tap 04A1 1", "plug 1")
    bench.wait(15)
    bench.forget()
    bench.line("offline")
    gone = bench.now
    bench.wait(30)
    bench.line("tap 04A1 1", "unplug 1", "plug 1", "tap 04FF 1")
    bench.wait(25)
    bench.line("unplug 1")
    assert bench.heard == []
    bench.line("online")
    if version == "1.6":
        kept = [one for one in bench.actions() if one != "StatusNotification"]
        assert kept == [
            *["MeterValues"] * 3,
            "StopTransaction",
            "StartTransaction",
            *["MeterValues"] * 2,
            "StopTransaction",
        ]
        assert [one["transactionId"] for one in bench.all("StopTransaction")] == [1, 2]
        assert [one["transactionId"] for one in bench.all("MeterValues")] == [1, 1, 1, 2, 2]
        stamps = [
            one.get("timestamp") or one["meterValue"][0]["timestamp"] for one in (h.payload for h in bench.heard)
        ]
    else:
        events = bench.events()
        assert all(one["offline"] is True for one in events)
        stamps = [one["timestamp"] for one in events]
    assert stamps == sorted(stamps)
    assert bench.now - gone == 55
    bench.forget()
    bench.cut()
    bench.wait(5)
    assert not {"StopTransaction", "TransactionEvent"} & set(bench.actions()), "once is enough"


def test_an_unanswered_transaction_message_is_tried_again_and_given_up() -> None:
    bench = Bench("1.6")
    bench.answers["StartTransaction"] = "InternalError"
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(59)
    assert bench.actions().count("StartTransaction") == 1
    bench.wait(400)
    assert bench.actions().count("StartTransaction") == 3
    assert bench.all("MeterValues"), "what comes after is not held up for ever"


def test_readings_on_the_clock() -> None:
    bench = Bench("1.6", connectors=1)
    bench.call("ChangeConfiguration", {"key": "ClockAlignedDataInterval", "value": "900"})
    bench.wait(3600)
    aligned = bench.all("MeterValues")
    assert len(aligned) == 4
    assert aligned[0]["meterValue"][0]["timestamp"][14:19] in ("00:00", "15:00", "30:00", "45:00")
    assert "transactionId" not in aligned[0]


@every_version
def test_remote_start_and_stop(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 2")
    if version == "1.6":
        assert bench.call("RemoteStartTransaction", {"idTag": "REMOTE", "connectorId": 2}) == {
            "status": "Accepted"
        }
        assert bench.all("StartTransaction")[0]["idTag"] == "REMOTE"
        assert bench.call("RemoteStopTransaction", {"transactionId": 99}) == {"status": "Rejected"}
        assert bench.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
        assert bench.all("StopTransaction")[0]["reason"] == "Remote"
        assert "Authorize" not in bench.actions()
        assert bench.call("RemoteStartTransaction", {"idTag": "REMOTE", "connectorId": 9}) == {
            "status": "Rejected"
        }
        return
    token = {"idToken": "REMOTE", "type": "Central"}
    start = {"remoteStartId": 77, "idToken": token}
    assert bench.call("RequestStartTransaction", start) == {"status": "Accepted"}
    begun = bench.events()[0]
    assert begun["triggerReason"] == "RemoteStart"
    assert begun["transactionInfo"]["remoteStartId"] == 77
    assert begun["idToken"] == token
    assert begun["evse"]["id"] == 2, "where the car is"
    assert bench.call("RequestStopTransaction", {"transactionId": "nobody"})["status"] == "Rejected"
    uid = begun["transactionInfo"]["transactionId"]
    assert bench.call("GetTransactionStatus", {"transactionId": uid}) == {
        "ongoingIndicator": True, "messagesInQueue": False
    }  # fmt: skip
    assert bench.call("RequestStopTransaction", {"transactionId": uid}) == {"status": "Accepted"}
    assert bench.events()[-1]["transactionInfo"]["stoppedReason"] == "Remote"


def test_remote_start_may_have_to_be_authorized() -> None:
    bench = Bench("1.6")
    bench.call("ChangeConfiguration", {"key": "AuthorizeRemoteTxRequests", "value": "true"})
    bench.line("plug 1")
    bench.call("RemoteStartTransaction", {"idTag": "REMOTE"})
    assert bench.actions()[-3:-1] == ["Authorize", "StartTransaction"]


@every_version
def test_availability_waits_for_the_session(version: str) -> None:
    bench = Bench(version)

    def change(word: str) -> str:
        if version == "1.6":
            asked = {"connectorId": 1, "type": word}
        else:
            asked = {"evse": {"id": 1}, "operationalStatus": word}
        return str(bench.call("ChangeAvailability", asked)["status"])

    assert change("Inoperative") == "Accepted"
    assert bench.statuses(1)[-1] == "Unavailable"
    bench.line("plug 1", "tap 04A1 1")
    assert not {"StartTransaction", "TransactionEvent"} & set(bench.actions())
    assert change("Operative") == "Accepted"
    bench.line("tap 04A1 1")
    assert change("Inoperative") == "Scheduled"
    bench.line("unplug 1")
    assert bench.statuses(1)[-1] == "Unavailable"


@every_version
def test_a_reservation_keeps_the_place(version: str) -> None:
    bench = Bench(version)
    if version == "1.6":
        asked = {"connectorId": 1, "expiryDate": "2025-11-24T16:10:00Z", "idTag": "MINE", "reservationId": 4}
    else:
        asked = {"id": 4, "evseId": 1, "expiryDateTime": "2025-11-24T16:10:00Z",
                 "idToken": {"idToken": "MINE", "type": "ISO14443"}}  # fmt: skip
    assert bench.call("ReserveNow", asked) == {"status": "Accepted"}
    assert bench.statuses(1)[-1] == "Reserved"
    bench.line("plug 1", "tap OTHER 1")
    assert not {"StartTransaction", "TransactionEvent"} & set(bench.actions())
    bench.line("unplug 1")
    assert bench.call("CancelReservation", {"reservationId": 4}) == {"status": "Accepted"}
    assert bench.call("CancelReservation", {"reservationId": 4})["status"] == "Rejected"
    assert bench.statuses(1)[-1] == "Available"
    bench.call("ReserveNow", asked)
    bench.wait(1200)
    assert bench.statuses(1)[-1] == "Available", "its time is over"
