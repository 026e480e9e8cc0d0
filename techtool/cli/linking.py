"""How to come to a charger, as the user asked for it. Without Typer, so that the UI need not wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from techtool.csms.policy import Policy
    from techtool.serviceport.chosen import Choice
    from techtool.session import Session

DEMO_IDENTITY = "DEMO-001"
DEMO_PROTOCOL = "ocpp1.6"
OPENEVSE = "openevse"
SIMULATED = "a simulated OpenEVSE"
"""Instead of a port's name: it is not known before it is there."""
BAUD = 115_200
LEAST_BAUD = 300
WAIT_S = 300.0


class BootAnswer(NamedTuple):
    """What BootNotifications are answered."""

    status: str = "Accepted"
    """Accepted, Pending or Rejected."""
    interval: int | None = None
    """Seconds, above 0: between Heartbeats, or until it may try again. None for the usual."""


ACCEPTED = BootAnswer()


@dataclass(frozen=True, slots=True)
class Linking:
    """Where to listen, and for whom."""

    host: str = "0.0.0.0"
    port: int = 9000
    demo: str | None = None
    """The protocol that the simulated charger speaks, or :data:`OPENEVSE`."""
    identity: str | None = None
    protocol: str | None = None
    password: bytes | None = None
    wait: float = WAIT_S
    journal: Path | None = None
    serial: str | None = None
    """The service port to use; then nothing listens."""
    baud: int = BAUD
    format: str = "8N1"
    chosen: Choice | None = None
    """The profile, or the protocol, of what is at the service port; None for an OpenEVSE."""
    boot: BootAnswer = ACCEPTED
    strict: bool = False
    """Refuse what a 2.x charger sends before it is accepted."""

    @property
    def policy(self) -> Policy:
        """Whom to let in."""
        from techtool.csms.policy import Policy

        policy = Policy(
            identity=self.identity, password=self.password, boot_status=self.boot.status, strict=self.strict
        )
        if self.boot.interval is not None:
            policy = policy._replace(heartbeat_interval=self.boot.interval)
        if self.protocol is not None:
            policy = policy._replace(protocols=(self.protocol,), fallback=self.protocol)
        return policy


async def plug_in(linking: Linking, visit: Session) -> None:
    """The service port, until it is cancelled."""
    from techtool.serviceport.port import Settings

    assert linking.serial is not None
    if linking.demo == OPENEVSE:
        await _plug_in_simulated(visit)
    else:
        await visit.plug(Settings(linking.serial, linking.baud, linking.format), linking.chosen)


async def _plug_in_simulated(visit: Session) -> None:
    import asyncio
    import time

    from techtool.serviceport.port import Settings
    from techtool.simulator.openevse.autoplay import lines
    from techtool.simulator.openevse.charger import Charger
    from techtool.simulator.serviceport.runner import run
    from techtool.simulator.serviceport.sockets import Socket

    device: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        group.create_task(run(Charger(time.monotonic()), Socket(), lines(), on_device=device.set_result))
        await visit.plug(Settings(await device))


def for_demo(demo: str = DEMO_PROTOCOL, port: int = 0, identity: str | None = None) -> Linking:
    """Only this program shall find its simulated charger, and no charger shall find the demo."""
    if demo == OPENEVSE:
        return Linking(demo=demo, identity=identity or DEMO_IDENTITY, serial=SIMULATED)
    return Linking("127.0.0.1", port, demo=demo, identity=identity)


async def simulate_charger(linking: Linking, visit: Session) -> None:
    """The demo: a simulated charger on the loopback socket, until it is cancelled."""
    from techtool.simulator.options import SimulatorOptions
    from techtool.simulator.runner import run as simulate

    assert visit.listening is not None
    options = SimulatorOptions(
        url=f"ws://127.0.0.1:{visit.listening.port}",
        identity=linking.identity or DEMO_IDENTITY,
        version=(linking.demo or DEMO_PROTOCOL).removeprefix("ocpp"),
        autoplay=True,
    )
    await simulate(options)
