"""Transactions that are told late, twice, or by a clock that was set back."""

from __future__ import annotations

from techtool.station.findings import Code
from tests.csms.driving import Driver
from tests.csms.test_reading import event, started, stop
from tests.station.test_consequences import available, energy, interrupted


def running(driver: Driver) -> list[str]:
    return [one.id for one in driver.station.open_transactions]


def test_a_session_that_began_after_the_clock_was_set_back_runs_as_soon_as_it_measures() -> None:
    driver = Driver()
    driver.boot()
    never_stopped = started(driver)
    now = started(driver, tag="04B2", meter=5000, back_s=7200)
    energy(driver, "6000", transactionId=now)
    (runs,) = driver.station.open_transactions
    assert (runs.id, runs.energy_wh) == (str(now), 1000)
    assert [(one.id, one.ended) for one in driver.station.past] == [(str(never_stopped), None)]


def two_began() -> Driver:
    """Of two transactions on one EVSE the second began a minute later."""
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    driver.seconds += 60
    event(driver, "Started", "tx2", 0, evse=1)
    return driver


def test_the_session_of_which_the_charger_speaks_is_the_one_that_runs() -> None:
    driver = two_began()
    event(driver, "Updated", "tx1", 1)
    assert running(driver) == ["tx1"]
    event(driver, "Updated", "tx2", 1)
    assert running(driver) == ["tx2"]


def test_an_offline_event_out_of_a_queue_does_not_push_out_the_session_that_runs() -> None:
    driver = two_began()
    payload = {
        "eventType": "Updated",
        "timestamp": driver.stamp,
        "triggerReason": "MeterValuePeriodic",
        "seqNo": 1,
        "offline": True,
        "transactionInfo": {"transactionId": "tx1", "chargingState": "EVConnected"},
    }
    driver.say("TransactionEvent", payload)
    assert running(driver) == ["tx2"]
    (waiting,) = driver.station.past
    assert (waiting.id, waiting.ended, waiting.state) == ("tx1", None, "EVConnected")


def test_a_start_that_comes_again_does_not_set_the_energy_back() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000)
    energy(driver, "5000", transactionId=id)
    assert started(driver, meter=1000) == id
    (running,) = driver.station.open_transactions
    assert (running.energy_wh, running.meter_start_wh) == (4000, 1000)


def test_a_start_of_2x_that_comes_again_keeps_the_sequence() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    event(driver, "Updated", "tx1", 1)
    event(driver, "Started", "tx1", 0, evse=1)
    assert driver.station.open_transactions[0].seq_no == 1


def test_meter_values_out_of_a_queue_do_not_replace_newer_ones() -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=1000)
    driver.seconds += 300
    energy(driver, "5000", transactionId=id)
    now, driver.seconds = driver.seconds, driver.seconds - 290
    old = driver.stamp
    driver.seconds = now + 1
    sample = {"value": "3000", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
    values = [{"timestamp": old, "sampledValue": [sample]}]
    driver.say("MeterValues", {"connectorId": 1, "transactionId": id, "meterValue": values})
    assert driver.station.open_transactions[0].energy_wh == 4000
    assert Code.METER_BACKWARDS not in driver.codes()


def test_a_clock_that_was_set_back_does_not_silence_the_meter_for_long() -> None:
    driver = Driver()
    driver.boot()
    energy(driver, "5000")
    sample = {"value": "5100", "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
    for _ in range(8):
        driver.seconds += 10
        values = [{"timestamp": "2026-11-22T08:00:00Z", "sampledValue": [sample]}]
        driver.say("MeterValues", {"connectorId": 1, "meterValue": values})
    (reading,) = driver.station.evses[1].readings.values()
    assert reading.value == 5100


def test_a_session_out_of_a_queue_does_not_push_out_the_one_that_runs() -> None:
    driver = Driver()
    driver.boot()
    running = started(driver, meter=5000)
    late = started(driver, tag="04B2", meter=1000, back_s=7200)
    assert [one.id for one in driver.station.open_transactions] == [str(running)]
    stop(driver, late, 4000)
    energy(driver, "6000", transactionId=running)
    assert [one.energy_wh for one in driver.station.open_transactions] == [1000]
    assert [(one.id, one.energy_wh) for one in driver.station.past] == [(str(late), 3000)]
    assert Code.MISSING_STOP not in driver.codes()


def test_a_session_that_seemed_to_be_over_and_goes_on_runs_again() -> None:
    driver, id = interrupted()
    available(driver)
    assert not driver.station.open_transactions
    driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Charging"})
    energy(driver, "3000", transactionId=id)
    (running,) = driver.station.open_transactions
    assert (running.id, running.energy_wh, running.unsure) == (str(id), 2000, False)
    assert driver.station.past == ()
