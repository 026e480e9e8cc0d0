"""What only several messages together tell: sessions that nobody stopped, meters that run backwards."""

from __future__ import annotations

from typing import Any

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
