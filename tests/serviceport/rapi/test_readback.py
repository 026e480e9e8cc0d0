from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.readback import read_back, shown
from tests.simulator.openevse.bench import Bench


@pytest.mark.parametrize(
    ("command", "question", "yes", "no"),
    [
        ("SC 16 V", "GE", "16 0021", "32 0021"),
        ("SC 16", "GE", "16 0021", "6 0016"),
        ("SC 24 M", "GC", "6 24 16 16", "6 32 24 24"),
        ("FD", "GS", "ff 0 01 0200", "01 0 01 0200"),
        ("FS", "GS", "fe 0 01 0200", "03 0 03 0540"),
        ("FE", "GS", "01 0 01 0200", "fe 0 01 0200"),
        ("FE", "GS", "00 0 01 0200", "ff 0 01 0200"),
        ("FS", "GS", "254 0", "255 0"),
        ("FD", "GS", "255 0", "254 0"),
        ("FE", "GS", "1 0", "254 0"),
        ("FE", "GS", "3 12", "255 0"),
        ("FF D 0", "GE", "16 0023", "16 0021"),
        ("FF D 1", "GE", "16 0021", "16 0023"),
        ("FF B 0", "GE", "16 8021", "16 0021"),
        ("SL 2", "GE", "16 0021", "16 0020"),
        ("SL 1", "GE", "16 0020", "16 0021"),
        ("SL 1", "GE", "16 0020", "16 0000"),
        ("SL A", "GE", "16 0001", "16 0021"),
        ("S1 26 11 22 10 0 0", "GT", "26 11 22 10 0 3", "165 165 165 165 165 85"),
        ("S1 26 11 22 10 0 0", "GT", "26 11 22 10 0 0", "26 11 22 9 59 59"),
        ("SV 231000", "GG", "0 231000", "0 230000"),
        ("SK 5000", "GU", "0 5000", "5000 0"),
        ("SA 220 0", "GA", "220 0", "0 220"),
        ("ST 8 0 20 30", "GD", "8 0 20 30", "0 0 0 0"),
        ("S3 4", "G3", "4", "0"),
    ],
)
def test_what_shows_an_effect_and_what_does_not(command: str, question: str, yes: str, no: str) -> None:
    name, *words = command.split()
    check = read_back(Frame(name, tuple(words)))
    assert check is not None and check.question == Frame(question)
    assert shown(check, yes.split()) and not shown(check, no.split())


@pytest.mark.parametrize("command", ["GS", "FR", "FP 0 0 x", "SC x", "SC", "FF E 1", "FF D", "S1 1 2"])
def test_what_nothing_tells_of_is_not_asked(command: str) -> None:
    name, *words = command.split()
    assert read_back(Frame(name, tuple(words))) is None


@pytest.mark.parametrize(
    ("command", "effect"),
    [
        ("SC 16 V", True),
        ("SC 16", True),
        ("SC 99", False),  # refused, and done as far as is possible
        ("FD", True),
        ("FS", True),
        ("FF G 0", True),
        ("SL 1", True),
        ("SL A", False),  # not built into this one
        ("SV 231000", True),
        ("SK 5000", True),
        ("SA 200 30", True),
        ("ST 1 2 3 4", True),
        ("S1 26 11 22 10 0 0", False),  # it has no clock
    ],
)
def test_what_a_simulated_charger_did_is_seen(command: str, effect: bool) -> None:
    bench = Bench()
    name, *words = command.split()
    check = read_back(Frame(name, tuple(words)))
    assert check is not None
    bench.ask(name, *words)
    assert shown(check, bench.ask(check.question.name).arguments) is effect


names = st.sampled_from(["SC", "FD", "FS", "FE", "FF", "SL", "S1", "S3", "S4", "SA", "SH", "SK", "SM", "ST", "SV"])
words = st.lists(st.sampled_from(["1", "2", "D", "M"]) | st.integers().map(str) | st.text(max_size=4), max_size=6)


@given(names, words, words)
def test_whatever_is_answered_shows_it_or_not(name: str, given: list[str], told: list[str]) -> None:
    check = read_back(Frame(name, tuple(given)))
    assert check is None or shown(check, told) in (True, False)
