"""One command in flight: what is its answer, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.dialogue import KEPT_LINES, LONGEST_S, TIMEOUT_S, Came, Dialogue, Sort
from techtool.serviceport.effects import Rebooted, Send
from techtool.serviceport.profiles.console import Echo, Habits
from techtool.serviceport.profiles.patterns import Pattern
from tests.serviceport.console.consoles import ANY, SMART, ZEPHYR, profile_of

PROMPT = b"\x1b[1;32muart:~$ \x1b[m"
VERSION = Command((b"kernel version\r",), True)
TYPED = Command((b"kernel reboot\r",))
MAX = Command((b"MAX\r", b"16\r"))
ASKS = b"\nMAX Current set to: 13 A\nEnter new MAX Charge Current (6-80): "


class Bench:
    """A dialogue and a clock that is turned by hand."""

    def __init__(self, name: str = ZEPHYR, habits: Habits | None = None) -> None:
        self.dialogue = Dialogue(habits or profile_of(name).habits, 0.0)
        self.now = 0.0
        self.sent: list[bytes] = []
        self.came: list[tuple[Sort, bytes]] = []
        self.ended: list[Ended] = []
        self.reboots = 0

    def take(self) -> None:
        for effect in self.dialogue.take():
            match effect:
                case Send(data):
                    self.sent.append(data)
                case Came(sort, data):
                    self.came.append((sort, data))
                case Rebooted():
                    self.reboots += 1
                case Ended():
                    self.ended.append(effect)

    def call(self, command: Command = VERSION, timeout: float | None = None) -> int:
        number = self.dialogue.call(command, self.now, timeout)
        self.take()
        return number

    def say(self, *parts: bytes, then: float = 0.06) -> None:
        """Said, and silence for so long."""
        for part in parts:
            self.dialogue.feed(part, self.now)
        self.wait(then)

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        self.take()
        while (due := self.dialogue.deadline) is not None and due <= end:
            self.now = max(self.now, due)
            self.dialogue.tick(self.now)
            self.take()
        self.now = end
        self.dialogue.tick(end)
        self.take()

    @property
    def answer(self) -> tuple[str, ...]:
        (ended,) = self.ended
        return ended.answer

    @property
    def ending(self) -> Ending:
        (ended,) = self.ended
        return ended.ending


def test_an_answer_is_without_its_echo_and_ends_with_the_prompt() -> None:
    bench = Bench()
    bench.call()
    bench.say(b"kernel version\r\nZephyr version 4.4.0\r\n" + PROMPT)
    assert (bench.ending, bench.answer) == (Ending.ANSWERED, ("Zephyr version 4.4.0",))
    assert [sort for sort, _ in bench.came] == [Sort.ECHO, Sort.ANSWER, Sort.PROMPT]
    assert bench.dialogue.idle


def test_one_command_at_once() -> None:
    bench = Bench()
    bench.call()
    bench.call(TYPED)
    assert bench.sent == [b"kernel version\r"]
    bench.say(b"kernel version\r\nZephyr version 4.4.0\r\n", PROMPT)
    assert bench.sent == [b"kernel version\r", b"kernel reboot\r"]


def test_what_is_said_unasked_is_no_answer() -> None:
    bench = Bench()
    bench.say(b"hello\r\n")
    bench.call()
    bench.say(b"\x1b[8D\x1b[J[00:00:01.250,000] \x1b[0m<inf> charger: B\x1b[0m\r\n" + PROMPT)
    assert bench.ended == [], "a prompt before the echo is one of before"
    bench.say(b"kernel version\r\n[00:00:01.500,000] <inf> x: y\r\nZephyr version 4.4.0\r\n", PROMPT)
    assert bench.answer == ("Zephyr version 4.4.0",)
    assert [sort for sort, _ in bench.came].count(Sort.CHATTER) == 3


def test_a_device_that_gives_no_echo_though_it_should_is_understood() -> None:
    bench = Bench()
    bench.call(TYPED)
    bench.say(PROMPT, then=1.0)
    assert (bench.ending, bench.answer) == (Ending.ANSWERED, ())


@pytest.mark.parametrize(("echo", "answer"), [(Echo.OFF, ("again", "again")), (Echo.AUTO, ("again",))])
def test_an_echo_is_dropped_as_the_profile_says(echo: Echo, answer: tuple[str, ...]) -> None:
    bench = Bench(habits=Habits(echo=echo, prompt=Pattern("^> $")))
    bench.call(Command((b"again\r",)))
    bench.say(b"again\r\nagain\r\n> ")
    assert bench.answer == answer


def test_an_error_is_a_refusal() -> None:
    bench = Bench()
    bench.call(Command((b"nosuch\r",)))
    bench.say(b"nosuch\r\n\x1b[1;31mnosuch: command not found\r\n" + PROMPT)
    assert (bench.ending, bench.answer) == (Ending.REFUSED, ("nosuch: command not found",))


def test_a_dialogue_in_two_steps() -> None:
    bench = Bench(SMART)
    bench.call(MAX)
    bench.say(b"MAX\r" + ASKS)
    assert bench.sent == [b"MAX\r", b"16\r"] and bench.ended == []
    bench.say(b"16\r\n\nsettings saved\n\n---- SMART EVSE ----\n>")
    assert bench.ending is Ending.ANSWERED and bench.answer[-1] == "---- SMART EVSE ----"


def test_a_value_that_nobody_asked_for_is_never_typed() -> None:
    bench = Bench(SMART)
    bench.call(MAX)
    bench.say(b"MAX\r\n---- SMART EVSE ----\n>")
    assert bench.ending is Ending.NOT_ASKED and bench.sent == [b"MAX\r"]


def test_who_is_asked_and_has_no_value_leaves() -> None:
    bench = Bench(SMART)
    bench.call(Command((b"MAX\r",)))
    bench.say(b"MAX\r" + ASKS)
    assert bench.ending is Ending.ASKED and bench.answer[-1].startswith("Enter new MAX")
    assert bench.sent == [b"MAX\r", b"\r"]
    bench.say(b"\r\n\n---- SMART EVSE ----\n>")
    assert bench.dialogue.idle


def test_a_dialogue_that_got_stuck_is_left() -> None:
    bench = Bench(SMART)
    bench.call(MAX)
    bench.say(b"MAX\r" + ASKS, then=TIMEOUT_S + 0.2)
    assert bench.ending is Ending.TIMED_OUT and bench.sent == [b"MAX\r", b"16\r", b"\r"]


@pytest.mark.parametrize("said", [b"MAX\r", b"MAX\r" + ASKS])
def test_a_cancelled_dialogue_is_left(said: bytes) -> None:
    bench = Bench(SMART)
    number = bench.call(MAX)
    bench.say(said)
    bench.dialogue.cancel(number, bench.now)
    bench.take()
    assert bench.sent[-1] == b"\r" and bench.ended == []


def test_the_port_goes_in_a_dialogue() -> None:
    for leave in (True, False):
        bench = Bench(SMART)
        bench.call(MAX)
        bench.call(Command((b"x\r",)))
        bench.say(b"MAX\r")
        bench.dialogue.closed(bench.now, leave=leave)
        bench.take()
        assert [(one.ending, one.sent) for one in bench.ended] == [
            (Ending.LINK_LOST, True),
            (Ending.LINK_LOST, False),
        ]
        assert (b"\r" in bench.sent) is leave


def test_what_is_not_wanted_any_more_is_not_sent() -> None:
    bench = Bench()
    bench.call()
    number = bench.call(TYPED)
    bench.dialogue.cancel(number, bench.now)
    bench.say(b"kernel version\r\nZephyr version 4.4.0\r\n", PROMPT)
    assert bench.sent == [b"kernel version\r"]


def test_reads_are_tried_again_and_writes_never() -> None:
    bench = Bench()
    bench.call()
    bench.wait(20.0)
    assert bench.sent == [b"kernel version\r"] * 2 and bench.ending is Ending.TIMED_OUT
    bench = Bench()
    bench.call(TYPED)
    bench.wait(20.0)
    assert bench.sent == [b"kernel reboot\r"] and bench.ending is Ending.TIMED_OUT


def test_a_late_answer_is_never_that_of_the_next_command() -> None:
    bench = Bench()
    bench.call(TYPED)
    bench.wait(TIMEOUT_S)
    bench.call()
    assert bench.sent == [b"kernel reboot\r"], "what is late is waited for"
    bench.say(b"kernel reboot\r\nlate\r\n", PROMPT)
    assert bench.sent[-1] == b"kernel version\r"
    bench.say(b"kernel version\r\nZephyr version 4.4.0\r\n", PROMPT)
    assert [one.answer for one in bench.ended] == [(), ("Zephyr version 4.4.0",)]


def test_without_a_prompt_silence_is_the_end() -> None:
    bench = Bench(ANY)
    bench.call(Command((b"ls\r",)))
    bench.say(b"ls\r\none\r\n", b"two\r\n", then=1.0)
    assert (bench.ending, bench.answer) == (Ending.ANSWERED, ("one", "two"))
    bench = Bench(ANY)
    bench.call(Command((b"ls\r",)))
    bench.wait(TIMEOUT_S)
    assert bench.ending is Ending.TIMED_OUT


def test_a_prompt_that_no_profile_knows_is_no_part_of_the_echo() -> None:
    bench = Bench(ANY)
    bench.say(b"box> ", then=0.1)
    bench.call(Command((b"ls\r",)))
    bench.say(b"ls\r\none\r\n", then=1.0)
    assert bench.answer == ("one",)
    assert [sort for sort, _ in bench.came] == [Sort.CHATTER, Sort.ECHO, Sort.ANSWER]


def test_smartevse_shows_no_prompt_after_its_state() -> None:
    bench = Bench(SMART)
    bench.call(Command((b"STATE?\r",), True, (Pattern("EVSE0:"),)))
    bench.say(b"STATE?\r\nEVSE0:A(16.0A)\n", then=0.4)
    assert (bench.ending, bench.ended[0].whole) == (Ending.ANSWERED, True)
    bench = Bench(SMART)
    bench.call(Command((b"STATE?\r",)))
    bench.say(b"STATE?\r\nEVSE0:A(16.0A)\n", then=TIMEOUT_S + 0.1)
    assert (bench.ending, bench.ended[0].whole) == (Ending.ANSWERED, False)


def test_who_never_stops_to_talk_does_not_hold_the_line() -> None:
    bench = Bench()
    bench.call(TYPED)
    while not bench.ended and bench.now < 2 * LONGEST_S:
        bench.say(b"more\r\n", then=0.5)
    assert bench.ending is Ending.ANSWERED and bench.now == pytest.approx(LONGEST_S, abs=1)


def test_boot_text_ends_a_write_with_an_unknown_end_and_has_a_read_asked_again() -> None:
    boot = b"kernel ver*\r\n*** Booting Zephyr OS build v4.4.0 ***\r\n"
    bench = Bench()
    bench.call(TYPED)
    bench.say(boot)
    assert (bench.ending, bench.reboots) == (Ending.REBOOTED, 1)
    bench = Bench()
    bench.call()
    bench.say(boot, then=0.5)
    assert bench.ended == [] and bench.sent == [b"kernel version\r"], "it is left alone until it is ready"
    bench.say(PROMPT)
    assert bench.sent == [b"kernel version\r"] * 2
    bench.say(b"kernel version\r\nZephyr version 4.4.0\r\n", PROMPT)
    assert bench.answer == ("Zephyr version 4.4.0",)


@given(
    st.lists(
        st.tuples(
            st.binary(max_size=40)
            | st.sampled_from(
                [PROMPT, b"kernel version\r\n", b"\r\n", b">", b"Enter new: ", b"*** Booting Zephyr\r\n"]
            ),
            st.sampled_from([0.0, 0.06, 0.6, 3.0]),
        ),
        max_size=12,
    ),
    st.sampled_from([SMART, ZEPHYR, ANY]),
)
def test_whatever_comes_every_byte_is_kept_and_every_command_ends_once(
    said: list[tuple[bytes, float]], name: str
) -> None:
    bench = Bench(name)
    numbers = [bench.call(), bench.call(TYPED), bench.call(MAX)]
    for data, pause in said:
        bench.say(data, then=pause)
    bench.wait(200.0)
    assert b"".join(data for _, data in bench.came) == b"".join(data for data, _ in said)
    assert sorted(one.number for one in bench.ended) == numbers
    assert bench.dialogue.idle


def test_of_an_answer_without_an_end_only_the_first_lines_are_kept() -> None:
    bench = Bench()
    bench.call(timeout=60.0)
    for number in range(40):
        bench.say(b"".join(b"line %d of a log\r\n" % line for line in range(100)), then=0.2)
        bench.came.clear()
        assert not bench.ended, number
    bench.say(PROMPT, then=3)
    assert len(bench.answer) == KEPT_LINES == 2000
