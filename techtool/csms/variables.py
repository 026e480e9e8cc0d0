"""The variables of a 2.x charger: their names, and what a report or an answer tells of one. Pure.

Sources: OCPP 2.0.1 part 1, 4 (device model); part 2, B05 to B08.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from techtool.csms import lenient
from techtool.csms.parts import Parts

ACTUAL = "Actual"
_NAME = re.compile(
    r"(?P<component>[^/\[\]@]+)(?:\[(?P<kind>[^\]]*)\])?/(?P<variable>[^/\[\]@]+)(?:\[(?P<instance>[^\]]*)\])?"
    r"(?:@(?P<evse>\d{1,3})(?:\.(?P<connector>\d{1,3}))?)?"
)


_MARKS = re.compile(r"[/\[\]@%]|^\s|\s$")
"""What separates the parts of a name; within a part it is written as in a URL, ``%40`` for ``@``."""


class Place(NamedTuple):
    """Which variable of which component."""

    component: str
    variable: str
    instance: str | None = None
    """Of the variable."""
    evse: int | None = None
    connector: int | None = None
    kind: str | None = None
    """The component's instance."""

    @property
    def name(self) -> str:
        """``Component/Variable``, with ``[instance]`` and ``@evse.connector`` where it has them.

        What separates these is written ``%40`` and the like where a part has it in itself.
        """
        part = f"[{_quoted(self.kind)}]" if self.kind else ""
        of = f"[{_quoted(self.instance)}]" if self.instance else ""
        at = f"@{self.evse}" + (f".{self.connector}" if self.connector is not None else "")
        whole = f"{_quoted(self.component)}{part}/{_quoted(self.variable)}{of}"
        return whole + at if self.evse is not None else whole

    @property
    def payload(self) -> dict[str, Any]:
        """Component and variable, as messages name them."""
        component: dict[str, Any] = {"name": self.component}
        if self.kind:
            component["instance"] = self.kind
        if self.evse is not None:
            component["evse"] = {"id": self.evse}
            if self.connector is not None:
                component["evse"]["connectorId"] = self.connector
        variable: dict[str, Any] = {"name": self.variable}
        if self.instance:
            variable["instance"] = self.instance
        return {"component": component, "variable": variable}

    @property
    def folded(self) -> tuple[Any, ...]:
        """The same however it is written: names are compared without regard to case (part 1, 4.1)."""
        return tuple(one.casefold() if isinstance(one, str) else one for one in self)


def place_of(name: str) -> Place | None:
    """The place of a name as :attr:`Place.name` writes it; None where it is none."""
    found = _NAME.fullmatch(name.strip())
    if found is None:
        return None
    evse, connector = found["evse"], found["connector"]
    return Place(
        unquote(found["component"]),
        unquote(found["variable"]),
        unquote(found["instance"] or "") or None,
        int(evse) if evse is not None else None,
        int(connector) if connector is not None else None,
        unquote(found["kind"] or "") or None,
    )


def _quoted(part: str) -> str:
    return _MARKS.sub(lambda found: "".join(f"%{one:02X}" for one in found[0].encode()), part)


def place_in(item: dict[str, Any]) -> Place | None:
    """The place that an item of a message names."""
    component, variable = lenient.obj(item.get("component")), lenient.obj(item.get("variable"))
    name, of = lenient.text(component.get("name")), lenient.text(variable.get("name"))
    if name is None or of is None:
        return None
    evse = lenient.obj(component.get("evse"))
    return Place(
        name,
        of,
        lenient.text(variable.get("instance")),
        lenient.place(evse.get("id")),
        lenient.place(evse.get("connectorId")),
        lenient.text(component.get("instance")),
    )


class Attribute(NamedTuple):
    """One of the values that a variable has."""

    type: str
    """``Actual``, ``Target``, ``MinSet`` or ``MaxSet``."""
    value: str | None
    """None where none was told."""
    mutability: str | None = None
    """``ReadOnly``, ``WriteOnly`` or ``ReadWrite``; None where it was not told, which means ReadWrite."""


