"""Transactions that are told in disorder: a clock that was set back, events out of a queue."""

from __future__ import annotations

from tests.csms.driving import Driver
from tests.csms.test_reading import event, started
from tests.station.test_consequences import energy


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


def test_the_session_of_which_the_charger_speaks_is_the_one_that_runs() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    driver.seconds += 60
    event(driver, "Started", "tx2", 0, evse=1)
    event(driver, "Updated", "tx1", 1)
    assert running(driver) == ["tx1"]
    event(driver, "Updated", "tx2", 1)
    assert running(driver) == ["tx2"]


def test_an_offline_event_out_of_a_queue_does_not_push_out_the_session_that_runs() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    event(driver, "Started", "tx1", 0, evse=1)
    driver.seconds += 60
    event(driver, "Started", "tx2", 0, evse=1)
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
