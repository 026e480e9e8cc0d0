"""Whether a link that stands is dead all the same: nothing comes that is due. Pure."""

from __future__ import annotations

from datetime import datetime

from techtool.station.model import Link, LinkState

PING_S = 30.0
"""Who answers pings gets one so often."""
HEARTBEAT_S = 300.0
"""What is expected of a charger that was told no interval."""
SHORTEST_S = 60.0


def silent_s(link: Link, now: datetime) -> float | None:
    """For how many seconds nothing at all was heard, where that is too long; None where all is well.

    A half-open socket is kept for long, and looks like a charger that has nothing to say. A service port is
    asked all the time, and has its own way to say that nobody answers.
    """
    if link.state is not LinkState.CONNECTED or link.at_a_port or link.heard is None:
        return None
    due = PING_S if link.ping_ms is not None else link.heartbeat_interval or HEARTBEAT_S
    silent = (now - link.heard).total_seconds()
    return silent if silent > max(2 * due, SHORTEST_S) else None


def pings(link: Link, now: datetime) -> bool:
    """Its ping is the one of now: the last one was answered."""
    return link.ponged is not None and (now - link.ponged).total_seconds() <= 2 * PING_S
