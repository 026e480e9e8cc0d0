"""A charger with its quirks and its script: what is typed and heard in, what is to be done out. Pure."""

from __future__ import annotations

import heapq
import itertools

from techtool.simulator.effects import Report
from techtool.simulator.openevse.firmware import Firmware, Said
from techtool.simulator.openevse.quirks import ANSWERS_TO_REBOOT, FLOOD, Line
from techtool.simulator.openevse.street import Street
from techtool.simulator.serviceport.device import Device, Effect, Say, Unplug, shown
from techtool.simulator.serviceport.script import AMPS, CAR, Command, Form, amount

FORMS = {
    "car": CAR,
    "amps": AMPS,
    "gfi": Form("gfi"),
    "ground": Form("ground"),
    "diode": Form("diode"),
    "relay": Form("relay"),
    "temp": Form("temp CELSIUS", (amount("Degrees", -40.0, 125.0),)),
    "clear": Form("clear"),
    "reboot": Form("reboot"),
    "unplug": Form("unplug SECONDS", (amount("Seconds", 0.0, 1e6),)),
}
"""What can be done to it."""


class Charger(Device):
    """One charger under its clock."""

    forms = FORMS

    def __init__(self, now: float, quirks: frozenset[str] = frozenset(), seed: int | None = None) -> None:
        self.street = Street()
        self._quirks = quirks
        self._firmware = Firmware(self.street, now, ids="no-sequence" not in quirks, echo="echo" in quirks)
        self._line = Line(quirks, seed)
        self._under_way: list[tuple[float, int, bytes]] = []
        self._count = itertools.count()
        self._answers = 0
        self._effects: list[Effect] = []

    def due(self) -> float:
        """When :meth:`tick` must be called."""
        first = self._under_way[0][0] if self._under_way else self._firmware.due
        return min(first, self._firmware.due)

    def tick(self, now: float) -> list[Effect]:
        """Time passes."""
        self._advance(now)
        return self._done()

    def received(self, now: float, data: bytes) -> list[Effect]:
        """Bytes come from the laptop."""
        self._advance(now)
        self._effects.append(Report("received", shown(data)))
        self._firmware.hear(now, data)
        return self._done()

    def do(self, now: float, command: Command) -> list[Effect]:
        """One of :data:`FORMS`."""
        self._advance(now)
        street = self.street
        match command:
            case Command("car", (str(car),)):
                street.car = car
            case Command("amps", (float(amps),)):
                street.amps = amps
            case Command("gfi"):
                street.leaking = True
                self._firmware.board.leak()
            case Command("ground"):
                street.groundless = True
            case Command("diode"):
                street.diodeless = True
            case Command("relay"):
                street.stuck = True
            case Command("temp", (float(celsius),)):
                street.celsius = celsius
            case Command("clear"):
                street.clear()
            case Command("reboot"):
                self._firmware.reset(now)
            case Command("unplug", (float(seconds),)):
                self._effects.append(Unplug(seconds))
        return self._done()

    def _advance(self, now: float) -> None:
        while (due := self.due()) <= now:
            if self._under_way and self._under_way[0][0] <= due:
                self._effects.append(Say(heapq.heappop(self._under_way)[2]))
                continue
            if "flood" in self._quirks:
                self._send(due, FLOOD)
            for said in self._firmware.turn(due):
                if self._says(due, said):
                    break

    def _says(self, now: float, said: Said) -> bool:
        """Whether it was its last word before a reset."""
        self._answers += said.answers
        if "reboots" in self._quirks and said.answers and self._answers % ANSWERS_TO_REBOOT == 0:
            self._send(now, said.data[: len(said.data) // 2])
            self._firmware.reset(now)
            return True
        self._effects.append(Report("sent", shown(said.data)))
        for at, data in self._line.carry(now, said):
            self._send(at, data)
        return False

    def _send(self, at: float, data: bytes) -> None:
        heapq.heappush(self._under_way, (at, next(self._count), data))

    def _done(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects
