"""Statuses as the picture keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from techtool.station.model import Connector
from tests.csms.driving import START, Driver


def faulted(driver: Driver, **more: str) -> Connector:
    status = {"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure", "timestamp": driver.stamp}
    driver.say("StatusNotification", status | more)
    return driver.station.evse(1).connectors[1]


@pytest.mark.parametrize(
    "more",
    [
        {"errorCode": "OverCurrentFailure"},
        {"info": "RCD tripped again"},
        {"vendorId": "ACME", "vendorErrorCode": "0x32"},
    ],
)
def test_what_is_said_anew_of_the_same_status_does_not_begin_it_again(more: dict[str, str]) -> None:
    driver = Driver()
    driver.boot()
    first = faulted(driver)
    driver.seconds += 90
    now = faulted(driver, **more)
    assert (first.since, now.since) == (START, START)
    assert (now.error, now.info, now.vendor_id, now.vendor_error) == (
        more.get("errorCode", "GroundFailure"),
        more.get("info"),
        more.get("vendorId"),
        more.get("vendorErrorCode"),
    )


def test_another_status_begins_when_it_is_told() -> None:
    driver = Driver()
    driver.boot()
    faulted(driver)
    driver.seconds += 90
    assert faulted(driver, status="Available").since == START + timedelta(seconds=90)
