"""The line above every page."""

from __future__ import annotations

import pytest

from techtool.screens.desk import Desk
from techtool.screens.header import header
from techtool.screens.themes import INKS
from techtool.screens.widgets.look import Look
from tests.screens.making import Visit


def line(visit: Visit, width: int = 80, *, paused: bool = False, chosen: str | None = None) -> str:
    """The header as it is drawn: the left gives way to the right."""
    desk = Desk(visit.session, clock=visit.clock)
    desk.chosen = chosen
    left, right = header(desk, Look(INKS["night"], desk.now, None, "night"), width, paused=paused)
    assert right.cell_len <= width
    shown: str = left.plain[: width - right.cell_len] + right.plain
    return shown


def faulty(visit: Visit, identity: str, connection: int) -> None:
    visit.link(identity, connection=connection)
    payload = {"connectorId": 1, "errorCode": "GroundFailure", "status": "Faulted", "timestamp": visit.stamp()}
    visit.call("StatusNotification", payload, {}, connection=connection)


def test_a_fault_of_another_charger_has_its_name(visit: Visit) -> None:
    visit.link("AAA")
    faulty(visit, "BBB", 2)
    assert "!! FAULT BBB" in line(visit, chosen="AAA")
    assert "!! FAULT" in line(visit, chosen="BBB")
    assert "!! FAULT BBB" not in line(visit, chosen="BBB")
    faulty(visit, "CCC", 3)
    assert "!! FAULT BBB +1" in line(visit, chosen="AAA")


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("trouble", [None, "The disk is full."])
def test_the_link_is_never_cut(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, trouble: str | None, paused: bool
) -> None:
    monkeypatch.setattr(type(visit.session), "trouble", property(lambda _: trouble))
    visit.link("A-CHARGER-WITH-A-LONG-NAME")
    visit.boot(chargePointVendor="A maker of chargers", chargePointModel="A large model")
    faulty(visit, "B-CHARGER-WITH-A-LONG-NAME", 2)
    visit.clock.advance(9)
    said = line(visit, paused=paused, chosen="A-CHARGER-WITH-A-LONG-NAME")
    assert " OK 00:00:09" in said and "!! FAULT B-" in said and "   A-" in said
    assert ("PAUSED" in said) is paused
    assert trouble is None or paused or "!! not recorded" in said, "the banner says it, too"
    visit.ping()
    visit.clock.advance(91)
    assert " !  silent 00:01:31" in line(visit, paused=paused, chosen="A-CHARGER-WITH-A-LONG-NAME")
    visit.lost()
    visit.clock.advance(72)
    assert " !! hung up 00:01:12 ago" in line(visit, paused=paused, chosen="A-CHARGER-WITH-A-LONG-NAME")


def test_with_room_all_of_it_is_there(visit: Visit) -> None:
    visit.charging()
    assert "CP001   ACME WallBox 22   ocpp1.6   OK 00:10:23   rec " in line(visit)
