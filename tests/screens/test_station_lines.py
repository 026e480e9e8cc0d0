"""A charger in lines, without any screen."""

from __future__ import annotations

import pytest

from techtool.knowledge.errors import explanations
from techtool.screens.widgets.station_lines import advice, explained
from techtool.station.model import Connector, Link, Station


def advised(connector: Connector, protocol: str = "ocpp2.0.1") -> str:
    found = explained(Station("CP1", link=Link(protocol=protocol)), connector)
    return " ".join(advice(found, 1000)) if found is not None else ""


@pytest.mark.parametrize("protocol", ["ocpp2.0.1", "ocpp2.1"])
def test_a_2x_fault_without_a_cause_says_where_to_look_for_it(protocol: str) -> None:
    text = advised(Connector(1, "Faulted"), protocol)
    assert text.startswith("Out of order; the status names no cause. Likely: the charger tells it in an event")
    assert "Check first: The events and findings on this page" in text


def test_the_cause_is_explained_before_the_status() -> None:
    assert "Residual current device tripped" in advised(Connector(1, "Faulted", error="RCD"))
    assert "no single part" in advised(Connector(1, "Faulted", error="Connector"))
    assert "Residual current device tripped" in advised(Connector(1, "Occupied", error="RCD"))


def test_an_unknown_error_is_not_explained_by_what_the_connector_does() -> None:
    assert advised(Connector(1, "Available", error="Gremlin")) == ""
    assert advised(Connector(1, "Available", error="Gremlin"), "ocpp1.6") == ""


def test_every_row_reads_as_advice() -> None:
    for row in explanations():
        text = " ".join(advice(row, 1000))
        assert text.startswith(f"{row.meaning}."), row
        assert ("Likely: " in text, "Check first: " in text) == (bool(row.causes), bool(row.check)), row
        assert not text.endswith((": ", ": .")), row
