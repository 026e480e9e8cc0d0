"""What the laptop asks by itself, and what it does for the technician."""

from __future__ import annotations

import json
from collections import Counter

from techtool.serviceport.effects import Send, TimedOut
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.driver import QUESTIONS, SILENT_S, Driver
from techtool.serviceport.rapi.framer import Framer
from techtool.serviceport.rapi.frames import Frame


class Bench:
    """A driver and a clock; the charger answers at once, or not at all."""

    def __init__(self, *, answers: bool = True) -> None:
        self.now = 100.0
        self.answers = answers
        self.driver = Driver(self.now)
        self.sent: list[tuple[float, Frame]] = []
        self.other: list[object] = []
        self._work()

    def _work(self) -> None:
        while effects := self.driver.take():
            for effect in effects:
                if not isinstance(effect, Send):
                    self.other.append(effect)
                    continue
                (piece,) = Framer().feed(effect.data)
                assert piece.frame is not None
                self.sent.append((self.now, piece.frame))
                if self.answers:
                    self.driver.heard(Frame("OK", (), piece.frame.sequence), self.now)

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while self.driver.deadline <= end:
            self.now = self.driver.deadline
            self.driver.tick(self.now)
            self._work()
        self.now = end

    def heard(self, frame: Frame) -> None:
        self.driver.heard(frame, self.now)
        self._work()

    def call(self, *words: str) -> int:
        number = self.driver.call(Frame(words[0], words[1:]), self.now)
        self._work()
        return number

    def names(self) -> list[str]:
        return [frame.name for _, frame in self.sent]


def test_everything_is_asked_at_once_and_then_as_often_as_it_changes() -> None:
    bench = Bench()
    assert sorted(bench.names()) == sorted(QUESTIONS)
    bench.sent.clear()
    bench.run(60.0)
    counted = Counter(bench.names())
    assert {name: counted[name] for name in QUESTIONS} == {
        "GV": 0, "GE": 1, "GS": 60, "GG": 30, "GC": 2, "GU": 6, "GP": 6, "GF": 1, "GT": 0,
    }  # fmt: skip


def test_after_a_boot_nothing_is_taken_for_granted() -> None:
    bench = Bench()
    bench.run(0.5)
    bench.sent.clear()
    bench.heard(Frame("AB", ("00", "8.2.3.EU")))
    assert sorted(bench.names()) == sorted(QUESTIONS)


def test_what_the_technician_wants_goes_before_the_questions() -> None:
    bench = Bench(answers=False)
    assert len(bench.sent) == 1
    number = bench.call("SC", "16", "V")
    bench.heard(Frame("OK", (), bench.sent[0][1].sequence))
    assert bench.sent[-1][1].name == "SC"
    bench.heard(Frame("OK", ("16",), bench.sent[-1][1].sequence))
    (ended,) = (one for one in bench.other if isinstance(one, Ended))
    assert (ended.number, ended.ending) == (number, Ending.ACCEPTED)
    assert bench.sent[-1][1].name in QUESTIONS


def test_who_answers_nothing_is_asked_seldom_and_it_is_noted() -> None:
    bench = Bench(answers=False)
    bench.run(60.0)
    noted = [one for one in bench.other if isinstance(one, TimedOut)]
    assert 60 / (SILENT_S + 3) <= len(noted) <= 60 / SILENT_S
    assert json.loads(noted[0].note)["action"] in QUESTIONS
    assert not [one for one in bench.other if isinstance(one, Ended)]


def test_a_lost_port_ends_what_the_technician_wanted_and_tells_nothing_of_the_questions() -> None:
    bench = Bench(answers=False)
    number = bench.call("FR")
    bench.driver.closed(bench.now)
    bench._work()
    (ended,) = (one for one in bench.other if isinstance(one, Ended))
    assert (ended.number, ended.ending, ended.sent) == (number, Ending.LINK_LOST, False)
