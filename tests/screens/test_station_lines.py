"""A charger in lines, without any screen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from techtool.knowledge.errors import explanations
from techtool.knowledge.faults import explained
from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look
from techtool.screens.widgets.station_lines import advice, connector_lines, live_lines
from techtool.station.measure import CURRENT, ENERGY, POWER, SOC, VOLTAGE
from techtool.station.model import Connector, Evse, Link, LinkState, Reading, ReadingKey, Station, Transaction
from tests.csms.driving import START


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


@pytest.mark.parametrize("protocol", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
@pytest.mark.parametrize("status", ["Available", "Faulted"])
def test_an_error_with_an_unknown_name_is_not_explained_by_what_the_connector_does(
    status: str, protocol: str
) -> None:
    text = advised(Connector(1, status, error="GroundFaultProtection"), protocol)
    assert text == (
        "GroundFaultProtection is not in techtool's list of errors: what it means is not known here. "
        "Check first: Look for this name in the vendor's manual; ask what the display or the LED shows"
    )


def test_what_a_vendor_calls_it_is_looked_for_first_and_a_hostile_name_is_shown_safely() -> None:
    assert "Ground or residual-current protection tripped" in advised(
        Connector(1, "Faulted", error="Gremlin", vendor_error="CX002")
    )
    text = advised(Connector(1, "Faulted", error="\x1b[2J" * 50))
    assert text.startswith("\\x1b[2J") and text.isprintable() and len(text) < 400


def test_what_a_service_port_says_in_words_is_not_called_unknown() -> None:
    assert advised(Connector(1, "Available", error="the relay sticks"), "openevse") == ""


def test_every_row_reads_as_advice() -> None:
    for row in explanations():
        text = " ".join(advice(row, 1000))
        assert text.startswith(f"{row.meaning}."), row
        assert ("Likely: " in text, "Check first: " in text) == (bool(row.causes), bool(row.check)), row
        assert not text.endswith((": ", ": .")), row


def live(evse: Evse) -> str:
    station = Station("CP1", link=Link(LinkState.CONNECTED), evses={evse.id: evse})
    look = Look(INKS["sun"], START, None, "sun")
    return "\n".join(one.plain for one in live_lines(station, look, {}, 59))


@pytest.mark.parametrize(
    ("amps", "shown"),
    [({None: 15.4}, "15.4 A"), ({"L1": 16.0, "L2": 15.9, "L3": 0.0}, "16.0 / 15.9 / 0.0 A"), ({None: 0.0}, None)],
)
def test_what_flows_is_told_also_where_nobody_speaks_of_a_session(
    amps: dict[str | None, float], shown: str | None
) -> None:
    """A service port knows no transactions, and an OpenEVSE tells no power."""
    readings = {
        ReadingKey(CURRENT, phase, None): Reading(value, "A", START, None, None, str(value))
        for phase, value in amps.items()
    }
    evse = Evse(1, {1: Connector(1, "Charging", START)}, readings, metered=START)
    assert (shown in live(evse)) if shown else (" A" not in live(evse).replace(" Available", ""))


def card(evse: Evse, width: int) -> list[str]:
    look = Look(INKS["sun"], evse.metered or START, None, "sun")
    return [one.plain for one in connector_lines(evse, look, [], width, standing=True)]


CONTRACT = "DE-8AA-C12345678-9-0123456789ABCDEF"
SESSION = "6fa3c1f0-8a2b-4c3d-9e4f-0123456789ab"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, [f"    tag  {CONTRACT}   tx {SESSION}"]),
        (60, [f"    tag  {CONTRACT}", f"    tx {SESSION}"]),
        (40, [f"    tag  {CONTRACT[:28]}~", f"    tx {SESSION[:30]}~"]),
    ],
)
def test_a_token_and_its_session_are_whole_where_there_is_room(width: int, shown: list[str]) -> None:
    evse = Evse(1, {1: Connector(1, "Occupied", START)}, transaction=Transaction(SESSION, 1, id_token=CONTRACT))
    assert card(evse, width)[1:] == shown


def test_a_hostile_token_stays_in_its_line() -> None:
    evse = Evse(1, transaction=Transaction("\x1b[2J" * 40, 1, id_token="\n\u202e" * 500))
    assert all(len(one) <= 38 and one.isprintable() for one in card(evse, 40))


def metered(*told: tuple[str, float, str, datetime]) -> Evse:
    """At a service port: no session, no phases, and values that do not all come at once."""
    readings = {
        ReadingKey(name, None, "EV" if name == SOC else "Outlet"): Reading(value, unit, at, None, None, str(value))
        for name, value, unit, at in told
    }
    return Evse(1, {1: Connector(1, "Charging", START)}, readings, metered=max(at for *_, at in told))


LATER = START + timedelta(seconds=150)


@pytest.mark.parametrize(
    ("evse", "shown"),
    [
        (metered((SOC, 57.0, "Percent", START)), ["    SoC 57 %"]),
        (metered((SOC, 57.0, "Percent", START), (POWER, 11.0, "kW", START)), ["    P    11.00 kW   SoC 57 %"]),
        (
            metered((SOC, 57.0, "Percent", START), (POWER, 11.0, "kW", LATER)),
            ["    P    11.00 kW", "    SoC 57 %   ! 2 min old"],
        ),
        (
            metered((SOC, 57.0, "Percent", LATER), (POWER, 11.0, "kW", START)),
            ["    P    11.00 kW   ! 2 min old", "    SoC 57 %"],
        ),
    ],
)
def test_how_full_the_battery_is_and_how_old_that_is(evse: Evse, shown: list[str]) -> None:
    assert card(evse, 40)[1:-1] == shown


def test_the_curve_of_the_power_takes_the_room_that_is_left() -> None:
    evse = metered((SOC, 100.0, "Percent", START), (POWER, 11.0, "kW", START))
    look = Look(INKS["sun"], START, None, "sun")
    for width, curve in ((40, 6), (80, 12)):
        (power,) = (
            one.plain
            for one in connector_lines(evse, look, [1.0] * 20, width, standing=True)
            if " P " in one.plain
        )
        assert power == f"    P    11.00 kW   SoC 100 %   {look.levels[-1] * curve}"


def test_absurd_values_stay_in_their_columns() -> None:
    what = (
        (CURRENT, "L1", "A"),
        (VOLTAGE, "L1", "V"),
        (POWER, None, "W"),
        (ENERGY, None, "Wh"),
        (SOC, None, "Percent"),
    )
    readings = {
        ReadingKey(name, phase, None): Reading(-1e300, unit, START, None, None, "-1e300")
        for name, phase, unit in what
    }
    session = Transaction("7", 1, energy_wh=1e300, register_wh=1e300)
    evse = Evse(1, {1: Connector(1, "Charging", START)}, readings, session, metered=START)
    shown = card(evse, 40)
    assert "    L1   -1.0e+300 A   -1.0e+300 V" in shown
    assert "    E    1.0e+297 kWh  since start" in shown
    assert all(len(one) <= 38 for one in shown)
    assert all(len(one) <= 59 for one in live(evse).splitlines())
