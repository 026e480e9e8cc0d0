"""A line to the simulated firmware, without a port and without waiting."""

from __future__ import annotations

from techtool.serviceport.port import Settings
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame
from techtool.station.records import Record
from tests.simulator.openevse.bench import Bench


class Wire:
    """Straight to the firmware; ``silent`` are questions that it does not answer."""

    def __init__(self, *silent: str) -> None:
        self.bench = Bench()
        self.asked: list[Frame] = []
        self.silent = silent
        self.boots = 0
        self.seconds = 0.1
        """An answer takes so long at most; before it closes its relay it hears nothing for one."""
        self.settings = Settings("/dev/ttyUSB0")

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        self.asked.append(command)
        sent = command._replace(sequence="2A")
        if command.name in self.silent:
            return Ended(1, sent, Ending.TIMED_OUT, None, 1.0, True)
        answer = self.bench.ask(command.name, *command.arguments, seconds=self.seconds)
        ending = Ending.ACCEPTED if answer.name == "OK" else Ending.REFUSED
        return Ended(1, sent, ending, answer, 0.03, True)

    async def booted(self, boots: int, seconds: float) -> bool:
        return False

    def mark(self) -> int:
        return 0

    def since(self, mark: int) -> list[Record]:
        return []
