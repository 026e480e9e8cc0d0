"""What only several messages together tell: sessions that nobody stopped, meters that run backwards."""

from __future__ import annotations

from typing import Any

import pytest

from techtool.station.consequences import FREE_S
from techtool.station.findings import Code, Severity
from tests.csms.driving import Driver
from tests.csms.test_reading import event, started, stop


def available(driver: Driver, connector: int = 1) -> None:
    status = {"connectorId": connector, "errorCode": "NoError", "status": "Available"}
    if driver.protocol != "ocpp1.6":
        status = {"evseId": connector, "connectorId": 1, "connectorStatus": "Available", "timestamp": driver.stamp}
    driver.say("StatusNotification", status)


def interrupted() -> tuple[Driver, int]:
    """A charger that booted in the middle of a session, and the session's id."""
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000)
    driver.boot()
    return driver, id


def energy(driver: Driver, wh: str, unit: str | None = "Wh", **more: Any) -> None:
    sample = {"value": wh, "measurand": "Energy.Active.Import.Register", **({"unit": unit} if unit else {})}
    values = [{"timestamp": driver.stamp, "sampledValue": [sample]}]
    driver.say("MeterValues", {"connectorId": 1, "meterValue": values, **more})


def test_a_session_that_a_power_cut_ended_does_not_go_on_in_the_picture() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver)
    driver.disconnect()
    driver.connect()
    driver.boot()
    assert driver.station.open_transactions, "it may go on after the boot"
    available(driver)
    assert driver.station.open_transactions == ()
    (gone,) = driver.station.past
    assert (gone.id, gone.ended, gone.reason) == (str(id), None, "not seen to end")
    finding = driver.finding(Code.MISSING_STOP)
    assert finding.severity is Severity.WARNING
    assert f"Transaction {id} ran since before the charger booted" in finding.text


def test_a_late_stop_joins_it() -> None:
    driver, id = interrupted()
    available(driver)
    stop(driver, id, 3500)
    (gone,) = driver.station.past
    assert (gone.id, gone.energy_wh, gone.reason) == (str(id), 2500, "Local")
    assert gone.ended is not None
    finding = driver.finding(Code.MISSING_STOP)
    assert finding.severity is Severity.INFO and "came late" in finding.text


def test_available_before_the_stop_is_no_sign_on_a_charger_that_did_not_boot() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver)
    available(driver)
    assert [one.id for one in driver.station.open_transactions] == [str(id)]
    stop(driver, id)
    assert Code.MISSING_STOP not in driver.codes()


def plugged(driver: Driver) -> None:
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"}
    if driver.protocol != "ocpp1.6":
        status = {"evseId": 1, "connectorId": 1, "connectorStatus": "Occupied", "timestamp": driver.stamp}
    driver.say("StatusNotification", status)


def session(driver: Driver) -> str:
    """One that runs."""
    driver.boot()
    if driver.protocol == "ocpp1.6":
        id = str(started(driver))
    else:
        event(driver, "Started", "A", 0, evse=1)
        id = "A"
    plugged(driver)
    driver.seconds += 60
    return id


