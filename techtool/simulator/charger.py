"""A charger of any version, and what is done to it by script."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from techtool.simulator import script
from techtool.simulator.autoplay import autoplay
from techtool.simulator.cards import Standing, with_crc
from techtool.simulator.carrying import Moved
from techtool.simulator.charging import Charging
from techtool.simulator.effects import Deliver, Effect, Fetch, Quit, Transmit
from techtool.simulator.model import Connector, Permit
from techtool.simulator.options import SimulatorOptions

TOKEN_TYPE = "ISO14443"
"""2.x: what kind of card is tapped."""
_HEX = re.compile(r"[0-9A-Fa-f]+")


class Charger(Charging):
    """The whole machine. ``command`` takes lines; ``wait`` in them runs on the charger's own clock."""

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self._lines: deque[str] = deque()
        self._plays: dict[str, Iterator[str]] = {"lines": self._taken()}
        self._held: set[str] = set()
        self._errands: dict[int, Callable[[Moved], None]] = {}
        self._errand = 0
        if options.autoplay:
            self._plays["autoplay"] = autoplay(options.connectors)

    def start(self, now: float) -> list[Effect]:
        """Power comes on."""
        effects = super().start(now)
        self._play("autoplay")
        return effects + self._done()

    def command(self, now: float, line: str) -> list[Effect]:
        """Do what a line says, after those before it. What is wrong with it is reported."""
        self._advance(now)
        self._lines.append(line)
        self._play("lines")
        return self._done()

    def moved(self, now: float, errand: int, moved: Moved) -> list[Effect]:
        """What came of a :class:`Fetch` or a :class:`Deliver`."""
        self._advance(now)
        self._errands.pop(errand)(moved)
        return self._done()

    def fetch(self, url: str, then: Callable[[Moved], None]) -> None:
        """Get a file, as far as this charger can."""
        self._errands[self._next_errand()] = then
        ascii, any_answer = "ftp-ascii" in self.quirks, "error-page-downloaded" in self.quirks
        self.effect(Fetch(self._errand, url, ascii=ascii, any_answer=any_answer))

    def deliver(self, url: str, name: str, data: bytes, then: Callable[[Moved], None]) -> None:
        """Bring a file to a server."""
        self._errands[self._next_errand()] = then
        self.effect(Deliver(self._errand, url, name, data))

    def _next_errand(self) -> int:
        self._errand += 1
        return self._errand

    @abstractmethod
    def fault_code(self, code: str) -> str:
        """How this version reports a fault of this name."""

    def pick(self, number: int) -> Connector | None:
        """A connector by its number; what is wrong is reported."""
        connector = self.connectors.get(number)
        if connector is None:
            self.report("problem", f"There is no connector {number}; they go from 1 to {len(self.connectors)}.")
        return connector

    def _taken(self) -> Iterator[str]:
        while True:
            yield self._lines.popleft() if self._lines else ""

    def _play(self, name: str) -> None:
        if name in self._held or name not in self._plays:
            return
        for line in self._plays[name]:
            if not line and name == "lines" and not self._lines:
                return
            try:
                command = script.parse(line)
            except script.ScriptError as error:
                self.report("problem", str(error))
                continue
            if isinstance(command, script.Wait):
                self._held.add(name)
                self.timers.set(("play", name), self.now + command.seconds, lambda: self._go_on(name))
                return
            if command is not None:
                self._do(command)

    def _go_on(self, name: str) -> None:
        self._held.discard(name)
        self._play(name)

    def _do(self, command: script.Command) -> None:
        match command:
            case script.Tap(token, number):
                self.tap(token, number)
            case script.Fault(number, code):
                if number == 0:
                    self.fault(None, self.fault_code(code))
                else:
                    self._at(number, lambda one: self.fault(one, self.fault_code(code)))
            case script.Clear(number):
                if number == 0:
                    self.fault(None, None)
                else:
                    self._at(number, lambda one: self.fault(one, None))
            case script.Limit(number, amps):
                self._at(number, lambda one: self._limit(one, amps))
            case script.Offline(seconds):
                self.go_offline(seconds)
            case script.SendCall(action, payload):
                self.send(action, dict(payload), self._echo, early=True)
            case script.Raw(text):
                if self.link == "up":
                    self.report("sent", text)
                    self.effect(Transmit(text.encode(), text="binary-frames" not in self.quirks))
                else:
                    self.report("problem", "There is no link to send it on.")
            case script.Help():
                for usage in script.USAGE.values():
                    self.report("help", usage)
            case script.Quit():
                self.hang_up()
                self.timers.cancel("connect")
                self.effect(Quit())
            case script.Online():
                self.go_online()
            case script.Reboot():
                self.reset("LocalReset", "Reboot", patience=5.0)
            case script.Meter():
                self.read_out(None, self.setting("sampled"), "Trigger")
            case script.Plug(number):
                self._at(number, self._plug)
            case script.Unplug(number):
                self._at(number, self.unplug)
            case script.Stop(number):
                self._at(number, lambda one: self.end(one, "Local"))
            case script.Suspend(number):
                self._at(number, lambda one: self._pause(one, True))
            case script.Resume(number):
                self._at(number, lambda one: self._pause(one, False))
            case script.Wait():
                pass  # _play has taken it

    def _at(self, number: int, act: Callable[[Connector], Any]) -> None:
        if (connector := self.pick(number)) is not None:
            act(connector)

    def _echo(self, payload: dict[str, Any]) -> None:
        self.report("note", f"answered: {payload}")

    def _plug(self, connector: Connector) -> None:
        if connector.plugged:
            self.report("problem", f"A car is already at connector {connector.id}.")
        else:
            self.plug(connector)

    def _limit(self, connector: Connector, amps: float) -> None:
        self.measure(connector)
        connector.local_limit = amps
        self._look(connector)

    def _pause(self, connector: Connector, suspended: bool) -> None:
        self.measure(connector)
        connector.suspended = suspended
        self._look(connector)

    def _look(self, connector: Connector) -> None:
        if connector.transaction is not None:
            self._watch(connector)

    # Cards

    def tap(self, token: str, number: int | None = None) -> None:
        """A card is held to the reader: stop the session that it may stop, or start one."""
        if "uid-crc" in self.quirks:
            token = with_crc(token)
        connector = self._meant(token) if number is None else self.pick(number)
        if connector is None:
            return
        transaction = connector.transaction
        if transaction is None:
            self.ask(token, lambda standing: self._admit(connector, token, standing))
        elif transaction.token.lower() == token.lower():
            self.end(connector, "Local", token)
        else:
            self.ask(token, lambda standing: self._stop_by_group(connector, token, standing))

    def _meant(self, token: str) -> Connector:
        """The connector with this card's session, else one where a car waits, else a free one."""

        def rank(connector: Connector) -> tuple[int, int]:
            running = connector.transaction
            if running is not None and running.token.lower() == token.lower():
                return 0, connector.id
            if running is None and self.usable(connector, token):
                return (1 if connector.plugged and not connector.finishing else 2), connector.id
            return 3, connector.id

        return min(self.connectors.values(), key=rank)

    def _admit(self, connector: Connector, token: str, standing: Standing) -> None:
        self.report("state", f"card {token}: {standing.status}")
        if standing.status == "Accepted":
            self.grant(connector, Permit(token, TOKEN_TYPE, standing.group), "Authorized")

    def _stop_by_group(self, connector: Connector, token: str, standing: Standing) -> None:
        self.report("state", f"card {token}: {standing.status}")
        running = connector.transaction
        if running is None or standing.status != "Accepted":
            return
        if standing.group is not None and standing.group == running.group:
            self.end(connector, "Local", token)
        else:
            self.report("problem", f"Connector {connector.id} charges for another card.")

    # From the back office

    def takes(self, token: str) -> bool:
        """Whether the back office may name this card."""
        return "hex-only-tags" not in self.quirks or _HEX.fullmatch(token) is not None

    def remote_start(
        self, number: int | None, token: str, token_type: str, group: str | None, remote_id: int | None
    ) -> Connector | None:
        """The connector that a remote start may use, None to reject it."""
        if self.registration != "Accepted" or not self.takes(token):
            return None
        if number is None and "remote-needs-connector" in self.quirks:
            return None
        wanted = self.connectors.values() if number is None else [self.connectors.get(number)]
        ready = [
            one for one in wanted if one is not None and one.transaction is None and self.usable(one, token, group)
        ]
        return min(ready, key=lambda one: (not one.plugged, one.id), default=None)

    def remote_begin(self, connector: Connector, permit: Permit) -> None:
        """Carry out a remote start that was accepted."""

        def judged(standing: Standing) -> None:
            if standing.status == "Accepted":
                permit.group = standing.group or permit.group
                self.grant(connector, permit, "RemoteStart")

        if self.flag("authorize_remote"):
            self.ask(permit.token, judged)
        else:
            self.grant(connector, permit, "RemoteStart")

    def changed(self, name: str) -> None:
        """A setting that has an effect at once was written; ``name`` as in ``settings.py``."""
        if name == "heartbeat" and self.registration == "Accepted":
            self.schedule_heartbeat()
        elif name == "ping":
            self.schedule_ping()
        elif name == "sample_interval":
            for connector in self.connectors.values():
                self.schedule_sample(connector)
        elif name == "aligned_interval":
            self.align()
