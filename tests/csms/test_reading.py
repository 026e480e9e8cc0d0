"""What the records mean, where chargers make it hard to tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from techtool.csms.frames import CallError
from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from techtool.station.findings import EVIDENCE, Code, Severity
from techtool.station.fold import SUBJECTS_KEPT
from techtool.station.records import Direction, Kind
from tests.csms.driving import Driver


def started(driver: Driver, connector: int = 1, tag: str = "04A1", meter: int = 1000, back_s: float = 0) -> int:
    driver.seconds -= back_s
    stamp = driver.stamp
    driver.seconds += back_s
    start = {"connectorId": connector, "idTag": tag, "meterStart": meter, "timestamp": stamp}
    id: int = driver.say("StartTransaction", start)["transactionId"]
    return id


def stop(driver: Driver, id: Any, meter: int = 3500) -> Any:
    return driver.say("StopTransaction", {"transactionId": id, "meterStop": meter, "timestamp": driver.stamp})


def event(
    driver: Driver,
    kind: str,
    id: str,
    seq: int,
    evse: int | None = None,
    beside: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    payload = {
        **(beside or {}),
        "eventType": kind,
        "timestamp": driver.stamp,
        "triggerReason": "Authorized",
        "seqNo": seq,
        "transactionInfo": {"transactionId": id, **more},
    }
    driver.say("TransactionEvent", payload | ({"evse": {"id": evse, "connectorId": 1}} if evse else {}))


# --- what it is --------------------------------------------------------------------------------------------

SIM = {"iccid": "8949000000012345678", "imsi": "262011234567890"}


@pytest.mark.parametrize(
    ("protocol", "payload"),
    [
        ("ocpp1.6", {"chargePointVendor": "ACME", "chargePointModel": "WallBox 22", **SIM}),
        *(
            (one, {"reason": "PowerUp", "chargingStation": {"vendorName": "ACME", "model": "X", "modem": SIM}})
            for one in ("ocpp2.0.1", "ocpp2.1")
        ),
    ],
)
def test_the_sim_card_of_the_boot_is_known(protocol: str, payload: dict[str, Any]) -> None:
    driver = Driver(protocol)
    driver.say("BootNotification", payload)
    assert (driver.station.make.iccid, driver.station.make.imsi) == (SIM["iccid"], SIM["imsi"])


# --- transactions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["ocpp2.0.1", "ocpp2.1"])
@pytest.mark.parametrize("status", ["Accepted", "Blocked"])
def test_a_2x_session_keeps_how_its_card_was_answered(protocol: str, status: str) -> None:
    driver = Driver(protocol, policy=Policy(tokens={"04a1": status}))
    driver.boot()
    card = {"idToken": {"idToken": "04A1", "type": "ISO14443"}}
    event(driver, "Started", "tx1", 0, evse=1, beside=card)
    (running,) = driver.station.open_transactions
    assert (running.id_token, running.authorization) == ("04A1", status)
    event(driver, "Updated", "tx1", 1, evse=1)
    assert driver.station.open_transactions[0].authorization == status


def test_energy_is_the_register_minus_the_start_in_any_unit() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000)
    sample = {"value": "2.5", "unit": "kWh", "measurand": "Energy.Active.Import.Register"}
    values = [{"timestamp": driver.stamp, "sampledValue": [sample]}]
    driver.say("MeterValues", {"connectorId": 1, "transactionId": id, "meterValue": values})
    assert driver.station.open_transactions[0].energy_wh == 1500
    stop(driver, id, 4000)
    assert driver.station.past[0].energy_wh == 3000


@pytest.mark.parametrize("id", ["²", "9" * 5000, -1, 0, None, [], "x"])
def test_odd_transaction_ids_end_nothing_else(id: Any) -> None:
    driver = Driver()
    driver.boot()
    running = started(driver)
    assert stop(driver, id) == {}
    assert [one.id for one in driver.station.open_transactions] == [str(running)]
    assert Code.UNKNOWN_TRANSACTION in driver.codes()


def test_an_id_with_a_fraction_is_the_same_transaction() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver)
    stop(driver, float(id))
    assert driver.station.open_transactions == ()


def test_a_transaction_that_was_pushed_aside_still_ends() -> None:
    driver = Driver()
    driver.boot()
    first = started(driver, tag="A", meter=100)
    second = started(driver, tag="B", meter=600)
    stop(driver, first, 500)
    assert [one.id for one in driver.station.open_transactions] == [str(second)]
    (past,) = driver.station.past
    assert (past.id, past.energy_wh, past.ended is not None) == (str(first), 400.0, True)


def test_an_update_of_an_unknown_transaction_is_not_written_into_another() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    event(driver, "Updated", "B", 1, 1, chargingState="Charging")
    (running,) = driver.station.open_transactions
    assert (running.id, running.state, running.evse) == ("B", "Charging", 1)
    assert [one.id for one in driver.station.past] == ["A"]
    event(driver, "Ended", "B", 2, 1)
    assert [one.id for one in driver.station.past] == ["A", "B"]


def test_two_transactions_find_their_evses_later() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "A", 0)
    event(driver, "Started", "B", 0)
    event(driver, "Updated", "A", 1, 1)
    event(driver, "Updated", "B", 1, 2)
    assert [(one.id, one.evse) for one in driver.station.open_transactions] == [("A", 1), ("B", 2)]
    assert driver.station.past == ()


def test_what_ended_stays_ended() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    event(driver, "Ended", "A", 1, 1, stoppedReason="Remote")
    for kind in ("Started", "Updated", "Ended"):
        event(driver, kind, "A", 1, 1)
    assert driver.station.open_transactions == ()
    assert [(one.id, one.reason) for one in driver.station.past] == [("A", "Remote")]


def test_a_gap_in_the_numbers_is_a_message_that_was_lost() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    event(driver, "Updated", "A", 3, 1)
    finding = driver.station.findings[("sequence-gap", "A")]
    assert finding.text == "Transaction A sent seqNo 3 where 1 was due."


def test_an_event_with_another_state_is_none_that_comes_again() -> None:
    """VCP 2.1 gives every Updated seqNo 0, and two of them may lie in one second."""
    driver = Driver("ocpp2.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    event(driver, "Updated", "A", 0, 1, chargingState="EVConnected")
    event(driver, "Updated", "A", 0, 1, chargingState="Charging")
    (running,) = driver.station.open_transactions
    assert running.state == "Charging" and Code.REPLAYED not in driver.codes()


def test_an_event_with_another_measurement_is_none_that_comes_again() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    for watts in (200, 300, 400, 400):
        sample = {"value": watts, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W"}}
        values = [{"timestamp": driver.stamp, "sampledValue": [sample]}]
        event(driver, "Updated", "A", 0, 1, beside={"meterValue": values})
    (power,) = (one for key, one in driver.station.evses[1].readings.items() if key.measurand.startswith("Power"))
    assert power.value == 400
    assert driver.finding(Code.REPLAYED).count == 1


def test_an_event_that_comes_again_is_a_replay_and_no_gap() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    stamps = []
    for seq, state in enumerate(("EVConnected", "Charging", "SuspendedEV")):
        stamps.append(driver.seconds)
        event(driver, "Updated" if seq else "Started", "A", seq, 1, chargingState=state)
        driver.seconds += 10
    now, driver.seconds = driver.seconds, stamps[1]
    event(driver, "Updated", "A", 1, 1, chargingState="Charging")
    driver.seconds = stamps[0]
    event(driver, "Started", "A", 0, 1, chargingState="EVConnected")
    driver.seconds = now
    found = driver.finding(Code.REPLAYED)
    assert (found.text, found.severity, found.count) == (
        "Started of transaction A (seqNo 0) came again; nothing changed by it.",
        Severity.INFO,
        2,
    )
    (running,) = driver.station.open_transactions
    assert (running.seq_no, running.state) == (2, "SuspendedEV")
    event(driver, "Ended", "A", 3, 1)
    event(driver, "Ended", "A", 3, 1)
    assert "Ended of transaction A (seqNo 3) came again" in driver.finding(Code.REPLAYED).text
    assert Code.SEQUENCE_GAP not in driver.codes()
    assert len(driver.station.past) == 1


def test_a_charger_that_always_sends_the_same_number_replays_nothing() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    event(driver, "Started", "A", 0, 1)
    for state in ("EVConnected", "Charging", "SuspendedEV"):
        driver.seconds += 10
        event(driver, "Updated", "A", 0, 1, chargingState=state)
    assert driver.station.open_transactions[0].state == "SuspendedEV"
    assert Code.REPLAYED not in driver.codes() and Code.SEQUENCE_GAP in driver.codes()


# --- clocks ------------------------------------------------------------------------------------------------


def offset_s(driver: Driver) -> float | None:
    clock = driver.station.clock
    return clock.offset_s if clock is not None else None


def test_queued_messages_do_not_make_the_clock_wrong() -> None:
    driver = Driver()
    driver.boot()
    started(driver, back_s=7200)
    driver.say("MeterValues", {"connectorId": 1, "meterValue": [{"timestamp": "2026-11-22T08:30:00Z"}]})
    assert Code.CLOCK not in driver.codes()
    assert offset_s(driver) is None
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": driver.stamp}
    driver.say("StatusNotification", status)
    for _ in range(4):
        started(driver, back_s=7200)
    assert offset_s(driver) == pytest.approx(0, abs=1)
    assert Code.CLOCK not in driver.codes()


def test_a_clock_that_is_an_hour_behind_is_found_out() -> None:
    driver = Driver()
    driver.boot()
    for _ in range(3):
        stamp = f"2026-11-22T09:{int(driver.seconds) // 60:02d}:{int(driver.seconds) % 60:02d}Z"
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": stamp}
        driver.say("StatusNotification", status)
        driver.seconds += 20
    finding = driver.station.findings[("clock", "")]
    assert finding.text == "The charger's clock is 60 min behind the laptop's."


def test_a_clock_that_is_set_back_is_believed_after_a_while() -> None:
    driver = Driver()
    driver.boot()
    for offset in (0, -100, -100, -100):
        driver.seconds += offset
        stamp = driver.stamp
        driver.seconds -= offset
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": stamp}
        driver.say("StatusNotification", status)
        driver.seconds += 20
    assert driver.station.clock is not None and round(driver.station.clock.offset_s) == -100


@pytest.mark.parametrize(
    ("stamp", "oddity"),
    [("2026-11-22T10:00:00", "has no time zone"), ("yesterday", "is no date and time"), (7, "is no text")],
)
def test_odd_time_stamps_are_said(stamp: Any, oddity: str) -> None:
    driver = Driver()
    driver.boot()
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": stamp}
    driver.say("StatusNotification", status)
    assert any(oddity in one.text for one in driver.station.findings.values() if one.code is Code.TIMESTAMP)


# --- boots -------------------------------------------------------------------------------------------------


def test_a_boot_that_was_refused_when_asked_for_is_a_real_one_later() -> None:
    driver = Driver()
    driver.wait(10.1)
    assert driver.calls()[0].payload == {"requestedMessage": "BootNotification"}
    driver.answer({"status": "NotImplemented"})
    driver.answer({"status": "NotImplemented"})
    driver.seconds += 3600
    driver.boot()
    assert driver.station.boot is not None
    assert (driver.station.boot.triggered, driver.station.boot.count) == (False, 1)


def test_the_technicians_own_trigger_does_not_disturb_the_greeting() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    driver.call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    driver.answer({"status": "Rejected"})
    assert len(driver.calls()) == 1
    driver.wait(11)
    assert driver.calls()[1].payload == {"requestedMessage": "StatusNotification"}


def test_an_early_effect_does_not_end_the_greeting() -> None:
    driver = Driver()
    driver.wait(10.1)
    driver.boot()
    driver.answer({"status": "Accepted"})
    assert [call.payload["requestedMessage"] for call in driver.calls()] == [
        "BootNotification",
        "StatusNotification",
    ]


# --- bounds ------------------------------------------------------------------------------------------------


def test_findings_do_not_grow_without_end() -> None:
    driver = Driver()
    driver.boot()
    for number in range(3 * SUBJECTS_KEPT):
        status = {"connectorId": 1, "errorCode": "OtherError", "status": "Faulted", "vendorErrorCode": str(number)}
        driver.say("StatusNotification", status)
    assert len(driver.station.findings) < 2 * SUBJECTS_KEPT
    assert driver.station.findings[("charger-fault", "and others")].count > SUBJECTS_KEPT


def test_long_texts_are_cut_in_findings_and_kept_in_records() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    driver.say("SecurityEventNotification", {"type": "x" * 100_000, "timestamp": driver.stamp})
    assert all(len(one.text) <= 300 for one in driver.station.findings.values())


def test_one_message_gives_one_finding_of_a_kind() -> None:
    driver = Driver()
    driver.boot()
    values = [{"timestamp": "2026-11-22 10:00", "sampledValue": [{"value": 1}]}] * 400
    driver.say("MeterValues", {"connectorId": 1, "meterValue": values})
    assert all(one.count == 1 for one in driver.station.findings.values())


def test_large_and_wrong_messages_are_answered() -> None:
    driver = Driver()
    driver.boot()
    samples = [{"value": number, "unit": "Hz"} for number in range(20_000)]
    payload = {"connectorId": 1, "meterValue": [{"timestamp": "x", "sampledValue": samples}]}
    assert driver.say("MeterValues", payload) == {}
    (answer,) = driver.raw(b"[2," + b" [" * 2_000_000)
    assert isinstance(answer, CallError) and answer.id == "-1"


def test_pending_boots_are_answered_as_wanted() -> None:
    driver = Driver(policy=Policy(boot_status="Rejected", heartbeat_interval=30))
    assert driver.boot()["status"] == "Rejected"
    assert driver.station.boot is not None and driver.station.boot.status == "Rejected"


def test_infinite_numbers_do_not_break_an_answer() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    hashed = {"hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "c"}
    hashed_with = json.dumps({**hashed, "customData": {"vendorId": "x", "y": 0}}).replace('"y": 0', '"y": 1e999')
    request = f'{{"source": "OCSP", "urls": ["x"], "certificateHashData": {hashed_with}}}'
    call = f'[2,"1","GetCertificateChainStatus",{{"certificateStatusRequests":[{request}]}}]'
    assert len(driver.raw(call.encode())) == 1


# --- links that end and come back --------------------------------------------------------------------------


def leaves(driver: Driver) -> bool:
    """Its link ends; whether it is expected back."""
    driver.disconnect()
    loss = driver.station.link.loss
    assert loss is not None
    return loss.rebooting


@pytest.mark.parametrize(
    ("answer", "waited", "expected"),
    [({"status": "Accepted"}, 0, True), ({"status": "Rejected"}, 0, False), (None, 0, True), (None, 31, False)],
)
def test_a_charger_that_was_told_to_reset_is_expected_back_once(answer: Any, waited: int, expected: bool) -> None:
    driver = Driver()
    driver.boot()
    driver.call("Reset", {"type": "Soft"})
    if answer is not None:
        driver.answer(answer)
    driver.wait(waited)
    assert leaves(driver) is expected
    driver.connect()
    assert not leaves(driver)


def test_a_charger_that_installs_firmware_is_expected_back_once() -> None:
    driver = Driver()
    driver.boot()
    driver.say("FirmwareStatusNotification", {"status": "Installing"})
    driver.seconds += 5
    assert leaves(driver)
    driver.connect()
    driver.seconds += 5
    driver.boot()
    assert not leaves(driver)


@pytest.mark.parametrize("said", [[], ["Heartbeat"]])
def test_who_leaves_before_its_boot_has_knocked(said: list[str]) -> None:
    driver = Driver(identity="FOX1")
    for action in said:
        driver.say(action, {})
    driver.seconds += 3
    driver.disconnect(1000, "charger")
    (knock,) = driver.picture.knocks
    assert (knock.reason, knock.identity) == (Reason.NO_BOOT, "FOX1")
    assert knock.text == "hung up without a BootNotification (FOX1, after 3 s)"


def test_who_worked_without_a_boot_was_no_knock() -> None:
    driver = Driver(identity="FOX1")
    driver.say("StatusNotification", {"connectorId": 1, "status": "Available", "errorCode": "NoError"})
    driver.disconnect(1006, "network")
    assert not driver.picture.knocks


def test_who_is_known_comes_back_without_a_boot_and_that_is_no_knock() -> None:
    driver = Driver()
    driver.boot()
    driver.disconnect()
    driver.connect()
    driver.say("Heartbeat", {})
    driver.disconnect()
    assert driver.picture.knocks == []


def test_who_is_known_from_an_earlier_visit_comes_back_without_a_boot() -> None:
    driver = Driver()
    driver.record(Direction.NOTE, Kind.CARRIED, {"transactions": [{"id": "7", "evse": 1}]})
    driver.disconnect()
    assert driver.picture.knocks == []


def test_whom_the_laptop_hung_up_on_has_not_knocked() -> None:
    driver = Driver()
    driver.say("Heartbeat", {})
    driver.disconnect(1001, "laptop")
    assert driver.picture.knocks == []


def test_what_it_refuses_to_tell_is_told() -> None:
    driver = Driver()
    driver.boot()
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    driver.answer({"status": "NotImplemented"})
    said = driver.finding(Code.TRIGGER_REFUSED).text
    assert "Asked for StatusNotification, it answered NotImplemented" in said


def test_two_chargers_with_one_name_are_suspected() -> None:
    driver = Driver()

    def text() -> str:
        return driver.station.findings[Code.TAKEOVER.value, ""].text

    driver.connect()
    assert "two chargers" not in text()
    driver.connect()
    driver.connect()
    assert "3 times in a minute: do two chargers use this name?" in text()
    driver.seconds += 100
    driver.connect()
    assert "two chargers" not in text()
    driver.connection += 1
    driver.record(Direction.NOTE, Kind.OPENED, {"wire": "ocpp", "peer": "192.168.1.99:50000"})
    linked = {"identity": "CP1", "protocol": "ocpp1.6", "offered": ["ocpp1.6"], "path": "/CP1"}
    driver.record(Direction.NOTE, Kind.LINKED, linked)
    assert "from 192.168.1.77, the new one from 192.168.1.99: do two chargers use this name?" in text()


# --- what is small and matters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "multiplier", "meant"),
    [
        (1.5, 3, 1500.0),
        (1.0, 30, 1e30),
        (1e300, 30, None),  # more than a number can be
        (1.5, 400, None),  # no power of ten that any unit has
        (1.5, -400, None),
    ],
)
def test_the_multiplier_of_2x_is_a_power_of_ten_where_it_can_be(
    value: float, multiplier: int, meant: float | None
) -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    unit = {"unit": "Wh", "multiplier": multiplier}
    sample = {"value": value, "measurand": "Energy.Active.Import.Register", "unitOfMeasure": unit}
    driver.say("MeterValues", {"evseId": 1, "meterValue": [{"timestamp": driver.stamp, "sampledValue": [sample]}]})
    (reading,) = driver.station.evses[1].readings.values()
    assert (reading.value, reading.unit) == (meant, "Wh")


def test_a_finding_keeps_its_first_records_and_the_newest() -> None:
    driver = Driver()
    driver.boot()
    shown = []
    for _ in range(EVIDENCE + 5):
        driver.say("StatusNotification", {"connectorId": 1, "errorCode": "Error", "status": "Available"})
        shown.append(driver.number - 1)
    found = driver.finding(Code.SCHEMA)
    assert found.records == (*shown[: EVIDENCE - 1], shown[-1])
    assert found.count == len(shown)


def test_the_last_seq_no_of_an_ended_transaction_is_kept() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    event(driver, "Ended", "tx1", 1)
    assert driver.station.past[0].seq_no == 1


def test_meter_values_without_a_value_still_tell_of_their_transaction() -> None:
    driver = Driver()
    driver.boot()
    values = [{"timestamp": driver.stamp, "sampledValue": []}]
    driver.say("MeterValues", {"connectorId": 1, "transactionId": 7, "meterValue": values})
    assert [one.id for one in driver.station.open_transactions] == ["7"]


@pytest.mark.parametrize("first", [True, False])
def test_what_it_accepted_to_send_and_does_not_is_missed(first: bool) -> None:
    """MicroOcpp's queue stands still where an answer to it was lost."""
    driver = Driver()
    driver.boot()
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    if first:
        driver.say("StatusNotification", status)
    driver.answer({"status": "Accepted"})
    for _ in range(3):
        driver.seconds += 10
        driver.say("Heartbeat", {})
    missed = [one for one in driver.station.findings.values() if one.code is Code.TRIGGER_UNKEPT]
    assert len(missed) == (0 if first else 1)
    if missed:
        assert (
            "accepted to send StatusNotification, and has not for 15 s" in missed[0].text and missed[0].count == 1
        )
