"""Drives an attendant and a reader with a charger's frames, without any socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from techtool.csms import frames
from techtool.csms.attendant import Attendant, Effect, HangUp, Now, Ping, Say, TimedOut
from techtool.csms.dialogue import Ended
from techtool.csms.policy import Policy
from techtool.csms.version import StartKey
from techtool.picture import Picture
from techtool.station.findings import Code, Finding
from techtool.station.model import Station
from techtool.station.records import Direction, Kind, Record

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Driver:
    """A back office without I/O: what the charger says goes in, what techtool says is kept."""

    def __init__(self, protocol: str = "ocpp1.6", *, policy: Policy | None = None, identity: str = "CP1") -> None:
        self.picture = Picture()
        self.protocol = protocol
        self.identity = identity
        self.seconds = 0.0
        self.number = 0
        self.connection = 0
        self.sent: list[frames.Frame] = []
        self.effects: list[Effect] = []
        self.starts: dict[StartKey, int] = {}
        self.policy = policy or Policy()
        self.connect()

    def connect(self, protocol: str | None = None) -> None:
        self.connection += 1
        self.protocol = protocol or self.protocol
        self.record(Direction.NOTE, Kind.OPENED, {"wire": "ocpp", "peer": "192.168.1.77:50000"})
        note = {"identity": self.identity, "protocol": self.protocol, "offered": [self.protocol], "path": "/CP1"}
        self.record(Direction.NOTE, Kind.LINKED, note)
        self.attendant = Attendant(
            self.protocol,
            self.policy,
            self._transaction_id,
            self.now,
            known=lambda: self.station,
        )

    def disconnect(self, code: int | None = 1006, by: str = "network") -> None:
        self.attendant.closed(self.now)
        self._act()
        self.record(Direction.NOTE, Kind.CLOSED, {"code": code, "reason": "", "by": by})

    @property
    def now(self) -> Now:
        return Now(START + timedelta(seconds=self.seconds), 1000.0 + self.seconds)

    @property
    def stamp(self) -> str:
        return self.now.at.isoformat().replace("+00:00", "Z")

    @property
    def station(self) -> Station:
        return self.picture.stations[self.identity]

    def codes(self) -> set[Code]:
        return {finding.code for finding in self.station.findings.values()}

    def finding(self, code: Code) -> Finding:
        """The only one of this code."""
        (found,) = (one for one in self.station.findings.values() if one.code is code)
        return found

    def record(self, direction: Direction, kind: Kind, data: Any) -> None:
        self.number += 1
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        at = int(self.now.at.timestamp() * 1e6) * 1000
        self.picture.take(Record(self.number, self.connection, at, int(self.now.mono * 1e9), direction, kind, raw))

    def raw(self, data: bytes, kind: Kind = Kind.TEXT) -> list[frames.Frame]:
        """The charger sends bytes; what techtool says to it."""
        before = len(self.sent)
        self.record(Direction.CHARGER, kind, data)
        self.attendant.heard(frames.parse(data), self.now)
        self._act()
        return self.sent[before:]

    def say(self, action: str, payload: Any, id: str | None = None) -> Any:
        """The charger sends a CALL; the payload of the answer, or the CALLERROR."""
        id = id or f"c{self.number}"
        for frame in self.raw(json.dumps([2, id, action, payload]).encode()):
            if isinstance(frame, frames.CallResult) and frame.id == id:
                return frame.payload
            if isinstance(frame, frames.CallError) and frame.id == id:
                return frame
        raise AssertionError(f"no answer to {action}")

    def answer(self, payload: Any, id: Any = None) -> None:
        """The charger answers the call that is open."""
        calls = [frame for frame in self.sent if isinstance(frame, frames.Call)]
        self.raw(json.dumps([3, id or calls[-1].id, payload]).encode())

    def call(self, action: str, payload: Any, timeout: float | None = 30.0) -> str:
        id = self.attendant.call(action, payload, self.now, timeout)
        self._act()
        return id

    def boot(self) -> Any:
        if self.protocol == "ocpp1.6":
            return self.say("BootNotification", {"chargePointVendor": "ACME", "chargePointModel": "WallBox 22"})
        station = {"vendorName": "ACME", "model": "WallBox 22"}
        return self.say("BootNotification", {"reason": "PowerUp", "chargingStation": station})

    def wait(self, seconds: float) -> None:
        """Time passes, with every tick that is due."""
        end = self.seconds + seconds
        while (due := self.attendant.deadline) is not None and due - 1000.0 <= end:
            self.seconds = max(self.seconds, due - 1000.0)
            self.attendant.tick(self.now)
            self._act()
        self.seconds = end

    def calls(self) -> list[frames.Call]:
        return [frame for frame in self.sent if isinstance(frame, frames.Call)]

    def ended(self) -> list[Ended]:
        return [effect for effect in self.effects if isinstance(effect, Ended)]

    def _act(self) -> None:
        for effect in self.attendant.take():
            self.effects.append(effect)
            match effect:
                case Say(frame):
                    self.sent.append(frame)
                    self.record(Direction.LAPTOP, Kind.TEXT, effect.data)
                case TimedOut(note):
                    self.record(Direction.NOTE, Kind.TIMEOUT, note)
                case Ping():
                    self.record(Direction.LAPTOP, Kind.PING, b"techtool")
                case HangUp():
                    pass
                case _:
                    pass

    def _transaction_id(self, key: StartKey) -> int:
        return self.starts.setdefault(key, 1001 + len(self.starts))
