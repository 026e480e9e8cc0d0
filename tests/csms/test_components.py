"""2.x tells how it is by statuses, events and reports together: one picture, one finding a fault."""

from __future__ import annotations

from typing import Any

import pytest

from techtool.station.findings import Code, Severity
from techtool.station.model import Connector
from tests.csms.driving import Driver


@pytest.fixture(params=["ocpp2.0.1", "ocpp2.1"])
def driver(request: pytest.FixtureRequest) -> Driver:
    driver = Driver(request.param)
    driver.boot()
    return driver


def status(driver: Driver, said: str, evse: int = 2, connector: int | None = 1) -> None:
    place = {"evseId": evse} | ({"connectorId": connector} if connector is not None else {})
    driver.say("StatusNotification", {"timestamp": driver.stamp, "connectorStatus": said, **place})


def event(
    driver: Driver,
    component: str,
    variable: str,
    value: str,
    evse: int | None = 2,
    connector: int | None = 1,
    **more: Any,
) -> None:
    where = {"id": evse} | ({"connectorId": connector} if connector is not None else {})
    data = {
        "eventId": 1,
        "timestamp": driver.stamp,
        "trigger": "Delta",
        "actualValue": value,
        "eventNotificationType": "HardWiredNotification",
        "component": {"name": component} | ({"evse": where} if evse is not None else {}),
        "variable": {"name": variable},
        **more,
    }
    driver.say("NotifyEvent", {"generatedAt": driver.stamp, "tbc": False, "seqNo": 0, "eventData": [data]})


def problem(driver: Driver, component: str = "Connector", **more: Any) -> None:
    event(driver, component, "Problem", "true", **{"techCode": "CX002", "techInfo": "RCD tripped", **more})


def over(driver: Driver, component: str = "Connector", **more: Any) -> None:
    event(driver, component, "Problem", "false", cleared=True, **more)


def at(driver: Driver, evse: int = 2, connector: int = 1) -> Connector:
    return driver.station.evses[evse].connectors[connector]


def cause(driver: Driver, evse: int = 2, connector: int = 1) -> tuple[str | None, str | None, str | None]:
    one = at(driver, evse, connector)
    return one.error, one.vendor_error, one.info


CAUSE = ("Connector", "CX002", "RCD tripped")
WELL = ("NoError", None, None)


# --- causes ------------------------------------------------------------------------------------------------


def test_a_status_that_tells_no_cause_leaves_the_one_that_stands(driver: Driver) -> None:
    problem(driver)
    status(driver, "Faulted")
    assert (at(driver).status, cause(driver)) == ("Faulted", CAUSE)
    status(driver, "Unavailable")
    assert cause(driver) == CAUSE, "taken out of service, it is not well"


@pytest.mark.parametrize("well", ["Available", "Occupied", "Reserved"])
def test_a_status_that_says_it_is_well_ends_the_cause(driver: Driver, well: str) -> None:
    problem(driver)
    status(driver, "Faulted")
    status(driver, well)
    assert cause(driver) == WELL
    status(driver, "Faulted")
    assert cause(driver) == WELL, "a new fault has not the cause of the old one"


def test_an_event_that_clears_it_ends_the_cause(driver: Driver) -> None:
    problem(driver)
    status(driver, "Faulted")
    over(driver)
    assert (at(driver).status, cause(driver)) == ("Faulted", WELL)
    told = driver.finding(Code.CHARGER_EVENT)
    assert (told.text, told.severity) == (
        "Connector does not report Problem on EVSE 2 connector 1 any more.",
        Severity.INFO,
    )


def test_of_two_causes_the_one_that_is_not_over_is_left(driver: Driver) -> None:
    problem(driver)
    problem(driver, "RCD", techCode="X1", techInfo="leakage")
    over(driver, "RCD")
    assert cause(driver) == CAUSE
    problem(driver, "RCD", techCode="X1", techInfo="leakage")
    over(driver)
    assert cause(driver) == ("RCD", "X1", "leakage")


