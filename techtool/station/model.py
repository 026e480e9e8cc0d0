"""The picture of one charger, for all wires. Immutable: a change makes a new picture.

None means unknown, never zero. All times are aware UTC datetimes of the laptop's clock unless
the field says that it is the charger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from techtool.station.findings import Finding

EMPTY: Mapping[Any, Any] = MappingProxyType({})


class Make(NamedTuple):
    """What the charger says it is."""

    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    firmware: str | None = None
    box_serial: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_type: str | None = None
    meter_serial: str | None = None


class LinkState(StrEnum):
    """Whether the charger can be talked to now."""

    WAITING = "waiting"
    CONNECTED = "connected"
    LOST = "lost"


class Loss(NamedTuple):
    """How a link ended."""

    at: datetime
    code: int | None
    """WebSocket close code; 1006 means no close frame came."""
    reason: str
    by: str
    """``charger``, ``laptop`` or ``network``; ``port`` if a service port was lost."""
    silent_s: float | None
    """Seconds between the last thing heard and the end."""
    rebooting: bool = False
    """It was told to reboot, or was installing firmware: it is expected back."""


class Link(NamedTuple):
    """The wire to the charger."""

    state: LinkState = LinkState.WAITING
    connection: int = 0
    protocol: str | None = None
    """``ocpp1.6``, ``ocpp2.0.1``, ``ocpp2.1``, or a service port's protocol."""
    offered: tuple[str, ...] = ()
    address: str | None = None
    path: str | None = None
    user: str | None = None
    since: datetime | None = None
    heard: datetime | None = None
    heartbeat: datetime | None = None
    heartbeat_interval: int | None = None
    """Seconds, as the laptop's boot answer told the charger."""
    connections: int = 0
    takeovers: int = 0
    ping_ms: float | None = None
    ponged: datetime | None = None
    """When that ping was answered."""
    loss: Loss | None = None

    @property
    def answers_boots(self) -> bool:
        """A boot wants an answer on this wire; at a service port it is only told."""
        return not self.at_a_port

    @property
    def at_a_port(self) -> bool:
        """It is a service port: what only OCPP has is not missing here."""
        return self.protocol is not None and not self.protocol.startswith("ocpp")


@dataclass(frozen=True)
class Boot:
    """The last BootNotification and how it was answered."""

    at: datetime
    status: str | None
    """Accepted, Pending or Rejected; None until the answer has gone out."""
    reason: str | None
    triggered: bool
    """It came because techtool asked for it, so it is no reboot."""
    count: int
    """Boots of this visit that techtool did not ask for."""


class Clock(NamedTuple):
    """The charger's clock against the laptop's."""

    offset_s: float
    """Charger minus laptop, seconds."""
    at: datetime


class Reading(NamedTuple):
    """One measured value."""

    value: float | None
    """None where the charger sent no number."""
    unit: str | None
    at: datetime
    """When the laptop got it."""
    sampled: datetime | None
    """The charger's own time stamp."""
    context: str | None
    text: str
    """The value as sent."""
    kept_s: float = 0.0
    """For how long the charger kept it before it sent it, seconds."""

    @property
    def measured(self) -> datetime:
        """When it was so, by the laptop's clock."""
        return self.at - timedelta(seconds=self.kept_s) if self.kept_s else self.at


class ReadingKey(NamedTuple):
    """What was measured and where."""

    measurand: str
    phase: str | None
    location: str | None


class Connector(NamedTuple):
    """An outlet, or for EVSE 0 the station as a whole."""

    id: int
    status: str | None = None
    since: datetime | None = None
    """When the laptop learnt of this status."""
    error: str | None = None
    """1.6's errorCode, or a 2.x event that says Problem."""
    info: str | None = None
    vendor_id: str | None = None
    vendor_error: str | None = None
    whole: bool = False
    """Its status was told of the EVSE as a whole, not of itself."""
    repeats: int = 0
    """How often the same status was said again."""

    @property
    def faulted(self) -> bool:
        """It says that something is wrong."""
        return self.status == "Faulted" or self.error not in (None, "", "NoError")


class Transaction(NamedTuple):
    """A charging session as the charger and the laptop agreed on it."""

    id: str
    """1.6: the number that the laptop gave; 2.x: the charger's text."""
    evse: int
    connector: int | None = None
    id_token: str | None = None
    id_token_type: str | None = None
    began: datetime | None = None
    """The charger's time stamp of the start."""
    seen: datetime | None = None
    """When the laptop first heard of it."""
    meter_start_wh: float | None = None
    energy_wh: float | None = None
    """Energy since the start, from the meter's register; None also where it stands below the start."""
    register_wh: float | None = None
    """The meter's register as told last, the start included."""
    shrank: bool = False
    """The register fell to about a thousandth, as if it were told in kWh."""
    state: str | None = None
    """2.x: chargingState."""
    authorization: str | None = None
    """What the laptop answered."""
    ended: datetime | None = None
    reason: str | None = None
    seq_no: int | None = None
    offline: bool = False
    """Some of it was sent after the fact."""
    carried: bool = False
    """It began in an earlier visit."""
    unsure: bool = False
    """Nothing was heard of it since the charger booted, or in this visit."""


class Evse(NamedTuple):
    """One place to charge a car at; EVSE 0 is the station itself and its main meter."""

    id: int
    connectors: Mapping[int, Connector] = EMPTY
    readings: Mapping[ReadingKey, Reading] = EMPTY
    transaction: Transaction | None = None
    metered: datetime | None = None
    sample_interval_s: float | None = None
    """Seconds between the last two samples: a value older than twice this is stale."""


class Progress(NamedTuple):
    """The last word of the charger on a firmware update or a log upload."""

    status: str
    at: datetime
    request_id: int | None = None


class Station(NamedTuple):
    """A charger as it is known now: ``station = fold(records)``."""

    identity: str
    make: Make = Make()
    link: Link = Link()
    boot: Boot | None = None
    clock: Clock | None = None
    evses: Mapping[int, Evse] = EMPTY
    past: tuple[Transaction, ...] = ()
    """Ended transactions, oldest first, the last 50."""
    firmware: Progress | None = None
    logs: Progress | None = None
    slowest_answer_s: float | None = None
    """From the question on, of the answers that came when nobody waited for them any more."""
    findings: Mapping[tuple[str, str], Finding] = EMPTY

    def evse(self, id: int) -> Evse:
        """An EVSE as it is known; nothing is known of one that was never spoken of."""
        return self.evses.get(id) or Evse(id)

    def put(self, evse: Evse) -> Station:
        """The station with this EVSE in the place of what was known of it."""
        return self._replace(evses={**self.evses, evse.id: evse})

    @property
    def faults(self) -> tuple[tuple[Evse, Connector], ...]:
        """Every connector that says that something is wrong, in order."""
        return tuple(
            (evse, connector)
            for _, evse in sorted(self.evses.items())
            for _, connector in sorted(evse.connectors.items())
            if connector.faulted
        )

    @property
    def open_transactions(self) -> tuple[Transaction, ...]:
        """The transactions that have begun and not ended, by EVSE."""
        return tuple(e.transaction for _, e in sorted(self.evses.items()) if e.transaction is not None)