@pytest.mark.parametrize("protocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
def test_a_stop_that_was_lost_is_missed_when_the_next_car_comes(protocol: str) -> None:
    driver = Driver(protocol)
    id = session(driver)
    available(driver)
    assert [one.id for one in driver.station.open_transactions] == [id], "it may still come"
    driver.seconds += 30
    plugged(driver)
    assert driver.station.open_transactions == ()
    assert f"is in use again, but no stop of transaction {id}" in driver.finding(Code.MISSING_STOP).text


@pytest.mark.parametrize("protocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
def test_a_stop_that_was_lost_is_missed_when_the_connector_stays_free(protocol: str) -> None:
    driver = Driver(protocol)
    id = session(driver)
    driver.disconnect()
    driver.connect()
    available(driver)
    for _ in range(2):
        driver.seconds += FREE_S / 2 - 1
        driver.say("Heartbeat", {})
        assert [one.id for one in driver.station.open_transactions] == [id]
    driver.seconds += 5
    driver.say("Heartbeat", {})
    assert driver.station.open_transactions == ()
    assert f"Available for minutes, but no stop of transaction {id}" in driver.finding(Code.MISSING_STOP).text
    driver.seconds += 60
    driver.say("Heartbeat", {})
    assert driver.finding(Code.MISSING_STOP).count == 1


def test_one_that_measures_on_is_not_over_though_the_connector_says_so() -> None:
    driver = Driver()
    id = session(driver)
    available(driver)
    driver.seconds += 100
    energy(driver, "1500", transactionId=int(id))
    driver.seconds += 100
    driver.say("Heartbeat", {})
    assert [one.id for one in driver.station.open_transactions] == [id]


def test_a_session_that_begins_on_a_free_connector_is_no_old_one() -> None:
    driver = Driver()
    driver.boot()
    available(driver)
    driver.seconds += 300
    id = started(driver)
    driver.say("Heartbeat", {})
    plugged(driver)
    driver.say("Heartbeat", {})
    assert [one.id for one in driver.station.open_transactions] == [str(id)]
    assert Code.MISSING_STOP not in driver.codes()


def nameless(driver: Driver, tag: str, meter: int, **more: Any) -> None:
    stopped = {"transactionId": -1, "idTag": tag, "meterStop": meter, "timestamp": driver.stamp, **more}
    assert driver.say("StopTransaction", stopped) == {"idTagInfo": {"status": "Accepted"}}


def test_a_stop_without_its_id_ends_the_only_session_of_that_card() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000, tag="04A1")
    nameless(driver, "04a1", 9000)
    (ended,) = driver.station.past
    assert (ended.id, ended.energy_wh, ended.ended) == (str(id), 8000.0, driver.now.at)
    assert driver.station.open_transactions == ()
    assert driver.finding(Code.UNKNOWN_TRANSACTION).text == (
        f"A StopTransaction with the id -1 ended transaction {id}: no other one of that card ran."
    )


@pytest.mark.parametrize(
    ("tag", "meter", "more"),
    [("04B2", 9000, {}), ("04A1", 10, {}), ("04A1", 9000, {"timestamp": "2026-11-01T10:00:00Z"})],
)
def test_a_stop_without_its_id_that_does_not_fit_ends_nothing(tag: str, meter: int, more: dict[str, Any]) -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000, tag="04A1")
    nameless(driver, tag, meter, **more)
    assert [one.id for one in driver.station.open_transactions] == [str(id)]
    assert "the answer to its start never reached" in driver.finding(Code.UNKNOWN_TRANSACTION).text


def test_a_session_that_goes_on_after_a_boot_goes_on() -> None:
    driver, id = interrupted()
    energy(driver, "1500", transactionId=id)
    available(driver)
    assert [one.id for one in driver.station.open_transactions] == [str(id)]


def test_a_boot_that_was_asked_for_is_no_power_cut() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver)
    driver.call("TriggerMessage", {"requestedMessage": "BootNotification"})
    driver.answer({"status": "Accepted"})
    driver.boot()
    available(driver)
    assert [one.id for one in driver.station.open_transactions] == [str(id)]


def test_in_2x_every_connector_of_the_evse_must_be_free() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    driver.say(
        "StatusNotification",
        {"evseId": 1, "connectorId": 2, "connectorStatus": "Occupied", "timestamp": driver.stamp},
    )
    driver.boot()
    available(driver)
    assert driver.station.open_transactions
    driver.say(
        "StatusNotification",
        {"evseId": 1, "connectorId": 2, "connectorStatus": "Available", "timestamp": driver.stamp},
    )
    assert not driver.station.open_transactions


def test_a_start_over_a_session_that_runs_shows_that_its_stop_is_missing() -> None:
    driver = Driver()
    driver.boot()
    first = started(driver)
    driver.seconds += 60
    second = started(driver, tag="04B2")
    assert f"Transaction {second} began where {first} still ran" in driver.finding(Code.MISSING_STOP).text


def test_a_start_that_is_sent_again_displaces_nothing() -> None:
    driver = Driver()
    driver.boot()
    assert started(driver) == started(driver)
    assert Code.MISSING_STOP not in driver.codes()


def test_a_late_stop_that_is_sent_again_is_told_once() -> None:
    driver, id = interrupted()
    available(driver)
    stop(driver, id)
    told = driver.finding(Code.MISSING_STOP).count
    stop(driver, id)
    assert driver.finding(Code.MISSING_STOP).count == told


def test_a_register_that_falls_is_told() -> None:
    driver = Driver()
    driver.boot()
    energy(driver, "5012.5", unit=None)
    energy(driver, "5.0123", unit="kWh")
    assert Code.METER_BACKWARDS not in driver.codes(), "it is rounded"
    energy(driver, "150")
    assert (
        driver.finding(Code.METER_BACKWARDS).text == "The energy register of EVSE 1 fell from 5,012 Wh to 150 Wh."
    )


# --- energy that no meter counts ---------------------------------------------------------------------------


def test_a_stop_below_the_start_leaves_the_energy_unknown() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=4000)
    stop(driver, id, 1500)
    assert driver.station.past[0].energy_wh is None
    assert driver.finding(Code.METER_BACKWARDS).text == (
        "The meter stands at 1,500 Wh, below the 4,000 Wh at which it stood when transaction "
        f"{id} began: its energy is unknown."
    )
    assert Code.WRONG_UNIT not in driver.codes()


