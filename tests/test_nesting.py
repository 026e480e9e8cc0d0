from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms.frames import Unreadable, parse
from techtool.masking import masked
from techtool.nesting import MOST, may_be_too_deep, too_deep
from techtool.station.records import Direction, Kind, Record
from techtool.trace import rows


def deep(levels: int, inside: Any = 1) -> Any:
    for level in range(levels):
        inside = {"a": inside} if level % 2 else [inside]
    return inside


@pytest.mark.parametrize(("levels", "wanted"), [(0, False), (MOST, False), (MOST + 1, True), (50_000, True)])
def test_levels_are_counted_without_walking_into_them(levels: int, wanted: bool) -> None:
    assert too_deep(deep(levels)) is wanted


anything = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    max_leaves=60,
)


@given(anything, st.integers(0, 150))
def test_what_has_few_brackets_is_never_deep(value: Any, levels: int) -> None:
    value = deep(levels, value)
    assert may_be_too_deep(json.dumps(value).encode()) or not too_deep(value)


@pytest.mark.parametrize("levels", [200, 495, 700, 990, 5_000])
def test_a_deep_message_is_unreadable_answered_and_shown(levels: int) -> None:
    data = b'[2,"8","DataTransfer",{"vendorId":"V","data":' + b'{"a":' * levels + b"1" + b"}" * levels + b"}]"
    frame = parse(data).frame
    assert isinstance(frame, Unreadable)
    assert (frame.reason, frame.id, frame.type) == ("nested too deeply to be read", "8", 2)
    record = Record(1, 1, 1, 1, Direction.CHARGER, Kind.TEXT, data)
    assert masked(record).data == data
    assert "nested too deeply" in rows.make(record).what


def test_depth_in_a_text_is_left_as_it_is() -> None:
    inner = '{"password":"geheim","a":' + "[" * 700 + "]" * 700 + "}"
    record = Record(
        1, 1, 1, 1, Direction.CHARGER, Kind.TEXT, json.dumps([2, "8", "DataTransfer", {"data": inner}]).encode()
    )
    rows.make(record)
    masked(record)
