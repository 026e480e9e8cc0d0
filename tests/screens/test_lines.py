from __future__ import annotations

import pytest

from techtool.screens.widgets.lines import wrap


@pytest.mark.parametrize("width", [1, 0, -1, -100])
def test_without_room_a_line_has_one_cell(width: int) -> None:
    assert wrap("ab c", width) == ["a", "b", "c"]


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]
