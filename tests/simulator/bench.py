"""A back office for tests: no socket, no clock, a judge of every frame."""

from __future__ import annotations

import functools
import json
from collections import deque
from importlib.resources import files
from typing import Any, NamedTuple

import jsonschema_rs

from techtool.simulator.build import charger
from techtool.simulator.carrying import Moved
from techtool.simulator.clock import stamp
from techtool.simulator.effects import (
    Abandon,
    Abort,
    Close,
    Connect,
    Deliver,
    Effect,
    Fetch,
    Handshake,
    Ping,
    Quit,
    Report,
    Transmit,
)
from techtool.simulator.options import SimulatorOptions

START = 1_764_000_000.0
VERSIONS = ("1.6", "2.0.1", "2.1")
_FOLDERS = {"1.6": "v16", "2.0.1": "v201", "2.1": "v21"}


@functools.cache
def schema(version: str, action: str, answer: bool) -> jsonschema_rs.Draft4Validator:
    tail = "Response" if answer else "" if version == "1.6" else "Request"
    path = files("ocpp") / _FOLDERS[version] / "schemas" / f"{action}{tail}.json"
    return jsonschema_rs.Draft4Validator(json.loads(path.read_text(encoding="utf-8-sig")))


class Heard(NamedTuple):
    """A CALL of the charger."""

    at: float
    action: str
    payload: dict[str, Any]
    id: Any


class Bench:
    """A charger under test and its back office, which answers at once."""

    def __init__(self, version: str = "1.6", *quirks: str, plug_in: bool = True, **chosen: Any) -> None:
        self.version = version
        self.strict = not quirks
        self.now = START
        chosen.setdefault("seed", 1)
        options = SimulatorOptions("ws://127.0.0.1:9000/ocpp", version=version, quirks=frozenset(quirks), **chosen)
        self.core = charger(options, self.now)
        self.heard: list[Heard] = []
        self.sent: list[bytes] = []
        self.answered: dict[Any, list[Any]] = {}
        self.effects: list[Effect] = []
        self.handshakes: list[Handshake] = []
        self.reachable = True
        self.moves = Moved(1000, "ab" * 32)
        """What comes of every file that it fetches or brings."""
        self.silent: set[str] = set()
        """Actions that get no answer."""
        self.answers: dict[str, Any] = {}
        """Answers other than the usual ones; text is the code of a CALLERROR."""
        self.budget = 10_000
        self.transactions = 0
        self._calls = 0
        self._queue: deque[Effect] = deque()
        if plug_in:
            self.take(self.core.start(self.now))

    # Driving

    def take(self, effects: list[Effect]) -> None:
        self._queue.extend(effects)
        while self._queue:
            effect = self._queue.popleft()
            self.effects.append(effect)
            match effect:
                case Transmit(data, _):
                    self._hear(data)
                case Connect(handshake):
                    self.handshakes.append(handshake)
                    if self.reachable:
                        self._queue.extend(self.core.connected(self.now, f"ocpp{self.version}"))
                    else:
                        self._queue.extend(self.core.disconnected(self.now, "refused"))
                case Fetch(errand) | Deliver(errand):
                    self._queue.extend(self.core.moved(self.now, errand, self.moves))
                case _:
                    assert isinstance(effect, Report | Close | Abort | Abandon | Ping | Quit)

    def line(self, *lines: str) -> None:
        for text in lines:
            self.take(self.core.command(self.now, text))

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.core.due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.take(self.core.tick(self.now))
        self.now = end
        self.take(self.core.tick(end))

    def call(self, action: str, payload: dict[str, Any] | None = None) -> Any:
        """Send a CALL; the payload of the answer, ``[code, description]`` of an error, or None."""
        id = self.ask(action, payload)
        return self.answer_to(id, action)

    def ask(self, action: str, payload: dict[str, Any] | None = None) -> str:
        self._calls += 1
        id = f"csms-{self._calls}"
        self.receive([2, id, action, payload or {}])
        return id

    def answer_to(self, id: str, action: str) -> Any:
        frame = self.answered.get(id)
        if frame is None:
            return None
        if frame[0] == 4:
            return frame[2:4]
        if self.strict:
            schema(self.version, action, True).validate(frame[2])
        return frame[2]

    def receive(self, frame: Any) -> None:
        self.take(self.core.received(self.now, json.dumps(frame).encode()))

    def cut(self) -> None:
        """The back office ends the link."""
        self.take(self.core.disconnected(self.now, "cut"))

    def session(self, seconds: float, card: str = "04A1B2C3", connector: int = 1) -> None:
        """A whole charging session."""
        self.line(f"plug {connector}", f"tap {card} {connector}")
        self.wait(seconds)
        self.line(f"tap {card} {connector}", f"unplug {connector}")

    # Hearing

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        try:
            frame = json.loads(data)
        except ValueError:
            assert not self.strict, data
            return
        if frame[0] != 2:
            self.answered[str(frame[1])] = frame
            return
        _, id, action, payload = frame
        self.heard.append(Heard(self.now, action, payload, id))
        if self.strict:
            schema(self.version, action, False).validate(payload)
            assert len(id) == 36
        if action not in self.silent and self.budget > 0:
            self.budget -= 1
            answer = self.answers.get(action, self._usual(action, payload))
            reply = [4, id, answer, "", {}] if isinstance(answer, str) else [3, id, answer]
            self._queue.extend(self.core.received(self.now, json.dumps(reply).encode()))

    def _usual(self, action: str, payload: dict[str, Any]) -> Any:
        now = stamp(self.now)
        info = {"status": "Accepted"}
        match action:
            case "BootNotification":
                return {"currentTime": now, "interval": 300, "status": "Accepted"}
            case "Heartbeat":
                return {"currentTime": now}
            case "Authorize":
                return {"idTagInfo" if self.version == "1.6" else "idTokenInfo": info}
            case "StartTransaction":
                self.transactions += 1
                return {"transactionId": self.transactions, "idTagInfo": info}
            case "CustomOperation":
                return "NotImplemented"
        return {}

    # Looking back

    def all(self, action: str) -> list[dict[str, Any]]:
        return [one.payload for one in self.heard if one.action == action]

    def actions(self) -> list[str]:
        return [one.action for one in self.heard]

    def statuses(self, connector: int) -> list[str]:
        if self.version == "1.6":
            return [one["status"] for one in self.all("StatusNotification") if one["connectorId"] == connector]
        return [one["connectorStatus"] for one in self.all("StatusNotification") if one["evseId"] == connector]

    def events(self) -> list[dict[str, Any]]:
        return self.all("TransactionEvent")

    def reports(self, kind: str) -> list[str]:
        return [one.text for one in self.effects if isinstance(one, Report) and one.kind == kind]

    def forget(self) -> None:
        self.heard.clear()
        self.sent.clear()
        self.effects.clear()
        self.handshakes.clear()
