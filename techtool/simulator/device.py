"""The device model of a simulated 2.x charging station: reading, writing, reporting."""

from __future__ import annotations

import re
from dataclasses import replace

from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import choice, need, take
from techtool.simulator.variables import RW, WO, Variable, inventory

_Key = tuple[str, str | None, int | None, int | None, str, str | None]
_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,9})?", re.ASCII)
_HIDDEN = ("OrganizationName", "NetworkProfileConnectionAttempts")
"""Quirk ``hidden-keys``."""
_SUMMARY = ("AvailabilityState", "Problem", "Available")
ATTRIBUTES = ("Actual", "Target", "MinSet", "MaxSet")


def _key(one: Variable) -> _Key:
    return (one.component.lower(), None, one.evse, one.connector, one.name.lower(), one.instance)


class DeviceModel:
    """All variables with their values."""

    def __init__(self, options: SimulatorOptions) -> None:
        self._quirks = options.quirks
        self._version = options.version
        self._variables = {_key(one): one for one in inventory(options)}
        self._hidden = _HIDDEN if "hidden-keys" in options.quirks else ()
        if "local-list-disabled" in options.quirks:
            self.put("LocalAuthListCtrlr", "Enabled", "false")

    def __len__(self) -> int:
        return len(self._variables)

    def value(self, component: str, name: str, instance: str | None = None) -> str:
        """A value of the station as a whole; empty if there is no such variable."""
        found = self._variables.get((component.lower(), None, None, None, name.lower(), instance))
        return "" if found is None else found.value

    def put(
        self,
        component: str,
        name: str,
        value: str,
        instance: str | None = None,
        evse: int | None = None,
        connector: int | None = None,
    ) -> None:
        """Set a value, unasked and unchecked."""
        key = (component.lower(), None, evse, connector, name.lower(), instance)
        if key in self._variables:
            self._variables[key] = replace(self._variables[key], value=value)

    def most(self, component: str, name: str) -> int:
        """The maxLimit of a number."""
        found = self._variables.get((component.lower(), None, None, None, name.lower(), None))
        return int(found.most) if found is not None and found.most is not None else 0

    def get(self, item: Payload) -> Payload:
        """One GetVariableResult."""
        key, attribute, row = self._look(item)
        found = self._variables.get(key)
        if found is None:
            return row | {"attributeStatus": self._unknown(key)}
        if attribute != "Actual":
            return row | {"attributeStatus": "NotSupportedAttributeType"}
        if found.mutability == WO:
            return row | {"attributeStatus": "Rejected"}
        return row | {"attributeStatus": "Accepted", "attributeValue": found.value}

    def set(self, item: Payload) -> tuple[Payload, Variable | None]:
        """One SetVariableResult, and the variable if it has a new value that counts at once."""
        value = need(item, "attributeValue", str)
        key, attribute, row = self._look(item)
        found = self._variables.get(key)
        if "ignores-writes" in self._quirks:
            return row | {"attributeStatus": "Accepted"}, None
        if "accepts-everything" in self._quirks:
            component, variable = item["component"]["name"], item["variable"]["name"]
            found = found or Variable(component, variable, "", "string", RW, key[5], evse=key[2], connector=key[3])
            self._variables[key] = replace(found, value=value)
            return row | {"attributeStatus": "Accepted"}, self._variables[key]
        if found is None:
            return row | {"attributeStatus": self._unknown(key)}, None
        if attribute != "Actual":
            return row | {"attributeStatus": "NotSupportedAttributeType"}, None
        if "stores-junk" in self._quirks and found.kind == "boolean" and not fits(found, value):
            value = "false"
        if found.mutability not in (RW, WO) or not fits(found, value):
            return row | {"attributeStatus": "Rejected"}, None
        self._variables[key] = replace(found, value=value)
        if found.reboot:
            return row | {"attributeStatus": "RebootRequired"}, None
        return row | {"attributeStatus": "Accepted"}, self._variables[key]

    def report(self, base: str) -> list[Payload]:
        """The rows of a base report."""
        known = [one for one in self._variables.values() if one.name not in self._hidden]
        return [_row(one) for one in known if _belongs(one, base)]

    def chosen(self, wanted: list[tuple[str, int | None, str | None]]) -> list[Payload]:
        """The rows of a GetReport: component, EVSE and variable, None for any."""
        return [
            _row(one)
            for one in self._variables.values()
            if any(
                one.component.lower() == component.lower()
                and (evse is None or one.evse == evse)
                and (one.name not in self._hidden if name is None else one.name.lower() == name.lower())
                for component, evse, name in wanted
            )
        ]

    def _look(self, item: Payload) -> tuple[_Key, str, Payload]:
        """Which variable is meant, which attribute, and the row of an answer that names it."""
        component, variable = need(item, "component", dict), need(item, "variable", dict)
        evse = take(component, "evse", dict)
        attribute = choice(item, "attributeType", ATTRIBUTES) if "attributeType" in item else "Actual"
        key = (
            need(component, "name", str).lower(),
            take(component, "instance", str),
            None if evse is None else need(evse, "id", int),
            None if evse is None else take(evse, "connectorId", int),
            need(variable, "name", str).lower(),
            take(variable, "instance", str),
        )
        row: Payload = {"component": component, "variable": variable}
        return key, attribute, {"attributeType": attribute, **row} if "attributeType" in item else row

    def _unknown(self, key: _Key) -> str:
        return "UnknownVariable" if any(one[:4] == key[:4] for one in self._variables) else "UnknownComponent"


def fits(variable: Variable, value: str) -> bool:
    """Whether a variable can have this value."""
    low = -float("inf") if variable.least is None else variable.least
    high = float("inf") if variable.most is None else variable.most
    match variable.kind:
        case "boolean":
            return value in ("true", "false")
        case "integer":
            return _INTEGER.fullmatch(value) is not None and low <= int(value) <= high
        case "decimal":
            return _DECIMAL.fullmatch(value) is not None and low <= float(value) <= high
        case "OptionList":
            return value in (variable.values or "").split(",")
        case "MemberList" | "SequenceList":
            items = value.split(",") if value else []
            return len(set(items)) == len(items) and set(items) <= set((variable.values or "").split(","))
    return max(0, low) <= len(value) <= min(high, 1000)


def _belongs(variable: Variable, base: str) -> bool:
    match base:
        case "ConfigurationInventory":
            return variable.mutability in (RW, WO)
        case "SummaryInventory":
            return variable.name in _SUMMARY and variable.component in ("ChargingStation", "EVSE", "Connector")
    return True


def _row(one: Variable) -> Payload:
    component: Payload = {"name": one.component}
    if one.evse is not None:
        component["evse"] = {"id": one.evse}
        if one.connector is not None:
            component["evse"]["connectorId"] = one.connector
    variable: Payload = {"name": one.name}
    if one.instance is not None:
        variable["instance"] = one.instance
    attribute: Payload = {"type": "Actual"}
    if one.mutability != WO:
        attribute["value"] = one.value
    attribute["mutability"] = one.mutability
    features: Payload = {"dataType": one.kind, "supportsMonitoring": False}
    for name, value in (
        ("unit", one.unit),
        ("minLimit", one.least),
        ("maxLimit", one.most),
        ("valuesList", one.values),
    ):
        if value is not None:
            features[name] = value
    return {
        "component": component,
        "variable": variable,
        "variableAttribute": [attribute],
        "variableCharacteristics": features,
    }