def test_what_was_never_wrong_is_not_over(driver: Driver) -> None:
    problem(driver)
    over(driver, "TemperatureSensor")
    assert cause(driver) == CAUSE
    over(driver, "TemperatureSensor", evse=3)
    assert 3 not in driver.station.evses


def test_what_is_wrong_with_an_evse_is_wrong_with_all_its_connectors(driver: Driver) -> None:
    for connector in (1, 2):
        status(driver, "Available", connector=connector)
    problem(driver, "RCD", connector=None)
    assert cause(driver) == cause(driver, connector=2) == ("RCD", "CX002", "RCD tripped")
    assert set(driver.station.evses[2].connectors) == {1, 2}
    over(driver, "RCD", connector=None)
    assert cause(driver) == cause(driver, connector=2) == WELL


@pytest.mark.parametrize("variable", ["Tripped", "Overload"])
def test_a_component_that_tripped_is_a_problem(driver: Driver, variable: str) -> None:
    event(driver, "RCD", variable, "true")
    assert cause(driver)[0] == "RCD"
    assert driver.finding(Code.CHARGER_FAULT).severity is Severity.FAULT
    event(driver, "RCD", variable, "false")
    assert cause(driver) == WELL


# --- findings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(problem, status), (status, problem)])
def test_one_fault_is_one_finding(driver: Driver, order: Any) -> None:
    for one in order:
        if one is status:
            status(driver, "Faulted")
        else:
            problem(driver)
    found = driver.finding(Code.CHARGER_FAULT)
    assert found.text == "Connector reports Problem on EVSE 2 connector 1: CX002, RCD tripped."
    assert (found.severity, found.count, len(found.records)) == (Severity.FAULT, 2, 2)


def test_two_faults_are_two_findings(driver: Driver) -> None:
    problem(driver)
    status(driver, "Faulted")
    problem(driver, "RCD", connector=None)
    status(driver, "Faulted", evse=1)
    told = {one.text for one in driver.station.findings.values() if one.code is Code.CHARGER_FAULT}
    assert told == {
        "Connector reports Problem on EVSE 2 connector 1: CX002, RCD tripped.",
        "RCD reports Problem on EVSE 2: CX002, RCD tripped.",
        "EVSE 1 connector 1 says Faulted.",
    }


def test_a_fault_of_the_station_is_the_stations(driver: Driver) -> None:
    problem(driver, "ChargingStation", evse=None)
    assert cause(driver, 0, 0)[0] == "ChargingStation"
    assert driver.finding(Code.CHARGER_FAULT).text.startswith("ChargingStation reports Problem on the station")
    over(driver, "ChargingStation", evse=None)
    assert not driver.station.faults


# --- statuses by events ------------------------------------------------------------------------------------


def availability(driver: Driver, component: str, said: str, connector: int | None = None, **more: Any) -> None:
    event(driver, component, "AvailabilityState", said, connector=connector, **more)


def test_the_state_of_a_connector_is_its_status(driver: Driver) -> None:
    availability(driver, "Connector", "Faulted", 1, techCode="CX002", techInfo="RCD tripped")
    assert (at(driver).status, cause(driver)) == ("Faulted", CAUSE)
    assert driver.finding(Code.CHARGER_FAULT).severity is Severity.FAULT
    availability(driver, "Connector", "Available", 1)
    assert (at(driver).status, cause(driver)) == ("Available", WELL)


def statuses(driver: Driver) -> list[str | None]:
    return [one.status for one in driver.station.evses[2].connectors.values()]


def test_the_state_of_an_evse_is_the_status_of_its_connectors(driver: Driver) -> None:
    availability(driver, "EVSE", "Faulted")
    assert statuses(driver) == ["Faulted"], "it has one connector, told of or not"
    assert driver.finding(Code.CHARGER_FAULT).text == "EVSE 2 says Faulted."
    availability(driver, "EVSE", "Occupied")
    assert statuses(driver) == ["Occupied"]
    status(driver, "Occupied")
    status(driver, "Available", connector=2)
    availability(driver, "EVSE", "Faulted")
    assert statuses(driver) == ["Faulted", "Faulted"]
    availability(driver, "EVSE", "Available")
    assert statuses(driver) == ["Available", "Available"]
    assert cause(driver) == WELL


