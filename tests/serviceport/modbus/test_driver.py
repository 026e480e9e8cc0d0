"""The driver against a box, with a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.effects import Send, TimedOut
from techtool.serviceport.modbus.asks import Ask, ask_of
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.driver import Came, Driver
from techtool.serviceport.modbus.framing import Sort
from techtool.serviceport.modbus.wires import WIRES
from techtool.serviceport.profiles.common import Transport
from techtool.serviceport.profiles.registers import Space
from techtool.simulator.modbus.box import Box
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, profile_of, request

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


@given(
    st.lists(
        st.tuples(st.sampled_from(["tick", "hear", "answer", "late", "quiet", "call"]), st.binary(max_size=12)),
        max_size=60,
    ),
    st.sampled_from(SHIPPED),
)
def test_whatever_comes_and_whenever_no_value_is_made_up(steps: list[tuple[str, bytes]], name: str) -> None:
    """Noise, answers in and out of time: what is believed is what the box has in those registers."""
    profile = profile_of(name)
    box, driver = Box(profile), Driver(profile, profile.bus.unit, 0.0)
    wire, now = WIRES[profile.transport], 0.0
    said: list[bytes] = []
    owed, owed_since = b"", 0.0  # a box answers once, and within twice the time that its profile gives it
    slowest = 2 * profile.bus.timeout_ms / 1000
    for what, data in steps:
        for effect in driver.take():
            match effect:
                case Send(frame):
                    packet = wire.unwrap(frame)
                    assert packet is not None and ask_of(packet.pdu) is not None
                    owed, owed_since = box.received(frame), now
                    said.append(owed)
                case Came(piece) if piece.sort is Sort.ANSWER:
                    assert piece.data in said
                case Ended(ask=ask, answer=answer) if isinstance(answer, tuple):
                    expected = box.memory.get(ask.space, ask.address, ask.count)
                    assert profile.transport is Transport.ABL_ASCII or list(answer) == expected
                case _:
                    pass
        now += 0.3 if what == "tick" else 0.02
        match what:
            case "tick":
                driver.tick(max(now, min(driver.deadline, now + 5)))
            case "hear":
                driver.heard(data, now)
            case "answer":
                driver.heard(owed, now)
                owed = b""
            case "late":
                now = min(driver.deadline, now + 5) + 0.01
                driver.tick(now)
                driver.heard(owed if now - owed_since <= slowest else b"", now)
                owed = b""
            case "quiet":
                driver.quiet(now)
            case "call":
                driver.call(Ask(Space.HOLDING, profile.detect.register.address if profile.detect else 0), now)
    driver.closed(now)
    assert all(isinstance(one, Came | Ended | Send | TimedOut) for one in driver.take())
