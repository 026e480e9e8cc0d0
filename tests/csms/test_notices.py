"""Nothing that a charger says is lost: it changes the picture, or is told in a sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from techtool.csms import schemas
from techtool.csms.versions import version
from techtool.station.findings import Code, Finding, Severity
from techtool.station.model import Link, Station
from tests.csms.driving import Driver
from tests.examples import example

CHANGES_NOTHING = {
    "Heartbeat": "a sign of life: the link shows when it came",
    "Authorize": "a card that was shown is an event, which listen and the Status page tell; nothing of it stays",
}
MESSAGES = [
    (protocol, action)
    for protocol in schemas.PROTOCOLS
    for action in sorted(version(protocol).answers.keys() | version(protocol).unsolicited.keys())
]
BESIDE = {Code.CLOCK, Code.TIMESTAMP, Code.SCHEMA, Code.BEFORE_BOOT, Code.REUSED_ID}
"""Findings about how a message is written, not about what it says."""


def send(driver: Driver, action: str, payload: Any) -> None:
    if action in version(driver.protocol).unsolicited:
        driver.raw(json.dumps([6, f"s{driver.number}", action, payload]).encode())
    else:
        driver.say(action, payload)


def shown(station: Station) -> Station:
    """What the picture shows, without what any message at all changes in it."""
    findings = {key: one for key, one in station.findings.items() if one.code not in BESIDE}
    return station._replace(link=Link(), clock=None, findings=findings)


@pytest.mark.parametrize(("protocol", "action"), MESSAGES)
def test_every_message_tells_something(protocol: str, action: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    before = shown(driver.station)
    driver.seconds += 5
    send(driver, action, example(protocol, action))
    assert (shown(driver.station) == before) == (action in CHANGES_NOTHING)
    assert Code.SCHEMA not in driver.codes() and Code.NOT_UNDERSTOOD not in driver.codes()


def told(driver: Driver) -> Finding:
    return driver.finding(Code.CHARGER_EVENT)


def test_an_external_limit_is_told_until_it_is_cleared() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    schedule = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}]}
    limit = {"chargingLimitSource": "EMS", "isGridCritical": True}
    driver.say("NotifyChargingLimit", {"evseId": 1, "chargingLimit": limit, "chargingSchedule": [schedule]})
    assert told(driver).text == "An external limit is set on EVSE 1 by EMS, 16 A, critical for the grid."
    driver.say("ClearedChargingLimit", {"evseId": 1, "chargingLimitSource": "EMS"})
    assert told(driver).text == "The external limit on EVSE 1 by EMS is cleared."


@pytest.mark.parametrize(
    ("ended", "severity", "word"), [(False, Severity.WARNING, "stands"), (True, Severity.INFO, "over")]
)
def test_a_grid_alarm_is_a_warning_while_it_stands(ended: bool, severity: Severity, word: str) -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    for one in (False, ended):
        alarm = {"controlType": "EnterService", "gridEventFault": "OverVoltage", "alarmEnded": one}
        driver.say("NotifyDERAlarm", {**alarm, "timestamp": driver.stamp})
    assert told(driver).severity is severity
    assert "Grid alarm OverVoltage" in told(driver).text and word in told(driver).text


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_what_techtool_refuses_is_said(protocol: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    driver.say("SignCertificate", {"csr": "-----BEGIN"})
    assert told(driver).text == "It wants a certificate signed (its own); techtool signs none."


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_a_makers_own_message_is_one_finding_however_often_it_comes(protocol: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    for number in range(3):
        driver.say("DataTransfer", {"vendorId": "com.acme", "messageId": "Ping", "data": str(number)})
    assert (told(driver).count, told(driver).severity) == (3, Severity.INFO)
    assert "(vendorId com.acme, messageId Ping)" in told(driver).text


def test_profiles_are_told_by_id_and_purpose() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    schedule = {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}]}
    profile = {
        "id": 7,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": [schedule],
    }
    report = {"requestId": 1, "chargingLimitSource": "CSO", "evseId": 2, "chargingProfile": [profile]}
    driver.say("ReportChargingProfiles", report)
    assert told(driver).text == "On EVSE 2 it has 1 charging profile of CSO (7 TxDefaultProfile)."


# --- reports -----------------------------------------------------------------------------------------------


def variable(component: str, name: str, value: str, evse: dict[str, int] | None = None) -> dict[str, Any]:
    return {
        "component": {"name": component} | ({"evse": evse} if evse else {}),
        "variable": {"name": name},
        "variableAttribute": [{"type": "Target", "value": "other"}, {"value": value}],
    }


def report(driver: Driver, *variables: dict[str, Any], **more: Any) -> None:
    driver.say(
        "NotifyReport",
        {"requestId": 5, "generatedAt": driver.stamp, "seqNo": 0, "reportData": list(variables), **more},
    )


def test_a_report_tells_how_the_charger_is_and_what_it_is() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    place = {"id": 1, "connectorId": 2}
    report(
        driver,
        variable("ChargingStation", "SerialNumber", "88034"),
        variable("ChargingStation", "FirmwareVersion", "5.5.10"),
        variable("FiscalMetering", "SerialNumber", "ABC-123"),
        variable("EVSE", "AvailabilityState", "Available", {"id": 2}),
        variable("Connector", "AvailabilityState", "Faulted", place),
        variable("RCD", "Tripped", "true", place),
        variable("TemperatureSensor", "Problem", "false", {"id": 3}),
        tbc=True,
    )
    station = driver.station
    assert (station.make.serial, station.make.firmware, station.make.meter_serial) == (
        "88034",
        "5.5.10",
        "ABC-123",
    )
    assert station.make.vendor == "ACME", "what it does not tell stays"
    assert station.evses[2].connectors[1].status == "Available"
    connector = station.evses[1].connectors[2]
    assert (connector.status, connector.error) == ("Faulted", "RCD")
    assert driver.finding(Code.CHARGER_FAULT).text == "RCD reports Tripped on EVSE 1 connector 2."
    assert set(station.evses) == {1, 2}
    assert told(driver).text == "It sent a report: 7 variables in this part, more to come."


def test_a_report_without_the_problem_ends_it() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    report(driver, variable("RCD", "Problem", "true", {"id": 1}))
    assert driver.station.faults
    report(driver, variable("RCD", "Problem", "false", {"id": 1}))
    assert not driver.station.faults
    texts = {one.text for one in driver.station.findings.values() if one.code is Code.CHARGER_EVENT}
    assert texts == {
        "It sent a report: 1 variable in this part, complete.",
        "RCD does not report Problem on EVSE 1 any more.",
    }
