"""When what was measured was so: at once, or before it was kept while the charger was offline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from techtool.station.model import Reading
from tests.csms.driving import START, Driver

STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


def measured(driver: Driver, *, ago_s: float, ahead_s: float = 0.0) -> Reading:
    """A power that a charger tells which measured it so long ago, and whose clock is ahead."""
    stamp = (START + timedelta(seconds=driver.seconds + ahead_s - ago_s)).isoformat()
    sample = {"value": "9999", "measurand": "Power.Active.Import", "unit": "W"}
    values = [{"timestamp": stamp, "sampledValue": [sample]}]
    driver.say("MeterValues", {"connectorId": 1, "meterValue": values})
    (reading,) = driver.station.evses[1].readings.values()
    return reading


def test_what_was_kept_for_hours_is_as_old_as_it_says() -> None:
    driver = Driver()
    driver.boot()
    reading = measured(driver, ago_s=7200)
    assert (reading.at - reading.measured).total_seconds() == 7200
    assert driver.station.evses[1].metered == reading.measured, "the page shows its age"


@pytest.mark.parametrize("ahead_s", [0.0, -25.0, 3600.0])
def test_the_charger_s_clock_is_taken_into_account(ahead_s: float) -> None:
    driver = Driver()
    driver.boot()
    stamp = (START + timedelta(seconds=driver.seconds + ahead_s)).isoformat()
    driver.say("StatusNotification", {**STATUS, "timestamp": stamp})
    assert measured(driver, ago_s=5, ahead_s=ahead_s).kept_s == 0, "it takes some time to send the others, too"
    driver.seconds += 120
    stamp = (START + timedelta(seconds=driver.seconds + ahead_s)).isoformat()
    driver.say("StatusNotification", {**STATUS, "timestamp": stamp})  # one that lags may have been kept; two agree
    assert measured(driver, ago_s=100, ahead_s=ahead_s).kept_s == pytest.approx(100, abs=6)


def test_a_charger_without_a_clock_keeps_nothing_for_fifty_years() -> None:
    driver = Driver()
    driver.boot()
    assert measured(driver, ago_s=50 * 366 * 86_400).kept_s == 0


def test_an_old_value_does_not_take_the_place_of_a_new_one() -> None:
    driver = Driver()
    driver.boot()
    new = measured(driver, ago_s=0)
    driver.seconds += 5
    assert measured(driver, ago_s=300) == new
