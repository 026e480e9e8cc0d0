from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import Frame
from techtool.serviceport.rapi.news import chatter, told


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("AT 03 03 16 0540", "$AT 03 03 16 0540   Charging"),
        ("AT 06 03 16 0582", "$AT 06 03 16 0582   Faulted: GFCI tripped"),
        ("ST 1", "$ST 1   Available"),
        ("ST 254", "$ST 254   Unavailable: sleeping"),
        ("AB 00 8.2.3.EU", "$AB 00 8.2.3.EU   it has started, firmware 8.2.3.EU, its self-test is good"),
        ("AB 08 8.2.3", "$AB 08 8.2.3   it has started, firmware 8.2.3, its self-test failed: stuck relay"),
        ("AN 0", "$AN 0   its button was pressed"),
        ("WF 1", "$WF 1   wants its WiFi to be client"),
        ("AT x", "$AT x"),
        ("AB", "$AB"),
        ("OK 1", None),
        ("GV", None),
    ],
)
def test_news_are_told_in_words(said: str, line: str | None) -> None:
    name, *words = said.split()
    assert told(Frame(name, tuple(words))) == line


def test_chatter_is_told_as_it_is() -> None:
    assert chatter(b"\nrelayCloseMs: 100\r\n") == "relayCloseMs: 100"
    assert chatter(b"\r\n") is None


@given(st.sampled_from(("AT", "ST", "AB", "AN", "WF")), st.lists(st.text(max_size=9), max_size=5))
def test_whatever_is_said_is_one_harmless_line(name: str, words: list[str]) -> None:
    line = told(Frame(name, tuple(words)))
    assert line is not None and line.startswith(f"${name}") and line.isprintable()
