"""What every wire at a service port is to the session and to the fronts, and what all of them do alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from techtool.serviceport.port import OpenError, Port, Settings
from techtool.station.outcomes import Outcome

CANNOT: Mapping[str, str] = MappingProxyType(
    {
        "trigger": "A service port is asked all the time: there is nothing to trigger.",
        "type": "No lines are typed here: this is no console. `techtool call` sends what its protocol has.",
        "url": "There is no URL here: the charger is at a service port.",
    }
)
"""What no service port is able to do, and why."""


class ServiceLine(Protocol):
    """The service port of one charger, whatever is spoken there."""

    identity: str
    number: int
    """Of the connection that stands; each opening of the port is one."""
    problem: str | None
    """Why the port is not open."""
    answers: bool
    """There is such a charger at this port."""

    @property
    def protocol(self) -> str:
        """What is spoken: ``openevse``, ``modbus``."""

    @property
    def name(self) -> str:
        """What is expected there, for people."""

    @property
    def settings(self) -> Settings:
        """Which port, and how fast."""

    @property
    def cannot(self) -> Mapping[str, str]:
        """What this link is not able to do, and why."""

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


async def keep_open(
    settings: Settings,
    serve: Callable[[Port], Awaitable[None]],
    tell: Callable[[str | None], None],
    again_s: float,
) -> None:
    """Open the port and have it served, again whenever it comes back. ``tell`` hears why it is not open."""
    while True:
        try:
            port = await Port.open(settings)
        except OpenError as error:
            tell(str(error))
        else:
            tell(None)
            try:
                await serve(port)
            finally:
                await port.close()
        await asyncio.sleep(again_s)
