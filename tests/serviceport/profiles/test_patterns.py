"""Regular expressions: those that could take years are refused, and a line is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles.patterns import LONGEST, PatternError, compiled, found, plain


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+",
        "(a*)*b",
        "(a|aa)+",
        "(?:(?:a?)*)x",
        r"(\w+\s?)*$",
        "((ab)*c)+",
        "(a{1,5})*",
        "(?P<value>a+)*",
        "([a]]*)+",
    ],
)
def test_what_repeats_repeats_is_refused(text: str) -> None:
    with pytest.raises(PatternError, match="can take years"):
        compiled(text)


@pytest.mark.parametrize(
    "text",
    [
        r"^(?P<key>[A-Z]+)\s+- (?P<desc>.{50}) - (?P<value>.*)$",
        "(?:[0-9A-F]{2} )+",
        "(a|b)",
        r"\(+\)*",
        "[(+]*",
        "(a+)?",
        "(a+){3}",
        "[]+*]+",
        r"[\]+]+",
    ],
)
def test_what_is_plain_is_taken(text: str) -> None:
    compiled(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"^\s*T.*\s+.*\s+(?P<value>\d+)$", "T" + " " * 500 + "x"),
        ("^(?:[A-Z]?){40}!$", "A" * 40),
    ],
)
def test_what_takes_too_long_all_the_same_is_stopped_and_fits_nothing(text: str, line: str) -> None:
    assert compiled(text).search(line) is None, "it would take minutes and years"


def test_too_much_is_refused() -> None:
    with pytest.raises(PatternError, match="8 repeats"):
        compiled(".*a.*b.*c.*d.*e.*f.*g.*")
    with pytest.raises(PatternError, match="400 characters"):
        compiled("a" * 400)


@given(st.text(st.sampled_from("ab()[]{}|*+?\\^$.,0123:=!<>P"), max_size=20))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        pattern = compiled(text)
    except PatternError as error:
        assert str(error)
    else:
        assert pattern.pattern == text


def test_a_line_is_cut_and_bare() -> None:
    assert plain("\x1b[1;32muart:~$ \x1b[m") == "uart:~$ "
    assert plain("\x1b]52;c;aGk=\x07ok\r\n") == "ok"
    assert plain("\x1b[1ma", strip_ansi=False) == "\x1b[1ma"
    assert len(plain("x" * 10_000)) == LONGEST
    assert found(compiled("(?P<value>x+)$", ("value",)), "x" * 10_000) == {"value": "x" * LONGEST}
    assert found(compiled("(?P<value>y)?x"), "x") == {"value": ""}