def test_an_evse_that_is_well_does_not_hide_its_faulty_connector(driver: Driver) -> None:
    status(driver, "Available", connector=2)
    problem(driver)
    status(driver, "Faulted")
    availability(driver, "EVSE", "Available")
    availability(driver, "EVSE", "Occupied")
    assert statuses(driver) == ["Available", "Faulted"]
    assert cause(driver) == CAUSE
    status(driver, "Faulted")
    assert driver.finding(Code.CHARGER_FAULT).text.endswith("RCD tripped.")


def test_a_fault_of_nobody_knows_what_is_told(driver: Driver) -> None:
    availability(driver, "Connector", "Faulted", evse=None)
    assert driver.station.evses == {}
    assert driver.finding(Code.CHARGER_FAULT).text == "Connector/AvailabilityState is Faulted."


def test_other_events_are_told_and_are_no_fault(driver: Driver) -> None:
    event(driver, "CPPWMController", "State", "B")
    assert driver.finding(Code.CHARGER_EVENT).text == "CPPWMController/State is B on EVSE 2."
    assert not driver.station.evses


# --- places ------------------------------------------------------------------------------------------------

NO_PLACE = [-1, 1.5, "left", 1000, None, [1], {"id": 1}, True]


@pytest.mark.parametrize("number", NO_PLACE)
def test_a_status_of_no_connector_changes_none(number: Any) -> None:
    driver = Driver()
    driver.boot()
    said = {"connectorId": number, "errorCode": "NoError", "status": "Available"}
    assert driver.say("StatusNotification", said) == {}
    assert driver.station.evses == {}
    found = driver.finding(Code.ODD_PLACE)
    assert found.severity is Severity.WARNING and "It says Available of connectorId " in found.text


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("99999999999999999999", "99999999999999999999"),
        ("-" + "9" * 60, "-" + "9" * 39 + "…"),
        ("1e300", "1e+300"),
    ],
)
def test_a_number_that_no_connector_has_is_told_as_it_came(number: str, told: str) -> None:
    driver = Driver()
    driver.boot()
    driver.raw(f'[2,"x","StatusNotification",{{"connectorId":{number},"status":"Available"}}]'.encode())
    assert f"It says Available of connectorId {told}: " in driver.finding(Code.ODD_PLACE).text


def test_a_status_without_a_connector_changes_none() -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", {"errorCode": "GroundFailure", "status": "Faulted"})
    assert driver.station.evses == {}
    assert driver.finding(Code.ODD_PLACE).severity is Severity.FAULT


@pytest.mark.parametrize("number", NO_PLACE)
def test_in_2x_neither(driver: Driver, number: Any) -> None:
    said = {"timestamp": driver.stamp, "connectorStatus": "Faulted"}
    driver.say("StatusNotification", {**said, "evseId": number, "connectorId": 1})
    if number is not None:  # a connector that is not named leaves the EVSE as a whole
        driver.say("StatusNotification", {**said, "evseId": 1, "connectorId": number})
    event(driver, "EVSE", "AvailabilityState", "Faulted", evse=number if number is not None else -1)
    assert driver.station.evses == {}
    assert Code.ODD_PLACE in driver.codes() and Code.CHARGER_FAULT in driver.codes()


def test_a_status_without_its_connector_is_the_evses(driver: Driver) -> None:
    status(driver, "Available", connector=None)
    assert statuses(driver) == ["Available"]


def test_a_number_written_as_text_is_a_number() -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", {"connectorId": "2", "errorCode": "NoError", "status": "Available"})
    assert at(driver).status == "Available"
    assert Code.ODD_PLACE not in driver.codes() and Code.SCHEMA in driver.codes()


def test_problems_do_not_grow_without_end(driver: Driver) -> None:
    for number in range(1100):
        problem(driver, f"Part{number}")
    over(driver, "Part1099")
    assert cause(driver)[0] == "Part1098"
    over(driver, "Part1")
    assert cause(driver)[0] == "Part1098", "it is forgotten"
