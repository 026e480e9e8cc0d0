"""When a charger may be asked for the BootNotification that it did not send. Pure.

Some units really reboot on that, and a session that runs ends with it (FIELD.md, rows 12 and 13).
"""

from __future__ import annotations

from techtool.station.findings import Code
from techtool.station.model import Station

REBOOTED_S = 30.0
"""A link that ends sooner than this after such a question, and before the answer to it, may have ended by it."""
BACK_S = 180.0
"""It did where the charger boots by itself so soon after it."""

LEFT = (
    "Its link ended when techtool asked it for a BootNotification. Perhaps it reboots on that: techtool does not "
    "ask again in this visit."
)
REBOOTED = "It rebooted when techtool asked it for a BootNotification; techtool will not ask again."
REBOOTED_BEFORE = (
    "It rebooted in an earlier visit when techtool asked it for a BootNotification; techtool does not ask for one."
)

_IN_SESSION = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE"})
"""1.6 statuses of a connector with a session, also one that began under another back office."""


def may_be_asked(station: Station | None) -> bool:
    """No session is known to run there, and it is not known to reboot on that question."""
    if station is None:
        return True
    if station.open_transactions or (Code.REBOOTS_WHEN_ASKED.value, "") in station.findings:
        return False
    connectors = [one for evse in station.evses.values() for one in evse.connectors.values()]
    return all(one.status not in _IN_SESSION for one in connectors)
