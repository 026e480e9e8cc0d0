"""The driver against a server, with a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.effects import Linked, Rebooted, Send, TimedOut
from techtool.serviceport.smp import asks
from techtool.serviceport.smp.answers import Told
from techtool.serviceport.smp.dialogue import Ended, Ending
from techtool.serviceport.smp.driver import Came, Driver
from techtool.serviceport.smp.framing import Sort, unwrap
from techtool.serviceport.smp.messages import message_of
from techtool.simulator.smp.device import BANNER
from techtool.simulator.smp.server import Server
from tests.serviceport.smp.devices import answer

ECHO, PARAMS, INFO, BOOT, IMAGES = (True, 0, 0), (False, 0, 6), (False, 0, 7), (False, 0, 8), (False, 1, 0)


class Bench:
    """A driver and a server; what is sent is answered 10 ms later."""

    def __init__(self, *lacks: int) -> None:
        self.server, self.driver, self.now = Server(), Driver(0.0), 0.0
        self.server.lacks |= set(lacks)
        self.silent = False
        self.sent: list[float] = []
        self.came: list[Sort] = []
        self.others: list[object] = []

    def run(self, until: Callable[[], object] | float) -> None:
        end = until if isinstance(until, float) else 1000.0
        while self.now < end and (isinstance(until, float) or not until()):
            said = []
            for effect in self.driver.take():
                match effect:
                    case Send(data):
                        self.sent.append(self.now)
                        said.append(b"" if self.silent else answer(self.server, data))
                    case Came(piece):
                        self.came.append(piece.sort)
                    case _:
                        self.others.append(effect)
            if any(said):
                self.now += 0.01
                self.driver.hear(b"".join(said), self.now)
            else:
                self.now = min(max(self.now, self.driver.deadline), end)
                self.driver.tick(self.now)

    @property
    def ended(self) -> list[Ended]:
        return [one for one in self.others if isinstance(one, Ended)]

    def count(self, kind: type) -> int:
        return sum(isinstance(one, kind) for one in self.others)


def test_it_asks_who_it_is_and_then_for_a_sign_of_life() -> None:
    bench = Bench()
    bench.run(lambda: bench.driver.surveyed)
    assert bench.server.asked == [PARAMS, INFO, BOOT, IMAGES] and bench.now < 1
    bench.run(100.0)
    assert bench.server.asked[4:] == [IMAGES] * 3
    assert bench.count(Linked) == 1 and bench.count(TimedOut) == 0 and set(bench.came) == {Sort.FRAME}


def test_what_the_device_does_not_have_is_not_asked_again() -> None:
    bench = Bench(1)
    bench.run(100.0)
    assert bench.server.asked.count(IMAGES) == 1 and bench.server.asked.count(ECHO) == 3
    bench = Bench(0, 1)
    bench.run(100.0)
    assert bench.driver.surveyed and bench.server.asked.count(PARAMS) == 1


def test_the_technician_comes_first() -> None:
    bench = Bench()
    number = bench.driver.call(asks.get("charger/name"), 0.0)
    bench.run(lambda: bench.ended)
    (ended,) = bench.ended
    assert bench.server.asked[:2] == [PARAMS, (False, 3, 0)]
    assert (ended.number, ended.ending) == (number, Ending.ANSWERED)
    assert isinstance(ended.answer, Told) and ended.answer.values == {"val": b"Garage"}


def test_silence_is_told_and_asked_into_rarely() -> None:
    bench = Bench()
    bench.silent = True
    bench.run(120.0)
    assert 5 <= bench.count(TimedOut) <= 20 and bench.count(Linked) == 0
    bench.silent = False
    bench.run(lambda: bench.count(Linked))
    assert bench.now < 185


def test_a_device_that_says_that_it_starts_is_asked_anew_and_not_at_once() -> None:
    bench = Bench(1)
    bench.run(lambda: bench.driver.surveyed)
    bench.server.asked.clear()
    bench.server.lacks.clear()
    bench.driver.hear(BANNER, bench.now)
    started = bench.now
    bench.run(started + 0.9)
    assert bench.server.asked == [] and bench.count(Rebooted) == 2, "boot loader and application"
    bench.run(started + 2.0)
    assert bench.server.asked == [PARAMS, INFO, BOOT, IMAGES]


def test_a_start_in_the_middle_of_the_survey_ends_in_one() -> None:
    bench = Bench()
    bench.run(lambda: PARAMS in bench.server.asked)
    bench.driver.hear(BANNER, bench.now)
    bench.run(10.0)
    assert bench.driver.surveyed


def test_its_own_echo_is_no_device() -> None:
    driver = Driver(0.0)
    (send,) = driver.take()
    assert isinstance(send, Send)
    driver.hear(send.data, 0.1)
    (came,) = driver.take()
    assert isinstance(came, Came) and came.echo and driver.heard_echo
    driver.hear(answer(Server(), send.data), 0.2)
    assert Linked() in driver.take()


def test_what_is_held_is_given_out_when_it_is_quiet() -> None:
    driver = Driver(0.0)
    driver.hear(b"uart:~$ ", 0.1)
    driver.quiet(0.5)
    assert driver.heard == {Sort.CHATTER}
    driver.hear(b"\x06\x09AAAA", 0.6)
    driver.quiet(1.0)
    assert Sort.NOISE not in driver.heard, "an answer may yet become of it"
    driver.closed(1.1)
    assert Sort.NOISE in driver.heard


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tick", "hear", "answer", "late", "quiet", "call", "boot"]), st.binary(max_size=12)
        ),
        max_size=50,
    )
)
def test_whatever_comes_and_whenever_no_answer_is_made_up(steps: list[tuple[str, bytes]]) -> None:
    """Noise, starts, answers in and out of time: what is believed is what the server said to just this."""
    server, driver, now = Server(), Driver(0.0), 0.0
    owed: list[bytes] = []
    wanted: dict[int, str] = {}
    names = ("charger/name", "charger/serial")
    for what, data in steps:
        for effect in driver.take():
            match effect:
                case Send(lines):
                    packet = unwrap(lines)
                    assert packet is not None and message_of(packet) is not None
                    owed.append(answer(server, lines))
                case Ended(number=number, answer=Told(values=values)):
                    assert values["val"] == server.settings.values[wanted[number]]
                case _:
                    pass
        now += 0.3 if what == "tick" else 0.02
        match what:
            case "tick":
                driver.tick(max(now, min(driver.deadline, now + 5)))
            case "hear":
                driver.hear(data, now)
            case "answer" if owed:
                driver.hear(owed.pop(), now)
            case "late" if owed:
                now = min(driver.deadline, now + 5) + 0.01
                driver.tick(now)
                driver.hear(owed.pop(0), now)
            case "quiet":
                driver.quiet(now)
            case "call":
                name = names[len(wanted) % 2]
                wanted[driver.call(asks.get(name), now)] = name
            case "boot":
                driver.hear(BANNER, now)
    driver.closed(now)
    assert all(isinstance(one, Came | Ended | Send | TimedOut | Linked | Rebooted) for one in driver.take())
