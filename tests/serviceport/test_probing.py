from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.probing import ECHO, HEARD_MOST, QUESTIONS, SILENT, Probe, Probed
from tests.serviceport.chargers import line
from tests.serviceport.test_traits import smp

GV, ECHO_OF_SMP, RETURN = (one.data for one in QUESTIONS)
LOGIN = b"\r\ncharger login: "
SHELL = b"\r\nuart:~$ "


def probed(answer: Callable[[bytes], bytes], first: bytes = b"") -> tuple[Probed, list[bytes]]:
    """What is found of a device that says this by itself, and answers like that; what it was asked."""
    probe, now, asked = Probe(100.0), 100.0, list[bytes]()
    probe.heard(first)
    while not probe.over:
        assert probe.tick(probe.deadline - 0.01) is None, "too early"
        now = probe.deadline
        if (question := probe.tick(now)) is not None:
            asked.append(question)
            probe.heard(answer(question))
    assert now - 100.0 < 3
    return probe.result, asked


def silent(question: bytes) -> bytes:
    return b""


def always(said: bytes) -> Callable[[bytes], bytes]:
    return lambda question: said


def openevse(question: bytes) -> bytes:
    return line("$OK 8.2.3.EU 5.2.1 :01") if question == GV else b""


def shell(question: bytes) -> bytes:
    return question.replace(b"\r", b"\r\n") + b"not found" + SHELL


def test_it_listens_for_as_long_as_a_boot_takes_to_show_before_it_asks() -> None:
    probe = Probe(100.0)
    assert probe.deadline == 101.5 and probe.tick(101.4) is None
    assert probe.tick(101.5) == GV
    booting = Probe(100.0)
    assert booting.tick(101.4) is None
    booting.heard(b"U-Boot 2023.04\r\n")
    assert booting.tick(101.5) is None and booting.over and booting.result.asked == ()


def test_an_openevse_is_proved_by_its_answer_and_asked_nothing_else() -> None:
    found, asked = probed(openevse)
    assert asked == [GV] and found.asked == ("RAPI's $GV",)
    assert found.likeliest is not None and found.likeliest.protocol == "openevse"
    assert found.advice is None and found.heard == len(openevse(GV))


def test_an_openevse_that_speaks_by_itself_is_asked_all_the_same() -> None:
    found, asked = probed(openevse, line("$AT 01 01 32 0200"))
    assert asked == [GV] and found.likeliest is not None


def test_smp_and_shells_are_found_without_having_said_a_word() -> None:
    found, asked = probed(lambda question: smp() if question == ECHO_OF_SMP else b"")
    assert asked == [GV, ECHO_OF_SMP] and found.likeliest is not None and found.likeliest.protocol == "smp"
    found, asked = probed(shell)
    assert asked == [GV, ECHO_OF_SMP, RETURN]
    assert found.likeliest is not None and found.likeliest.name == "Zephyr shell" and found.advice is None


def test_what_shows_a_console_is_not_asked_in_rapi() -> None:
    assert probed(shell, SHELL)[1] == [ECHO_OF_SMP, RETURN]


def test_a_byte_that_was_left_over_is_no_prompt() -> None:
    found, asked = probed(openevse, b"$")
    assert asked == [GV] and found.likeliest is not None and found.likeliest.protocol == "openevse"
    assert probed(silent, b"$")[0].candidates == ()


def test_a_boot_or_a_login_is_not_disturbed() -> None:
    for first in (LOGIN, b"U-Boot 2023.04\r\nHit any key to stop autoboot:  2"):
        found, asked = probed(silent, first)
        assert asked == [] and found.asked == ()
        assert found.advice is not None and "a key would stop a boot" in found.advice
    for last in (LOGIN, b"\r\nPassword: ", b"\r\nErase all? (y/n) "):
        assert probed(always(last))[1] == [GV], "not any more, once it has shown itself"


def test_silence_echo_and_noise_are_told_apart() -> None:
    assert probed(silent)[0] == Probed((), tuple(one.name for one in QUESTIONS), 0, SILENT)
    assert probed(lambda question: question)[0].advice == ECHO
    garbled = probed(silent, b"\x80\xfe\x00" * 10)[0].advice
    assert garbled is not None and "wrong speed? Try 9600" in garbled
    strange = probed(silent, b"state C, 16 A\r\n")[0]
    assert strange.candidates == () and strange.advice == "It says something, but nothing that techtool knows."


def test_two_that_are_as_likely_are_for_the_technician_to_tell_apart() -> None:
    found, _ = probed(lambda question: openevse(question) + smp())
    assert len(found.candidates) == 2 and found.likeliest is None


def test_one_that_talks_and_does_not_answer_does_not_hear() -> None:
    news = line("$AT 01 01 16 0200")
    found, asked = probed(lambda question: news, news)
    assert asked == [GV, GV], "once it may have switched its relay"
    assert found.deaf and found.advice is not None and "half-open wiring" in found.advice
    answers = iter((news, line("$NK :01")))
    found, asked = probed(lambda question: next(answers), news)
    assert asked == [GV, GV] and not found.deaf and found.advice is None
    assert not probed(openevse, news)[0].deaf


@pytest.mark.parametrize("told", ["$OK 20 30 16 32", "$OK 01 0 01 0200 :31", "$NK"])
def test_what_answers_a_wifi_module_has_not_heard_us(told: str) -> None:
    found, asked = probed(lambda question: line(told), line(told))
    assert asked == [GV, GV] and found.deaf and found.likeliest is not None
    assert found.advice is not None and "half-open wiring" in found.advice
    assert not probed(lambda question: line("$OK 7.1.3 4.0"), line(told))[0].deaf, "old firmware repeats no id"


FLOOD = b"y" * HEARD_MOST


@pytest.mark.parametrize("question", [GV, ECHO_OF_SMP])
def test_in_a_flood_an_answer_is_found_all_the_same(question: bytes) -> None:
    said = openevse(GV) if question == GV else smp()
    found, asked = probed(lambda asked: FLOOD + (said if asked == question else b"") + FLOOD, FLOOD)
    assert asked[-1] == question and found.likeliest is not None and found.advice is None
    assert "with the right" in found.likeliest.evidence


def test_an_answer_in_pieces_is_found_in_a_flood() -> None:
    probe = Probe(0.0)
    probe.heard(FLOOD)
    probe.tick(probe.deadline)
    for byte in openevse(GV):
        probe.heard(bytes((byte,)))
    probe.heard(FLOOD)
    assert probe.tick(probe.deadline) is None and probe.result.likeliest is not None


def test_a_flood_takes_no_more_room_than_is_looked_at() -> None:
    probe = Probe(0.0)
    for _ in range(100):
        probe.heard(FLOOD)
    assert probe.result.heard == 100 * HEARD_MOST and sys.getsizeof(probe._kept) < 2 * HEARD_MOST


@given(st.lists(st.binary(max_size=60), min_size=4, max_size=4))
def test_whatever_comes_it_ends_and_only_asks(answers: list[bytes]) -> None:
    first, *rest = answers
    found, asked = probed(lambda question: rest.pop(0), first)
    assert set(asked) <= {one.data for one in QUESTIONS} and len(found.asked) == len(asked)
