"""What can happen to a charger, as values. The wires say what happened; the fold makes a picture of it.

Named tuples, because making the classes costs a tenth of what dataclasses cost, at every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from techtool.station.findings import Code, Severity
from techtool.station.model import Make, Reading, ReadingKey, Transaction


class Stamp(NamedTuple):
    """When a change became known, and which record shows it."""

    at: datetime
    record: int


class Linked(NamedTuple):
    """A link to the charger stands."""

    connection: int
    protocol: str
    address: str | None = None
    offered: tuple[str, ...] = ()
    path: str | None = None
    user: str | None = None


class Unlinked(NamedTuple):
    """A link ended."""

    connection: int
    code: int | None
    reason: str
    by: str
    silent_s: float | None = None
    """Seconds between the last thing heard and the end."""
    rebooting: bool = False
    """It had accepted a Reset."""


class Heard(NamedTuple):
    """Something came from the charger; told at most once a second."""

    connection: int


class Ponged(NamedTuple):
    """The charger answered a ping."""

    ms: float


class Booted(NamedTuple):
    """The charger said what it is."""

    make: Make
    reason: str | None
    triggered: bool


class Described(NamedTuple):
    """The charger said what it is, without a boot."""

    make: Make


class BootAnswered(NamedTuple):
    """The laptop answered the boot."""

    status: str
    interval: int | None
    """Seconds between Heartbeats."""


class Heartbeat(NamedTuple):
    """The charger gave a sign of life."""


class ClockRead(NamedTuple):
    """A message showed the charger's clock."""

    offset_s: float


class StatusSaid(NamedTuple):
    """A connector told its status, or what is wrong with it. None leaves what is known as it is."""

    evse: int
    connector: int | None
    """None where it was said of the EVSE as a whole."""
    status: str | None
    error: str | None = None
    """With it the cause is told anew: info and the vendor's words belong to it."""
    info: str | None = None
    vendor_id: str | None = None
    vendor_error: str | None = None
    since: datetime | None = None
    """Where it tells for how long it has been so."""


class Metered(NamedTuple):
    """Values were measured."""

    evse: int | None
    """None where only the transaction was named."""
    readings: Mapping[ReadingKey, Reading]
    transaction: str | None = None


class Authorized(NamedTuple):
    """A token was shown, and answered."""

    id_token: str
    status: str | None


class TransactionBegan(NamedTuple):
    """A transaction runs."""

    transaction: Transaction


class TransactionUpdated(NamedTuple):
    """A running transaction said more of itself. None leaves what is known as it is."""

    id: str
    evse: int | None = None
    state: str | None = None
    seq_no: int | None = None
    id_token: str | None = None
    id_token_type: str | None = None
    authorization: str | None = None
    offline: bool = False


class TransactionEnded(NamedTuple):
    """A transaction is over."""

    id: str
    evse: int | None
    ended: datetime | None
    reason: str | None
    meter_stop_wh: float | None = None
    seq_no: int | None = None
    offline: bool = False
    nameless: bool = False
    """The id is none that a transaction can have: other sessions may be told with it, too."""
    id_token: str | None = None
    """The card that ended it."""


class TransactionVanished(NamedTuple):
    """A transaction does not run any more, though nobody said that it ended; its end may still come."""

    id: str
    evse: int
    earlier: Transaction | None = None
    """It vanished in an earlier visit, as this one."""


class FirmwareSaid(NamedTuple):
    """The charger told how a firmware update goes."""

    status: str
    request_id: int | None = None


class LogSaid(NamedTuple):
    """The charger told how a log upload goes."""

    status: str
    request_id: int | None = None


class AnsweredLate(NamedTuple):
    """An answer came after it had been given up."""

    seconds: float
    """From the question on."""


class Said(NamedTuple):
    """The charger said something in words that nothing is known of."""

    text: str


class Found(NamedTuple):
    """Something is not as it should be."""

    code: Code
    text: str
    subject: str = ""
    severity: Severity = Severity.WARNING


Change = (
    Linked
    | Unlinked
    | Heard
    | Ponged
    | Booted
    | Described
    | BootAnswered
    | Heartbeat
    | ClockRead
    | StatusSaid
    | Metered
    | Authorized
    | TransactionBegan
    | TransactionUpdated
    | TransactionEnded
    | TransactionVanished
    | FirmwareSaid
    | LogSaid
    | AnsweredLate
    | Said
    | Found
)
