"""A charger with its quirks and its script: what is typed and heard in, what is to be done out. Pure."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass

from techtool.simulator.effects import Quit, Report
from techtool.simulator.openevse import script
from techtool.simulator.openevse.firmware import Firmware, Said
from techtool.simulator.openevse.quirks import ANSWERS_TO_REBOOT, FLOOD, Line
from techtool.simulator.openevse.street import Street
from techtool.simulator.script import ScriptError


@dataclass(frozen=True, slots=True)
class Say:
    """Put these bytes on the line."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Unplug:
    """Take the device away for so long."""

    seconds: float


Effect = Say | Unplug | Report | Quit


class Charger:
    """Every input takes the time, in seconds that only grow, and gives what is to be done."""

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
        self._effects.append(Report("received", _shown(data)))
        self._firmware.hear(now, data)
        return self._done()

    def command(self, now: float, line: str) -> list[Effect]:
        """Do what a line says. What is wrong with it is reported."""
        self._advance(now)
        try:
            command = script.parse(line)
        except ScriptError as error:
            self._effects.append(Report("problem", str(error)))
        else:
            if command is not None:
                self._do(now, command)
        return self._done()

    def _do(self, now: float, command: script.Command) -> None:
        street = self.street
        match command.name:
            case "car":
                street.car = command.car
            case "amps":
                street.amps = command.value
            case "gfi":
                street.leaking = True
                self._firmware.board.leak()
            case "ground":
                street.groundless = True
            case "diode":
                street.diodeless = True
            case "relay":
                street.stuck = True
            case "temp":
                street.celsius = command.value
            case "clear":
                street.clear()
            case "reboot":
                self._firmware.reset(now)
            case "unplug":
                self._effects.append(Unplug(command.value))
            case "quit":
                self._effects.append(Quit())
            case "help":
                self._effects.append(Report("help", ", ".join(script.USAGE.values())))

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
        self._effects.append(Report("sent", _shown(said.data)))
        for at, data in self._line.carry(now, said):
            self._send(at, data)
        return False

    def _send(self, at: float, data: bytes) -> None:
        heapq.heappush(self._under_way, (at, next(self._count), data))

    def _done(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects


def _shown(data: bytes) -> str:
    """Bytes as a person reads them."""
    return data.decode("latin-1").strip("\r\n")
