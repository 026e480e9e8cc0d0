"""The driver against a box, with a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable

from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.dialogue import Ended, Ending, Send
from techtool.serviceport.modbus.driver import Came, Driver, TimedOut
from techtool.serviceport.modbus.framing import Sort
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.modbus.box import Box
from tests.serviceport.modbus.boxes import HEIDELBERG, profile_of, request

MENNEKES = "mennekes-compact"
BEAT = request(Ask(Space.HOLDING, 0x0D00, 1, (0x55AA,)), MENNEKES)


class Bench:
    """A driver and a box; what is sent is answered 10 ms later."""

    def __init__(self, name: str = HEIDELBERG) -> None:
        self.box = Box(profile_of(name))
        self.driver = Driver(profile_of(name), 1 if name != MENNEKES else profile_of(name).bus.unit, 0.0)
        self.now = 0.0
        self.sent: list[tuple[float, bytes]] = []
        self.came: list[Sort] = []
        self.ended: list[Ended] = []
        self.timeouts = 0

    def run(self, until: Callable[[], object] | float) -> None:
        end = until if isinstance(until, float) else 1000.0
        while self.now < end and (isinstance(until, float) or not until()):
            answers = []
            for effect in self.driver.take():
                match effect:
                    case Send(data):
                        self.sent.append((self.now, data))
                        answers.append(self.box.received(data))
                    case Came(piece):
                        self.came.append(piece.sort)
                    case TimedOut():
                        self.timeouts += 1
                    case Ended():
                        self.ended.append(effect)
            if any(answers):
                self.now += 0.01
                self.driver.heard(b"".join(answers), self.now)
            else:
                self.now = min(max(self.now, self.driver.deadline), end)
                self.driver.tick(self.now)


def test_the_status_is_read_every_second_and_nothing_is_missed() -> None:
    bench = Bench()
    bench.run(20.0)
    status = [at for at, data in bench.sent if data == request(Ask(Space.INPUT, 5, 14))]
    assert 19 <= len(status) <= 21 and bench.timeouts == 0
    assert set(bench.came) == {Sort.ANSWER}
    pauses = [later - at for (at, _), (later, _) in zip(bench.sent, bench.sent[1:], strict=False)]
    assert min(pauses) >= 0.05, "the profile's gap"


def test_the_technician_comes_first() -> None:
    bench = Bench()
    number = bench.driver.call(Ask(Space.HOLDING, 261), 0.0)
    bench.run(lambda: bench.ended)
    assert len(bench.sent) == 2
    assert [(one.number, one.ending, one.answer) for one in bench.ended] == [(number, Ending.ANSWERED, (160,))]


def test_silence_is_told_and_asked_into_rarely() -> None:
    bench = Bench()
    bench.box.silent = True
    bench.run(60.0)
    assert 4 <= bench.timeouts <= 12 and bench.driver.surveyed is False
    bench.box.silent = False
    bench.run(lambda: bench.driver.surveyed)
    assert bench.now < 75


def test_the_heartbeat_is_sent_only_while_techtool_is_in_control() -> None:
    bench = Bench(MENNEKES)
    bench.run(12.0)
    assert BEAT not in [data for _, data in bench.sent]
    bench.driver.control(True, bench.now)
    bench.run(22.5)
    beats = [at for at, data in bench.sent if data == BEAT]
    assert len(beats) == 3 and bench.ended == []
    bench.driver.control(False, bench.now)
    bench.run(40.0)
    assert len([at for at, data in bench.sent if data == BEAT]) == 3


def test_an_echo_is_seen_and_is_no_answer() -> None:
    bench = Bench()
    bench.box.echo = True
    bench.run(lambda: bench.driver.surveyed)
    assert bench.came.count(Sort.ECHO) == bench.came.count(Sort.ANSWER) and bench.timeouts == 0
    assert bench.driver.heard_echo and not bench.driver.heard_noise
