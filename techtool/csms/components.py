"""2.x tells by component and variable how it is: in events, as it happens, and in reports, when it is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from techtool.csms import lenient
from techtool.csms.hearing import Hearing
from techtool.csms.problems import Place
from techtool.csms.version import Payload
from techtool.station.changes import Described, StatusSaid
from techtool.station.findings import Code, Severity
from techtool.station.model import Make

_WELL = frozenset({"Available", "Occupied", "Reserved"})
"""Statuses of a connector with which nothing is wrong; Unavailable may be one that was taken out of service."""
_WRONG = frozenset({"Problem", "Tripped", "Overload"})
"""Variables that say, when they are true, that something is wrong."""
_STATEFUL = ("ChargingStation", "EVSE", "Connector")


class _Told(NamedTuple):
    """What a charger told of a variable of a component."""

    component: Payload
    name: str
    """Of the component."""
    variable: str
    value: str
    tech: str | None = None
    info: str | None = None


def status(place: Place, said: str | None, hearing: Hearing, since: datetime | None = None) -> None:
    """How a connector is, or every connector of an EVSE. Why it is Faulted, another message tells."""
    problems = hearing.memory.past.problems
    if said in _WELL:
        problems.well(place)
        hearing.say(StatusSaid(*place, said, "NoError", since=since))
        return
    hearing.say(StatusSaid(*place, said, since=since))
    if said == "Faulted":
        text, subject = problems.faulted(place)
        hearing.find(Code.CHARGER_FAULT, text, subject, Severity.FAULT)


def events(request: Payload, hearing: Hearing) -> None:
    """NotifyEvent."""
    hearing.when(request.get("generatedAt"), live=False)
    for event in lenient.items(request.get("eventData")):
        component = lenient.obj(event.get("component"))
        name = lenient.text(component.get("name")) or ""
        variable = lenient.text(lenient.obj(event.get("variable")).get("name")) or ""
        value = lenient.text(event.get("actualValue")) or ""
        if event.get("cleared") is True and variable in _WRONG:
            value = "false"
        tech, info = lenient.text(event.get("techCode")), lenient.text(event.get("techInfo"))
        if not _taken(_Told(component, name, variable, value, tech, info), hearing):
            more = "".join(f", {one[:100]}" for one in (tech, info) if one)
            where = lenient.obj(component.get("evse"))
            evse, connector = lenient.place(where.get("id")), lenient.place(where.get("connectorId"))
            place = f" on EVSE {evse}" if evse else ""
            fault = tells_fault(event)
            hearing.find(
                Code.CHARGER_FAULT if fault else Code.CHARGER_EVENT,
                f"{name}/{variable} is {value[:100]}{place}{more}.",
                subject=f"{name}/{variable}/{evse or 0}/{connector or 0}",
                severity=Severity.FAULT if fault else Severity.INFO,
            )


def tells_fault(event: Payload) -> bool:
    """Whether an event of a NotifyEvent says that something is wrong."""
    variable = lenient.text(lenient.obj(event.get("variable")).get("name"))
    value = lenient.text(event.get("actualValue")) or ""
    if variable in _WRONG and event.get("cleared") is True:
        return False
    return value == "Faulted" or (variable in _WRONG and value.lower() == "true")


_NAMED = {
    ("ChargingStation", "VendorName"): "vendor",
    ("ChargingStation", "Model"): "model",
    ("ChargingStation", "SerialNumber"): "serial",
    ("ChargingStation", "FirmwareVersion"): "firmware",
    ("FiscalMetering", "Model"): "meter_type",
    ("FiscalMetering", "SerialNumber"): "meter_serial",
}
"""What a charger says of itself when it boots, it says in a report, too."""


def report(request: Payload, hearing: Hearing) -> None:
    """NotifyReport: whatever of it tells how the charger is and what it is."""
    hearing.when(request.get("generatedAt"), live=False)
    told = lenient.items(request.get("reportData"))
    make: dict[str, str] = {}
    for one in told:
        component = lenient.obj(one.get("component"))
        name = lenient.text(component.get("name")) or ""
        variable = lenient.text(lenient.obj(one.get("variable")).get("name")) or ""
        value = _actual(one)
        if value is not None and not _taken(_Told(component, name, variable, value), hearing):
            make |= {_NAMED[name, variable]: value} if (name, variable) in _NAMED else {}
    if make:
        hearing.say(Described(Make(**make)))
    count = "1 variable" if len(told) == 1 else f"{len(told):,} variables"
    more = "more to come" if request.get("tbc") is True else "complete"
    hearing.find(Code.CHARGER_EVENT, f"It sent a report: {count} in this part, {more}.", "report", Severity.INFO)


def _actual(told: Payload) -> str | None:
    for attribute in lenient.items(told.get("variableAttribute")):
        if attribute.get("type") in (None, "Actual"):
            return lenient.text(attribute.get("value"))
    return None


def _taken(told: _Told, hearing: Hearing) -> bool:
    """Whether this told how the charger is, so that the event itself need not be told."""
    place = place_of(told.component, told.name)
    if place is None:
        return False
    if told.variable == "AvailabilityState" and told.name in _STATEFUL and told.value:
        if told.value == "Faulted" and (told.tech or told.info):
            _wrong(place, told, hearing)
        status(place, told.value, hearing)
        return True
    if told.variable not in _WRONG:
        return False
    if told.value.lower() == "true":
        _wrong(place, told, hearing)
        return True
    problems = hearing.memory.past.problems
    if not problems.ended(place, told.name, told.variable):
        return False
    other = problems.at(place)
    if other is None:
        hearing.say(StatusSaid(*place, None, "NoError"))
    else:
        hearing.say(StatusSaid(*place, None, other.component, other.info, None, other.tech))
    text = f"{told.name} does not report {told.variable} on {place} any more."
    subject = f"{told.name}/{told.variable}/{place.evse}/{place.connector}"
    hearing.find(Code.CHARGER_EVENT, text, subject, Severity.INFO)
    return True


def _wrong(place: Place, told: _Told, hearing: Hearing) -> None:
    problem = hearing.memory.past.problems.began(place, told.name, told.variable, told.tech, told.info)
    hearing.say(StatusSaid(*place, None, told.name, told.info, None, told.tech))
    hearing.find(Code.CHARGER_FAULT, problem.text, problem.subject, Severity.FAULT)


def place_of(component: Payload, name: str) -> Place | None:
    """Where a component is; None where it says so in a way that names no place."""
    if "evse" not in component or name == "ChargingStation":
        return Place(0, 0) if name not in ("EVSE", "Connector") else None
    where = lenient.obj(component["evse"])
    return named(where.get("id"), where.get("connectorId"))


def named(evse: Any, connector: Any) -> Place | None:
    """The place that two numbers name; None where they are no numbers of places."""
    at_evse, at_connector = lenient.place(evse), lenient.place(connector)
    if at_evse is None or (at_connector is None and connector is not None):
        return None
    return Place(at_evse, at_connector if at_evse or at_connector else 0)
