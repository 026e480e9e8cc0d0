"""What stands in the street: connectors, cars, cards and transactions of one charger."""

from __future__ import annotations

from dataclasses import dataclass

from techtool.simulator.electric import Outlet


@dataclass(slots=True)
class Transaction:
    """One charging session."""

    uid: str
    """2.x: chosen by the charger."""
    token: str
    token_type: str
    started: float
    meter_start: int
    """Wh."""
    number: int | None = None
    """1.6: chosen by the back office, None until it has."""
    group: str | None = None
    remote_start_id: int | None = None
    seq: int = 0
    reported: str = ""
    """The charging state last told."""
    stop_token: str | None = None
    answered: bool = False
    """1.6: StartTransaction got its answer."""


@dataclass(slots=True)
class Permit:
    """A card was accepted and no car is there yet, or the other way round."""

    token: str
    token_type: str
    group: str | None = None
    remote_start_id: int | None = None


@dataclass(slots=True)
class Reservation:
    """A connector is kept for a card."""

    id: int
    token: str
    group: str | None
    until: float


@dataclass(slots=True)
class Connector:
    """One plug. In 2.x it is connector 1 of the EVSE with its number."""

    id: int
    outlet: Outlet
    plugged: bool = False
    operative: bool = True
    fault: str | None = None
    suspended: bool = False
    """The car does not want to charge."""
    local_limit: float | None = None
    """A per phase, set at the charger."""
    finishing: bool = False
    """The transaction is over, the cable is still in."""
    permit: Permit | None = None
    transaction: Transaction | None = None
    reservation: Reservation | None = None
    reported: str | None = None
    """The status last sent."""
    pending: str | None = None
    """A change to Inoperative or Operative that waits for the end of the transaction."""


STOP_REASONS = (
    "Local", "Remote", "EVDisconnected", "SoftReset", "HardReset", "Reboot", "DeAuthorized",
    "UnlockCommand", "Fault",
)  # fmt: skip
"""Why a transaction ends; each version has its own words for it."""

STATES = ("Charging", "SuspendedEV", "SuspendedEVSE")
"""What a transaction does, in the words that all versions share."""
