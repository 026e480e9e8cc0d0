"""Values that are old say so where they stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rich.text import Text

from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look
from techtool.screens.widgets.meter_lines import meter_lines, short_lines
from techtool.station.measure import CURRENT, ENERGY, POWER, SOC, VOLTAGE
from techtool.station.model import Evse, Reading, ReadingKey, Transaction
from tests.csms.driving import START
from tests.screens.making import Visit, running, settled, shown

INK = INKS["night"]
COLUMN = 37
"""What one of two columns has room for on 80 cells."""
CHARGING = Evse(
    1,
    readings={
        ReadingKey(what, phase, None): Reading(value, unit, START, None, None, str(value))
        for what, phase, value, unit in (
            (CURRENT, "L1", 15.9, "A"),
            (VOLTAGE, "L1", 231.0, "V"),
            (POWER, None, 10.98, "kW"),
            (ENERGY, None, 114_531.0, "Wh"),
            (SOC, None, 57.0, "Percent"),
        )
    },
    transaction=Transaction("1007", 1, energy_wh=330.0),
    metered=START,
    sample_interval_s=10.0,
)


def look(age: float) -> Look:
    return Look(INK, START + timedelta(seconds=age), None, "night")


def is_warned(line: Text) -> bool:
    """The whole line is in the ink of a warning."""
    return [(span.start, span.end, span.style) for span in line.spans] == [(0, len(line), INK.warn)]


def lines(evse: Evse, age: float, room: int = COLUMN, *, standing: bool = True) -> list[str]:
    told = meter_lines(evse, look(age), [1.0, 2.0], room, standing=standing)
    assert all(one.cell_len <= room for one in told)
    assert all(is_warned(one) == ("! " in one.plain) for one in told[:-1])
    return [one.plain for one in told]


FRESH = ["    L1   15.9 A   231 V", "    P    10.98 kW   SoC 57 %   ▅█", "    E    0.330 kWh  since start"]
STALE = ["    L1   15.9 A   231 V   ! 81 s old", "  ! P    10.98 kW   SoC 57 %", "  ! E    0.330 kWh  since start"]


def test_stale_values_carry_it_themselves() -> None:
    assert lines(CHARGING, 3) == [*FRESH, "    age  3 s  (sample every 10 s)"]
    assert lines(CHARGING, 81) == [*STALE, "    age  81 s  ! stale (every 10 s)"]
    assert lines(CHARGING, 81, 60) == [
        "    L1   15.9 A   231 V   ! 81 s old",
        "    P    10.98 kW   SoC 57 %   ! 81 s old",
        "    E    0.330 kWh  since start   ! 81 s old",
        "    age  81 s  ! stale  (sample every 10 s)",
    ]


@pytest.mark.parametrize("evse", [CHARGING._replace(sample_interval_s=100.0), CHARGING._replace(transaction=None)])
def test_without_a_link_nothing_newer_is_to_come(evse: Evse) -> None:
    assert lines(evse, 81)[:2] == FRESH[:2]
    assert lines(evse, 81, standing=False)[:2] == STALE[:2]
    assert lines(evse, 3, standing=False)[:2] == FRESH[:2]


@pytest.mark.parametrize("age", [3, 100, 7_199, 86_400])
@pytest.mark.parametrize("interval", [0.3, 1.0, 60.0, 900.0, 86_400.0])
def test_how_old_the_values_are_is_never_cut(age: float, interval: float) -> None:
    *_, told = lines(CHARGING._replace(sample_interval_s=interval), age)
    assert told.startswith("    age  ") and told.endswith((")", " s", " min", " h", "stale"))


def test_the_column_beside_the_pages_carries_it_too() -> None:
    def told(age: float, *, standing: bool) -> tuple[str, bool, int]:
        first, *more = short_lines(CHARGING, look(age), [1.0, 2.0], 59, standing=standing)
        return first.plain, is_warned(first), len(more)

    flows = "   10.98 kW   15.9 A   0.330 kWh"
    assert told(3, standing=True) == (flows, False, 2)
    assert told(81, standing=True) == (f"{flows}   ! 81 s old", True, 1)
    assert told(9, standing=False) == (f"{flows}   ! 9 s old", True, 1)


@pytest.mark.parametrize("gone", ["silent", "lost"])
async def test_a_page_without_a_living_link_shows_no_value_as_live(visit: Visit, gone: str) -> None:
    visit.charging()
    visit.ping()
    if gone == "lost":
        visit.lost()
    visit.clock.advance(88)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        text = shown(app)
        for told in ("L1   15.9 A   231 V   ! 91 s old", "P    10.98 kW   ! 91 s old", "  ! E    0.330 kWh"):
            assert told in text
        assert "     age  91 s  ! stale (every 10 s)" in text
