"""GetCompositeSchedule: what all profiles together allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.simulator.electric import NOMINAL_V, PHASES, RATED_A
from techtool.simulator.outbox import Payload

if TYPE_CHECKING:
    from techtool.simulator.charging import Charging

LONGEST_S = 31 * 86400
"""How far it looks ahead."""


def composite(charger: Charging, number: int, duration: float, unit: str) -> list[Payload]:
    """Periods from now on, for a connector or (0) the whole charger; limits in A per phase or W."""
    connector = charger.connectors.get(number)
    transaction = connector.transaction if connector is not None else None
    since = transaction.started if transaction is not None else None
    factor = 1.0 if unit == "A" else NOMINAL_V * PHASES
    # Profiles are written in the time of the back office.
    offset = charger.clock_offset
    start = charger.now + offset
    periods: list[Payload] = []
    for at in charger.profiles.changes(start, duration, None if since is None else since + offset):
        if connector is None:
            station = charger.profiles.limit(0, at, None)[1]
            limit = RATED_A * len(charger.connectors) if station is None else station
        else:
            limit = charger.offered(connector, at - offset, since)
        limit = round(limit * factor, 1)
        if not periods or periods[-1]["limit"] != limit:
            periods.append({"startPeriod": int(at - start), "limit": limit})
    return periods