def test_what_falls_by_rounding_is_nothing_charged() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=4000)
    energy(driver, "3.9996", unit="kWh", transactionId=id)
    assert driver.station.open_transactions[0].energy_wh == 0
    stop(driver, id, 4000)
    assert driver.station.past[0].energy_wh == 0
    assert not driver.codes() & {Code.METER_BACKWARDS, Code.WRONG_UNIT}


def test_a_register_below_the_start_leaves_the_energy_unknown_until_it_is_above() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=4000)
    energy(driver, "3000", transactionId=id)
    assert driver.station.open_transactions[0].energy_wh is None
    assert "its energy is unknown" in driver.finding(Code.METER_BACKWARDS).text
    assert started(driver, meter=4000) == id
    assert driver.station.open_transactions[0].energy_wh is None, "a start that comes again says nothing of it"
    energy(driver, "4500", transactionId=id)
    assert driver.station.open_transactions[0].energy_wh == 500


def test_kwh_labelled_wh_are_suspected_when_the_register_falls_and_rises_by_a_thousand() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=5000)
    energy(driver, "5.1", transactionId=id)
    assert "(kWh labelled Wh?)" in driver.finding(Code.METER_BACKWARDS).text
    assert Code.WRONG_UNIT not in driver.codes(), "it may be another meter"
    stop(driver, id, 5200)
    assert driver.station.past[0].energy_wh == 200
    assert driver.finding(Code.WRONG_UNIT).text == (
        f"In transaction {id} the energy register jumps between 5.1 Wh and 5,200 Wh, "
        "about a thousand times as much: kWh labelled Wh?"
    )


def test_in_2x_two_messages_that_use_two_units_are_found_out() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "A", 0, evse=1)

    def told(wh: float) -> None:
        sample = {"value": wh, "measurand": "Energy.Active.Import.Register"}
        values = [{"timestamp": driver.stamp, "sampledValue": [sample]}]
        driver.say("MeterValues", {"evseId": 1, "meterValue": values})

    for wh in (5000, 5.1, 5150):
        told(wh)
    assert "kWh labelled Wh?" in driver.finding(Code.WRONG_UNIT).text


@pytest.mark.parametrize("registers", [(5000, 5, 6, 7), (5, 5000, 5100), (5000, 400, 5000), (5000, 0, 5000)])
def test_other_jumps_are_no_other_unit(registers: tuple[float, ...]) -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=0)
    for wh in registers:
        energy(driver, str(wh), transactionId=id)
    assert Code.WRONG_UNIT not in driver.codes()


def test_registers_of_two_sessions_are_not_compared() -> None:
    driver = Driver()
    driver.boot()
    first = started(driver, meter=5000)
    stop(driver, first, 5)
    started(driver, tag="04B2", meter=5)
    energy(driver, "5010")
    assert Code.WRONG_UNIT not in driver.codes()


# --- what comes again --------------------------------------------------------------------------------------


def test_a_stop_that_comes_again_is_a_replay() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver)
    stop(driver, id)
    assert Code.REPLAYED not in driver.codes()
    past = driver.station.past
    assert stop(driver, id, 9999) == {}
    assert driver.station.past == past
    found = driver.finding(Code.REPLAYED)
    assert (found.text, found.severity) == (
        f"The stop of transaction {id} came again; nothing changed by it.",
        Severity.INFO,
    )


def test_a_stop_of_nothing_that_is_known_is_told() -> None:
    driver = Driver()
    driver.boot()
    stop(driver, 777)
    assert driver.finding(Code.UNKNOWN_TRANSACTION).text == (
        "Transaction 777 was stopped, but techtool has not seen it start."
    )
    stop(driver, 777)
    assert driver.finding(Code.UNKNOWN_TRANSACTION).count == 1
    assert "777 came again" in driver.finding(Code.REPLAYED).text


def test_a_stop_of_a_session_that_told_its_values_is_no_stranger() -> None:
    driver, id = interrupted()
    available(driver)
    stop(driver, id)
    energy(driver, "1500", transactionId=88)
    stop(driver, 88)
    assert not driver.codes() & {Code.UNKNOWN_TRANSACTION, Code.REPLAYED}


def test_stops_without_an_id_are_no_replays() -> None:
    driver = Driver()
    driver.boot()
    for _ in range(2):
        stop(driver, -1)
    assert driver.finding(Code.UNKNOWN_TRANSACTION).count == 2
    assert Code.REPLAYED not in driver.codes()
