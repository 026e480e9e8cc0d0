"""One picture per page and size. ``pytest --snapshot-update`` makes them anew after a change that was meant."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.pictures import STAGED, TRIED, press
from tests.screens.making import Visit, opened, settled
from tests.screens.openevse import at_openevse, with_a_car
from tests.screens.still import at_a_port, on_its_way

SIZES = ((80, 24), (160, 50))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["link", "status", "trace"])
def test_page(visit: Visit, snap_compare: Any, page: str, size: tuple[int, int]) -> None:
    if page != "link":
        visit.charging()
        visit.odd()
    visit.knock()

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press({"link": "1", "status": "2", "trace": "6"}[page])
        await settled(pilot)

    assert snap_compare(visit.app(theme="night"), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_settings(visit: Visit, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot)
        at_openevse(visit)
        await press(pilot, *STAGED)

    assert snap_compare(visit.app(theme="night"), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_a_release_that_was_tried(visit: Visit, snap_compare: Any, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot)
        with_a_car(visit)
        await press(pilot, *TRIED)

    assert snap_compare(visit.app(theme="night"), terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_a_firmware_on_its_way(visit: Visit, snap_compare: Any, size: tuple[int, int]) -> None:
    at_a_port(visit)

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await on_its_way(pilot)

    assert snap_compare(visit.app(theme="night"), terminal_size=size, run_before=before)


def test_fault_in_the_sun(visit: Visit, snap_compare: Any) -> None:
    visit.charging()
    visit.fault()

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press("2")
        await settled(pilot)

    assert snap_compare(visit.app(theme="sun"), terminal_size=(80, 24), run_before=before)
