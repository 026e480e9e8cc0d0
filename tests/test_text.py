from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.text import LONGEST, decoded, safe


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 好 ü", "plain 好 ü"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]52;c;QQ==\x07", "\\x1b]52;c;QQ==\\x07"),
        ("[red]x[/red]", "[red]x[/red]"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("\0\r\n\t\x7f\x9b", "\\0\\r\\n\\t\\x7f\\x9b"),
        ("e\u0301", "e\\u0301"),
        ("\u200b\ufeff\ufe0f", "\\u200b\\ufeff\\ufe0f"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
        ("\u2028\u00a0", "\\u2028\\xa0"),
    ],
)
def test_what_could_do_something_is_shown_instead(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_long_texts_end() -> None:
    assert safe("x" * 9_000_000) == "x" * LONGEST + "…"
    assert safe("abcdef", 3) == "abc…"
    assert decoded(b"\xff" + b"x" * 100_000, 5) == "\\xffx…"
    assert safe(12) == "12"


@given(st.text(), st.binary())
def test_every_text_is_one_line_that_does_nothing(text: str, data: bytes) -> None:
    assert safe(text).isprintable()
    assert decoded(data).isprintable()
    assert safe(safe(text)) == safe(text)
