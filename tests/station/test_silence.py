"""When a link that stands is called silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from techtool.station.model import Link, LinkState
from techtool.station.silence import pings, silent_s

HEARD = datetime(2026, 5, 4, 10, 44, tzinfo=UTC)
LINK = Link(LinkState.CONNECTED, protocol="ocpp1.6", heard=HEARD, heartbeat_interval=300)
PINGED = LINK._replace(ping_ms=4.0, ponged=HEARD)


@pytest.mark.parametrize(
    ("link", "due"),
    [
        (LINK, 600),
        (LINK._replace(heartbeat_interval=86_400), 172_800),
        (LINK._replace(heartbeat_interval=10), 60),
        (LINK._replace(heartbeat_interval=None), 600),
        (LINK._replace(heartbeat_interval=0), 600),
        (PINGED, 60),
        (PINGED._replace(heartbeat_interval=86_400), 60),
    ],
)
def test_nothing_for_twice_as_long_as_is_due(link: Link, due: int) -> None:
    assert silent_s(link, HEARD + timedelta(seconds=due)) is None
    assert silent_s(link, HEARD + timedelta(seconds=due + 1)) == due + 1


@pytest.mark.parametrize(
    "link",
    [
        PINGED._replace(state=LinkState.LOST),
        PINGED._replace(state=LinkState.WAITING),
        PINGED._replace(heard=None),
        LINK._replace(protocol="openevse"),
    ],
)
def test_who_has_no_link_or_is_at_a_service_port_is_not_called_silent(link: Link) -> None:
    assert silent_s(link, HEARD + timedelta(days=30)) is None


def test_a_ping_is_old_when_the_next_ones_are_not_answered() -> None:
    assert not pings(LINK, HEARD)
    assert pings(PINGED, HEARD + timedelta(seconds=60))
    assert not pings(PINGED, HEARD + timedelta(seconds=61))
