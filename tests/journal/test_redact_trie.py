from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from techtool.journal.redact_trie import Starts, pattern_of

CHARS = "ab.[\\ä"
FOURS = st.text(CHARS, min_size=4, max_size=4)


@given(st.lists(st.text(CHARS, min_size=1, max_size=4), min_size=1, max_size=9), st.text(CHARS, max_size=12))
def test_a_pattern_finds_what_a_search_for_each_word_finds(words: list[str], text: str) -> None:
    assert bool(re.search(pattern_of(words), text)) == any(word in text for word in words)


@given(st.lists(st.lists(FOURS, max_size=30), max_size=4), st.lists(st.text(CHARS, max_size=20), max_size=30))
def test_starts_are_found_whenever_they_were_added(added: list[list[str]], texts: list[str]) -> None:
    starts = Starts()
    known: set[str] = set()
    for batch in added:
        for start in batch:
            starts.add(start)
        known.update(batch)
        for text in texts:
            assert starts.within(text) == {start for start in known if start in text}


def test_starts_within_each_other() -> None:
    starts = Starts()
    for start in ("aaaa", "aaab", "aabc", *(f"x{number:03}" for number in range(50))):
        starts.add(start)
    assert starts.within("aaaabc x007") == {"aaaa", "aaab", "aabc", "x007"}
