"""What every wire at a service port is to the session and to the fronts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from techtool.serviceport.port import Settings
from techtool.station.firmware import Firmware
from techtool.station.outcomes import Outcome
from techtool.station.reboot import Reboot
from techtool.station.release import Release
from techtool.station.settings import Configuration

CANNOT: Mapping[str, str] = MappingProxyType(
    {
        "auth": "Nothing is known that releases charging over this wire.",
        "config": "Nothing is known of its settings. A profile says what a box has: `techtool profile list`.",
        "firmware": "This wire takes no firmware.",
        "logs": "Nothing is known of a log over this wire; what passes is in the trace.",
        "reboot": "Nothing is known that restarts it over this wire. Switch its power off and on.",
        "trigger": "A service port is asked all the time: there is nothing to trigger.",
        "type": "No lines are typed here: this is no console. `techtool call` sends what its protocol has.",
        "url": "There is no URL here: the charger is at a service port.",
    }
)
"""What no service port is able to do, or this one if nothing better is known, and why."""


class ServiceLine(Protocol):
    """The service port of one charger, whatever is spoken there."""

    identity: str
    settings: Settings
    """Which port, and how fast."""
    number: int
    """Of the connection that stands; each opening of the port is one."""
    problem: str | None
    """Why the port is not open."""
    configuration: Configuration | None
    """Its settings; None where it has none that can be read."""
    firmware: Firmware | None
    """How it gets a new firmware; None where it does not by this wire."""
    reboot: Reboot | None
    """How it is started anew; None where it is not by this wire."""
    release: Release | None
    """How it is released and blocked; None where that is not done by this wire."""

    @property
    def protocol(self) -> str:
        """What is spoken: ``openevse``, ``modbus``."""

    @property
    def name(self) -> str:
        """What is expected there, for people."""

    @property
    def cannot(self) -> Mapping[str, str]:
        """What this link is not able to do, and why."""

    @property
    def heard(self) -> bool:
        """Whoever is there has said something."""

    @property
    def surveyed(self) -> bool:
        """What the charger tells of itself has been asked for, all of it."""

    @property
    def advice(self) -> str:
        """What to look at while nothing answers."""

    async def run(self) -> None:
        """Keep the port open, until this is cancelled."""

    async def command(self, action: str, payload: Any, *, force: bool, within: float | None) -> Outcome:
        """Have the charger do something, as the technician wrote it, and judge what came of it.

        ``within`` is in seconds from the sending; the wire has its own if left out. Raises CallRefusedError for
        what may not be sent, and LinkLost without a port.
        """
