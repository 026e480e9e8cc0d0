"""Commands that the recording does not have, and what they leave behind."""

import pytest

from techtool.serviceport.rapi.frames import Frame
from tests.simulator.openevse.bench import Bench, no, ok


@pytest.mark.parametrize(
    "words",
    [
        ("G4",), ("GM",), ("GO",), ("SB",), ("S4", "1"), ("SM", "1", "2"), ("SL", "A"), ("S2", "1"), ("T0", "9"),
        ("SC",), ("SC", "1", "2", "3"), ("S1", "1"), ("S5", "x"), ("FF", "G"), ("FF", "G", "2"), ("FF", "X", "0"),
        ("FP", "0", "0"), ("ST", "1"), ("SA", "1"), ("SV",), ("F0",),
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_whole_is_refused_and_changes_nothing(words: tuple[str, ...]) -> None:
    bench = Bench()
    assert bench.ask(*words) == no()
    assert bench.ask("GE") == ok("32", "0021")


@pytest.mark.parametrize(
    ("words", "question", "told"),
    [
        (("SA", "200", "30"), "GA", ok("200", "30")),
        (("SK", "12345"), "GU", ok("0", "12345")),
        (("SV", "223576"), "GG", ok("0", "223576")),
        (("ST", "1", "2", "3", "4"), "GD", ok("1", "2", "3", "4")),
        (("S0", "0"), "GE", ok("32", "0121")),
        (("SL", "1"), "GE", ok("12", "0020")),
        (("SL", "1"), "GC", ok("6", "24", "12", "12")),
        (("FF", "D", "0"), "GE", ok("32", "0023")),
        (("FF", "V", "0"), "GE", ok("32", "0025")),
        (("FF", "G", "0"), "GE", ok("32", "0029")),
        (("FF", "R", "0"), "GE", ok("32", "0031")),
        (("FF", "F", "0"), "GE", ok("32", "0221")),
        (("FF", "T", "0"), "GE", ok("32", "0421")),
        (("FF", "B", "0"), "GE", ok("32", "8021")),
        (("FF", "B", "1"), "GE", ok("32", "0021")),
        (("S5", "M"), "G5", ok("0", "M")),
        (("F1",), "GS", ok("fe", "0", "01", "0200")),
        (("S1", "26", "1", "2", "3", "4", "5"), "GT", ok("165", "165", "165", "165", "165", "85")),
        (("FP", "0", "0", "a", "b"), "GE", ok("32", "0021")),
    ],
)
def test_what_is_set_is_told(words: tuple[str, ...], question: str, told: Frame) -> None:
    bench = Bench()
    assert bench.ask(*words) == ok()
    assert bench.ask(question) == told


def test_the_configured_current_is_kept_and_the_volatile_one_is_not() -> None:
    bench = Bench()
    assert bench.ask("SC", "20") == ok("20")
    assert bench.ask("SC", "25", "V") == no("20"), "a volatile one is never above the kept one"
    assert bench.ask("SC", "10", "V") == ok("10")
    assert bench.ask("GC") == ok("6", "32", "10", "20")
    bench.type("reboot")
    bench.wait(6)
    assert bench.ask("GC") == ok("6", "32", "20", "20")


def test_the_ceiling_can_be_set_once() -> None:
    bench = Bench()
    assert bench.ask("SC", "40", "M") == no("32")
    assert bench.ask("SC", "16", "M") == ok("16")
    assert bench.ask("SC", "20", "M") == no("16")
    assert bench.ask("SC", "32") == no("16")
    bench.type("reboot")
    bench.wait(6)
    assert bench.ask("SC", "20", "M") == no("16")


def test_echo_stays_until_a_reboot() -> None:
    bench = Bench()
    bench.ask("FF", "E", "1")
    bench.send(b"$FF E 0\r")
    bench.wait(0.1)
    assert bench.said() == b"$FF E 0\r$OK^20\r\n"
    bench.send(b"$GS")
    bench.wait(0.1)
    assert bench.said() == b"$GS"
    bench.type("reboot")
    bench.wait(6)
    bench.said()
    bench.send(b"$F0 1\r")
    bench.wait(0.1)
    assert bench.said() == b"$OK^20\r"


def test_the_lock_follows_the_cable_until_it_is_moved_by_hand() -> None:
    bench = Bench()
    bench.type("car B")
    bench.wait(1)
    assert bench.ask("G5") == ok("1", "A")
    bench.ask("S5", "M")
    bench.ask("S5", "0")
    assert bench.ask("G5") == ok("0", "M")
    assert bench.state()[3] == "8700"


def test_many_commands_at_once_get_few_answers() -> None:
    bench = Bench()
    bench.send(b"$GS :2A^59\r" * 20)
    bench.wait(1)
    assert bench.lines() == [b"$OK 01 0 01 0200 :2A^7B"] * 5


def test_an_answer_comes_when_it_is_due_and_not_before() -> None:
    bench = Bench()
    bench.send(b"$GS^30\r")
    bench.wait(0.035)
    assert bench.said() == b""
    bench.wait(0.02)
    assert bench.lines() == [b"$OK 01 0 01 0200^12"]


def test_any_name_is_answered_once() -> None:
    bench = Bench()
    for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789":
            if first + second == "FR":
                continue
            for words in ((), ("1",), ("1", "2"), ("x", "y", "z")):
                bench.send(f"${first}{second} {' '.join(words)}\r".encode())
                bench.wait(0.1)
    answers = [line for line in bench.lines() if line[:3] in (b"$OK", b"$NK")]
    assert len(answers) == (26 * 36 - 1) * 4
