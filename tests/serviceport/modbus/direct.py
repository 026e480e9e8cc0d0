"""A line to a simulated box, without a port and without waiting."""

from __future__ import annotations

from techtool.serviceport.modbus.asks import Ask, answer_of
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.modbus.box import Box
from techtool.station.records import Record
from tests.serviceport.modbus.boxes import HEIDELBERG, profile_of, request


class Wire:
    """Straight to a box."""

    def __init__(self, name: str = HEIDELBERG) -> None:
        self.name, self.profile = name, profile_of(name)
        self.box = Box(self.profile)
        self.settings = Settings("/dev/ttyUSB0")
        self.controls: list[bool] = []
        self.asked: list[Ask] = []
        self.lost: set[tuple[Space, int]] = set()
        """What is asked of these is never answered."""

    async def call(self, command: Ask, within: float | None = None) -> Ended:
        self.asked.append(command)
        if (command.space, command.address) in self.lost:
            return Ended(1, command, Ending.TIMED_OUT, None, 1.0, True)
        packet = WIRES[self.profile.transport].unwrap(self.box.received(request(command, self.name)))
        assert packet is not None
        answer = answer_of(command, packet.pdu)
        ending = Ending.ANSWERED if isinstance(answer, tuple) else Ending.REFUSED
        return Ended(1, command, ending, answer, 0.05, True)

    def mark(self) -> int:
        return 0

    def since(self, mark: int) -> list[Record]:
        return []

    def control(self, on: bool) -> None:
        self.controls.append(on)
