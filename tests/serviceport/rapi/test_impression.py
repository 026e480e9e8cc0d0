from __future__ import annotations

import pytest

from techtool.serviceport.effects import TimedOut
from techtool.serviceport.rapi.driver import Driver
from techtool.serviceport.rapi.framer import Framer
from techtool.serviceport.rapi.impression import Impression
from tests.serviceport.chargers import line

LINE = "9600 baud 8N1"
ECHO = line("$GV :01")
NEWS = line("$AT 01 01 16 0200")
TEXT = b"U-Boot 2023.04\r\nHit any key\r\n"
SHELL = b"\r\n\x1b[1;32muart:~$ \x1b[m"
GARBLE = b"\x80\xfe\x00\xf8" * 8


def impression(*came: bytes, timed_out: bool = True) -> Impression:
    made, framer = Impression(), Framer()
    for data in came:
        for piece in (*framer.feed(data), *framer.flush()):
            made.came(piece)
    made.timed_out = timed_out
    return made


@pytest.mark.parametrize(
    ("came", "told"),
    [
        pytest.param([], "Nothing came: are RX and TX crossed, is ground joined, is the line 9600", id="nothing"),
        pytest.param([ECHO] * 3, "Only what was sent came back: are RX and TX joined, or does", id="echo"),
        pytest.param([GARBLE], "Bytes came, but no whole frame: wrong speed? The line is open at 9", id="speed"),
        pytest.param([b"\xff"], "Bytes came, but no whole frame: wrong speed?", id="one byte"),
        pytest.param([GARBLE, b"k\r"], "Bytes came, but no whole frame", id="garble that looks like text"),
        pytest.param([ECHO, b"$OK 1^00\r"], "Bytes came, but no whole frame", id="damaged"),
        pytest.param([TEXT], "It says something (see what passes), but no RAPI: is it another", id="text"),
        pytest.param([SHELL * 4], "It says something", id="text with escapes"),
        pytest.param([b"login: ", ECHO, b"Password: "], "It says something", id="login"),
        pytest.param([NEWS], "It talks by itself, but answers no question: what is sent does not", id="half open"),
        pytest.param([TEXT, NEWS, GARBLE, ECHO], "It talks by itself, but", id="half open, whatever else came"),
        pytest.param([line("$OK 20 30")], "It talks by itself, but", id="half open, and answers a WiFi module"),
    ],
)
def test_each_fault_has_an_advice_of_its_own(came: list[bytes], told: str) -> None:
    assert impression(*came).advice(LINE).startswith(told)


def test_who_talks_is_not_told_to_be_deaf_before_a_question_was_lost() -> None:
    assert "has not answered a question yet" in impression(NEWS, timed_out=False).advice(LINE)
    driver = Driver(0.0)
    driver.tick(driver.deadline)
    assert not driver.impression.timed_out, "it is asked again"
    driver.tick(driver.deadline)
    assert driver.impression.timed_out


@pytest.mark.parametrize(
    ("answer", "answered"),
    [("$OK 8.2.3 5.2.1 :01", True), ("$OK 7.1.3 4.0", True), ("$OK 20 30 16 32", False), ("$NK :05", False)],
)
def test_only_an_answer_to_our_own_question_says_that_it_hears(answer: str, answered: bool) -> None:
    """A WiFi module on the same line asks, too. Old firmware repeats no sequence id: its version shows it."""
    driver = Driver(0.0)
    for piece in Framer().feed(line(answer)):
        assert piece.frame is not None
        driver.impression.came(piece)
        driver.heard(piece.frame, 0.1)
    driver.tick(0.5)
    assert driver.impression.answered is answered
    assert [one for one in driver.take() if isinstance(one, TimedOut)] == [], "nothing has been waited for in vain"
    if not answered:
        driver.tick(driver.deadline)
        driver.tick(driver.deadline)
        assert driver.impression.advice(LINE).startswith("It talks by itself, but answers no question")