class Traits(NamedTuple):
    """What a variable is, as the charger describes it."""

    unit: str | None = None
    type: str | None = None
    """As DataEnumType names it: ``integer``, ``MemberList`` and so on."""
    least: float | None = None
    most: float | None = None
    """Of a number; of a text how many characters."""
    members: tuple[str, ...] = ()


class Variable(NamedTuple):
    """A variable as the charger told it."""

    place: Place
    attributes: tuple[Attribute, ...] = ()
    traits: Traits = Traits()

    def attribute(self, type: str = ACTUAL) -> Attribute | None:
        """The value of this type; None where it has none."""
        return next((one for one in self.attributes if one.type == type), None)

    def joined(self, later: Variable) -> Variable:
        """With what was told of it later."""
        new = {one.type for one in later.attributes}
        kept = [one for one in self.attributes if one.type not in new]
        traits = later.traits if later.traits != Traits() else self.traits
        return Variable(self.place, (*kept, *later.attributes), traits)


def variable_in(item: dict[str, Any]) -> Variable | None:
    """What an item of a NotifyReport tells."""
    place = place_in(item)
    if place is None:
        return None
    told = lenient.items(item.get("variableAttribute"))
    return Variable(place, tuple(map(_attribute, told)), _traits(lenient.obj(item.get("variableCharacteristics"))))


def _attribute(told: dict[str, Any]) -> Attribute:
    value = told.get("value")
    return Attribute(
        lenient.text(told.get("type")) or ACTUAL,
        value if isinstance(value, str) else lenient.text(value),
        lenient.text(told.get("mutability")),
    )


def _traits(told: dict[str, Any]) -> Traits:
    members = lenient.text(told.get("valuesList"))
    return Traits(
        lenient.text(told.get("unit")),
        lenient.text(told.get("dataType")),
        lenient.number(told.get("minLimit")),
        lenient.number(told.get("maxLimit")),
        tuple(filter(None, (one.strip() for one in members.split(",")))) if members else (),
    )


class VariableReader:
    """One reading of some variables with GetVariables. Ask :meth:`next`, then tell what came of it."""

    def __init__(self, wanted: Sequence[tuple[Place, str]], size: int) -> None:
        """``wanted`` are places with the type of their attribute; ``size`` is how many a question may have."""
        self.values: dict[tuple[Place, str], Attribute] = {}
        """What was told."""
        self.unknown: dict[tuple[Place, str], str] = {}
        """What the charger says that it does not have or show, with its word for that."""
        self.parts: Parts[tuple[Place, str]] = Parts()
        self.parts.put(wanted, max(1, size))

    def next(self) -> dict[str, Any] | None:
        """The payload of the next GetVariables; None when it is over."""
        asked = self.parts.next()
        if not asked:
            return None
        return {"getVariableData": [{**_of(type), **place.payload} for place, type in asked]}

    def answered(self, payload: Any) -> None:
        """An answer came, whatever it holds."""
        asked = {(place.folded, type): (place, type) for place, type in self.parts.asked}
        for item in lenient.items(lenient.obj(payload).get("getVariableResult")):
            place = place_in(item)
            type = lenient.text(item.get("attributeType")) or ACTUAL
            wanted = asked.pop((place.folded, type), None) if place is not None else None
            if wanted is None:
                continue
            status, value = lenient.text(item.get("attributeStatus")), item.get("attributeValue")
            if status == "Accepted" or (status is None and value is not None):
                self.values[wanted] = Attribute(type, value if isinstance(value, str) else lenient.text(value))
            else:
                self.unknown[wanted] = status or "without a status"
        self.parts.answered(list(asked.values()))


def _of(type: str) -> dict[str, str]:
    return {} if type == ACTUAL else {"attributeType": type}
