"""When what was measured was so: at once, or before it was kept while the charger was offline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from techtool.station.findings import Code
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


@pytest.mark.parametrize("protocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
def test_a_status_is_as_old_as_the_charger_says_and_is_no_wrong_clock(protocol: str) -> None:
    """It tells when a status began, and a queue brings those of hours ago."""
    driver = Driver(protocol)
    driver.boot()
    for minutes, connector in ((90, 1), (3 * 1440, 2), (30, 3)):
        stamp = (driver.now.at - timedelta(minutes=minutes)).isoformat()
        told = {"connectorId": connector, "errorCode": "NoError", "status": "Available", "timestamp": stamp}
        if protocol != "ocpp1.6":
            told = {"evseId": connector, "connectorId": 1, "connectorStatus": "Available", "timestamp": stamp}
        driver.say("StatusNotification", told)
    since = [driver.station.evses[one].connectors[1].since for one in (1, 2, 3)]
    assert since == [driver.now.at - timedelta(minutes=minutes) for minutes in (90, 3 * 1440, 30)]
    assert driver.station.clock is None and Code.CLOCK not in driver.codes()


def test_a_status_of_a_clock_that_runs_ahead_or_has_no_date_began_now() -> None:
    driver = Driver()
    driver.boot()
    for stamp in ("1970-01-01T00:00:00Z", (driver.now.at + timedelta(hours=1)).isoformat()):
        driver.seconds += 1
        driver.say("StatusNotification", {**STATUS, "timestamp": stamp, "status": f"Odd{driver.seconds}"})
        assert driver.station.evses[1].connectors[1].since == driver.now.at
    assert "60 min ahead" in driver.finding(Code.CLOCK).text
