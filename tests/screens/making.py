"""A visit without a network, a clock that stands still, and what an app shows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from techtool.csms.listener import Listening
from techtool.interfaces import Seen
from techtool.journal.store import Journal
from techtool.screens.app import TechtoolApp
from techtool.screens.desk import Desk
from techtool.screens.main_screen import MainScreen
from techtool.session import Session
from techtool.station.records import Direction, Kind

START = datetime(2026, 5, 4, 10, 44, 0, tzinfo=UTC)
SEEN = [
    Seen("eth0", "192.168.1.50"),
    Seen("wlan0", "10.42.0.1"),
    Seen("eth1", "169.254.7.3"),
    Seen("lo", "127.0.0.1"),
    Seen("docker0", "172.17.0.1"),
    Seen("tun0", "10.8.0.2"),
]


class Clock:
    """Stands in for the module ``time`` in the session, and for the app's clock."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def time_ns(self) -> int:
        return round(self.now.timestamp() * 1e6) * 1000

    def monotonic_ns(self) -> int:
        return self.time_ns()

    def monotonic(self) -> float:
        return self.now.timestamp()


class Visit:
    """Says what a charger and the laptop say."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.journal = Journal.open(folder / "j.sqlite3")
        self.session = Session(self.journal)
        self.session.listening = Listening("0.0.0.0", 9000)
        self._ids = 0

    def note(self, kind: Kind, data: dict[str, Any], connection: int = 1) -> None:
        self.raw(Direction.NOTE, kind, json.dumps(data).encode(), connection)

    def raw(self, direction: Direction, kind: Kind, data: bytes, connection: int = 1) -> None:
        self.session.record(connection, direction, kind, data)
        self.session.settle()

    def stamp(self) -> str:
        return f"{self.clock.now:%Y-%m-%dT%H:%M:%S}Z"

    def link(self, identity: str = "CP001", protocol: str = "ocpp1.6", connection: int = 1) -> None:
        self.note(Kind.OPENED, {"wire": "ocpp", "peer": f"192.168.1.{76 + connection}:51234"}, connection)
        head = f"GET /{identity} HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"
        self.raw(Direction.CHARGER, Kind.REQUEST, head.encode(), connection)
        self.raw(Direction.LAPTOP, Kind.RESPONSE, b"HTTP/1.1 101 Switching Protocols\r\n\r\n", connection)
        linked = {"identity": identity, "protocol": protocol, "offered": [protocol], "path": f"/{identity}"}
        self.note(Kind.LINKED, linked, connection)

    def call(
        self,
        action: str,
        payload: dict[str, Any],
        answer: dict[str, Any] | None = None,
        *,
        by: Direction = Direction.CHARGER,
        connection: int = 1,
        after_ms: int = 20,
    ) -> str:
        self._ids += 1
        id = str(self._ids)
        other = Direction.LAPTOP if by is Direction.CHARGER else Direction.CHARGER
        self.raw(by, Kind.TEXT, json.dumps([2, id, action, payload]).encode(), connection)
        if answer is not None:
            self.clock.advance(after_ms / 1000)
            self.raw(other, Kind.TEXT, json.dumps([3, id, answer]).encode(), connection)
        return id

    def boot(self, connection: int = 1, **more: Any) -> None:
        payload = {
            "chargePointVendor": "ACME",
            "chargePointModel": "WallBox 22",
            "firmwareVersion": "5.5.10",
            "chargePointSerialNumber": "88034",
            "meterSerialNumber": "ABC-123",
            **more,
        }
        answer = {"status": "Accepted", "currentTime": self.stamp(), "interval": 300}
        self.call("BootNotification", payload, answer, connection=connection)

    def ping(self) -> None:
        """The laptop pings, and the charger answers."""
        self.raw(Direction.LAPTOP, Kind.PING, b"techtool")
        self.clock.advance(0.004)
        self.raw(Direction.CHARGER, Kind.PONG, b"techtool")

    def status(self, connector: int, status: str, error: str = "NoError", **more: Any) -> None:
        payload = {
            "connectorId": connector,
            "errorCode": error,
            "status": status,
            "timestamp": self.stamp(),
            **more,
        }
        self.call("StatusNotification", payload, {})

    def start(self, connector: int = 1, id: int = 1007) -> None:
        payload = {"connectorId": connector, "idTag": "04A1B2C3", "meterStart": 114201, "timestamp": self.stamp()}
        self.call("StartTransaction", payload, {"transactionId": id, "idTagInfo": {"status": "Accepted"}})

    def meter(self, kw: float, energy: int, connector: int = 1, id: int = 1007) -> None:
        samples = [
            {"value": str(energy), "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
            {"value": f"{kw:.2f}", "measurand": "Power.Active.Import", "unit": "kW"},
            *(
                {"value": value, "measurand": "Current.Import", "phase": phase, "unit": "A"}
                for phase, value in (("L1", "15.9"), ("L2", "16.0"), ("L3", "15.8"))
            ),
            *(
                {"value": value, "measurand": "Voltage", "phase": phase, "unit": "V"}
                for phase, value in (("L1", "231"), ("L2", "230"), ("L3", "232"))
            ),
        ]
        values = [{"timestamp": self.stamp(), "sampledValue": samples}]
        self.call("MeterValues", {"connectorId": connector, "transactionId": id, "meterValue": values}, {})

    def charging(self) -> None:
        """A charger with two connectors; a car charges at the first."""
        self.link()
        self.clock.advance(2)
        self.boot()
        for connector in (1, 2):
            self.status(connector, "Available")
        self.clock.advance(490)
        self.call("Heartbeat", {}, {"currentTime": self.stamp()})
        self.status(1, "Preparing")
        self.clock.advance(8)
        self.start()
        self.status(1, "Charging")
        for step in range(12):
            self.clock.advance(10)
            self.meter(min(10.98, 1.5 * step), 114201 + 30 * step)
        self.clock.advance(3)

    def boot_2x(self, **more: str) -> None:
        self.link("CP201", "ocpp2.0.1")
        self.clock.advance(2)
        station = {"vendorName": "ACME", "model": "WallBox 22", **more}
        answer = {"status": "Accepted", "currentTime": self.stamp(), "interval": 300}
        self.call("BootNotification", {"reason": "PowerUp", "chargingStation": station}, answer)

    def status_2x(self, evse: int, connector: int, status: str) -> None:
        payload = {"timestamp": self.stamp(), "connectorStatus": status, "evseId": evse, "connectorId": connector}
        self.call("StatusNotification", payload, {})

    def charging_2x(self, evse: int, id: str, state: str) -> None:
        sample = {"value": 114201, "measurand": "Energy.Active.Import.Register", "unitOfMeasure": {"unit": "Wh"}}
        payload = {
            "eventType": "Started",
            "timestamp": self.stamp(),
            "triggerReason": "Authorized",
            "seqNo": 0,
            "transactionInfo": {"transactionId": id, "chargingState": state},
            "evse": {"id": evse, "connectorId": 1},
            "idToken": {"idToken": "04A1B2C3", "type": "ISO14443"},
            "meterValue": [{"timestamp": self.stamp(), "sampledValue": [sample]}],
        }
        self.call("TransactionEvent", payload, {"idTokenInfo": {"status": "Accepted"}})

    def problem_2x(self, evse: int, connector: int, component: str, tech: str) -> None:
        event = {
            "eventId": 1,
            "timestamp": self.stamp(),
            "trigger": "Delta",
            "actualValue": "true",
            "techCode": tech,
            "eventNotificationType": "HardWiredNotification",
            "component": {"name": component, "evse": {"id": evse, "connectorId": connector}},
            "variable": {"name": "Problem"},
        }
        self.call("NotifyEvent", {"generatedAt": self.stamp(), "seqNo": 0, "eventData": [event]}, {})

    def odd(self) -> None:
        """A stop that is refused, a question without an answer, a broken frame."""
        self.call(
            "RemoteStopTransaction",
            {"transactionId": 1007},
            {"status": "Rejected"},
            by=Direction.LAPTOP,
            after_ms=523,
        )
        id = self.call("GetDiagnostics", {"location": "ftp://user:geheim@192.168.1.50/up"}, by=Direction.LAPTOP)
        self.clock.advance(30)
        self.note(Kind.TIMEOUT, {"id": id, "seconds": 30})
        self.raw(Direction.CHARGER, Kind.TEXT, b'[2,"771","StatusNotification",{"connectorId":}')

    def fault(self) -> None:
        self.status(2, "Faulted", "GroundFailure", vendorErrorCode="0x31", info="RCD tripped")

    def knock(self, reason: str = "tls-on-plain", detail: str = "TLS 1.2", connection: int = 9) -> None:
        self.note(Kind.OPENED, {"wire": "ocpp", "peer": "192.168.1.77:5123"}, connection)
        self.raw(Direction.CHARGER, Kind.NOISE, b"\x16\x03\x01\x00\xa5\x01\x00", connection)
        self.note(Kind.KNOCK, {"reason": reason, "detail": detail}, connection)

    def lost(self) -> None:
        self.note(Kind.CLOSED, {"code": 1006, "reason": "no close frame", "by": "network"})

    def app(self, theme: str | None = None, **more: Any) -> TechtoolApp:
        options: dict[str, Any] = {
            "clock": self.clock,
            "zone": UTC,
            "look_for_interfaces": lambda: SEEN,
            "look_for_ports": list,
            "folder": self.folder,
        }
        return over(Desk(self.session, **{**options, **more}), theme=theme)


def over(desk: Desk, theme: str | None = None) -> TechtoolApp:
    """An app whose desk is there at once."""

    async def open_desk() -> Desk:
        return desk

    return TechtoolApp(open_desk, theme=theme)


def pages(app: TechtoolApp) -> MainScreen:
    """The screen with the pages."""
    assert app.pages is not None
    return app.pages


@asynccontextmanager
async def running(app: TechtoolApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The app after its first frame and its first look at the network."""
    async with app.run_test(size=size, notifications=True) as pilot:
        await opened(pilot)
        yield pilot


async def opened(pilot: Pilot[None]) -> None:
    """The pages are there."""
    app = pilot.app
    assert isinstance(app, TechtoolApp)
    while app.pages is None or not app.pages.is_mounted:
        await pilot.pause(0.005)
    await settled(pilot)


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was begun is done and drawn."""
    app = pilot.app
    assert isinstance(app, TechtoolApp)
    await app.workers.wait_for_complete()
    await pilot.pause()
    pages(app).tick()
    await pilot.pause()


def shown(app: TechtoolApp) -> str:
    """What is on the screen as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())
