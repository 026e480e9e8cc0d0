"""The configuration keys of the simulated 1.6 charger, for pictures: it answers at once."""

from __future__ import annotations

from typing import Any

from techtool.jobs.configuration import OcppConfiguration
from techtool.simulator.keys16 import TABLE
from tests.jobs.chargers import Answer, Played
from tests.screens.making import Visit


def with_keys(visit: Visit) -> None:
    """A charger that charges, and its keys."""
    visit.charging()
    values = {one.name: one.value for one in TABLE if one.kind != "key"}
    readonly = {one.name for one in TABLE if one.readonly}

    def answer(action: str, payload: dict[str, Any]) -> Answer:
        if action == "ChangeConfiguration":
            values[payload["key"]] = payload["value"]
            return {"status": "Accepted"}
        wanted = payload.get("key") or list(values)
        rows = [{"key": one, "readonly": one in readonly, "value": values[one]} for one in wanted if one in values]
        return {"configurationKey": rows, "unknownKey": [one for one in wanted if one not in values]}

    able = OcppConfiguration(Played("ocpp1.6", answer))
    visit.session.able._configuration = lambda identity: able  # type: ignore[method-assign]
