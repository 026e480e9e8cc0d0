"""An OpenEVSE under the clock of a visit, for pictures: the simulated firmware answers at once."""

from __future__ import annotations

from techtool.serviceport.port import Settings
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame, decode, encode
from techtool.serviceport.rapi.line import RapiLine
from techtool.serviceport.rapi.release import RapiRelease
from techtool.serviceport.releasing import Patience
from techtool.station.records import Direction, Kind
from tests.screens.making import Visit
from tests.simulator.openevse.bench import Bench

ANSWER_S = 0.043
ASKED_FIRST = ("GV", "GS", "GG", "GC", "GU", "GP", "GE")


class OpenEvse(RapiLine):
    """The line of a port without a port."""

    def __init__(self, visit: Visit, car: str) -> None:
        super().__init__(visit.session, Settings("/dev/ttyUSB0"))
        self._visit = visit
        self._bench = Bench()
        self._bench.type(f"car {car}")
        self._bench.wait(3)
        assert isinstance(self.release, RapiRelease)
        self.release.patience = Patience(shown=1.0, charging=0.0, back=5.0, between=0.0)
        self._sequence = 0x41
        self.number = visit.session.enter(self.settings.device, "", self.protocol)
        self._linked()
        visit.session.settle()
        for name in ASKED_FIRST:
            self._ask(Frame(name))

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        return self._ask(command)

    def _ask(self, command: Frame) -> Ended:
        self._sequence += 1
        sent = command._replace(sequence=f"{self._sequence % 256:02X}")
        self._visit.raw(Direction.LAPTOP, Kind.RAPI, encode(sent), self.number)
        self._visit.clock.advance(ANSWER_S)
        self._bench.said()
        self._bench.send(encode(sent))
        self._bench.wait(0.1)
        (said,) = (one for one in self._bench.lines() if one.startswith((b"$OK", b"$NK")))
        self._visit.raw(Direction.CHARGER, Kind.RAPI, said + b"\r", self.number)
        answer = decode(said)
        ending = Ending.ACCEPTED if answer.name == "OK" else Ending.REFUSED
        return Ended(self._sequence, sent, ending, answer, ANSWER_S, True)


def at_openevse(visit: Visit, car: str = "A") -> None:
    """There is one at the port of the visit; needs a running loop."""
    visit.session.serial = OpenEvse(visit, car)
    visit.clock.advance(4)


def with_a_car(visit: Visit) -> None:
    """One with a car that takes nothing yet."""
    at_openevse(visit, "B")
