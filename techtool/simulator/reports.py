"""What a 2.x charging station answers about its device model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need, objects, take
from techtool.simulator.settings import VARIABLES_2X
from techtool.simulator.variables import Variable

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201

_BASES = ("ConfigurationInventory", "FullInventory", "SummaryInventory")
_NAMES = {place: name for name, place in VARIABLES_2X.items()}
_FEW = 4
"""Quirk ``getconfig-maxkeys``."""


def _items(charger: Charger201, payload: Payload, key: str) -> list[Payload]:
    """The items of a request.

    Raises:
        RefusalError: there is none.
    """
    found = objects(payload, key)
    if not found:
        raise RefusalError("OccurrenceConstraintViolation", f"{key} is empty")
    return found[:_FEW] if "getconfig-maxkeys" in charger.quirks else found


def get_variables(charger: Charger201, payload: Payload) -> Answer:
    """GetVariables."""
    charger.device.put("ClockCtrlr", "DateTime", charger.stamp())
    found = [charger.device.get(item) for item in _items(charger, payload, "getVariableData")]
    return Answer({"getVariableResult": found})


def set_variables(charger: Charger201, payload: Payload) -> Answer:
    """SetVariables; what is written counts once it is answered."""
    results, written = [], []
    for item in _items(charger, payload, "setVariableData"):
        result, variable = charger.device.set(item)
        results.append(result)
        written += [variable] if variable is not None else []

    def apply() -> None:
        for variable in written:
            _take_effect(charger, variable)

    return Answer({"setVariableResult": results}, apply)


def _take_effect(charger: Charger201, variable: Variable) -> None:
    if (variable.component, variable.name) == ("SecurityCtrlr", "BasicAuthPassword"):
        # A01: the station leaves and comes back with the new password.
        charger.password = variable.value
        charger.reconnect()
        return
    charger.changed(_NAMES.get((variable.component, variable.name, variable.instance), ""))


def get_base_report(charger: Charger201, payload: Payload) -> Answer:
    """GetBaseReport, and the NotifyReports that follow."""
    request = need(payload, "requestId", int)
    base = choice(payload, "reportBase", _BASES)
    if "getconfig-silent" in charger.quirks:
        return Answer(None)
    charger.device.put("ClockCtrlr", "DateTime", charger.stamp())
    rows = charger.device.report(base)
    return Answer({"status": "Accepted"}, lambda: _notify(charger, request, rows))


def get_report(charger: Charger201, payload: Payload) -> Answer:
    """GetReport by component and variable; criteria are not done."""
    request = need(payload, "requestId", int)
    if take(payload, "componentCriteria", list):
        return Answer({"status": "NotSupported"})
    wanted: list[tuple[str, int | None, str | None]] = []
    for item in objects(payload, "componentVariable"):
        component, variable = need(item, "component", dict), take(item, "variable", dict)
        evse = take(component, "evse", dict)
        wanted.append(
            (
                need(component, "name", str),
                None if evse is None else need(evse, "id", int),
                None if variable is None else need(variable, "name", str),
            )
        )
    rows = charger.device.chosen(wanted) if wanted else charger.device.report("FullInventory")
    if not rows:
        return Answer({"status": "EmptyResultSet"})
    return Answer({"status": "Accepted"}, lambda: _notify(charger, request, rows))


def _notify(charger: Charger201, request: int, rows: list[Payload]) -> None:
    """NotifyReport page by page."""
    size = max(1, charger.whole("page", 50))
    pages = [rows[at : at + size] for at in range(0, len(rows), size)]
    first = 1 if "seqno-from-1" in charger.quirks else 0
    if "empty-report" in charger.quirks:
        pages, first = [[]], 1
    for number, page in enumerate(pages):
        charger.send(
            "NotifyReport",
            {
                "requestId": request,
                "generatedAt": charger.stamp(),
                "tbc": number < len(pages) - 1,
                "seqNo": number + first,
                "reportData": page,
            },
            early=True,
        )
