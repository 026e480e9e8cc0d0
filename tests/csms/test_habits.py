from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms.habits import WORDS, about, sentence
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind
from tests.csms.driving import Driver


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("MeterValues /meterValue/value is no string", "MeterValues"),
        ("GetConfiguration", "GetConfiguration"),
        ("", ""),
        ("04A1B2C3", ""),
        ("a" * 41, ""),
        ("[red]x", ""),
    ],
)
def test_only_names_of_messages_are_carried(subject: str, wanted: str) -> None:
    assert about(subject) == wanted


def test_habits_are_told_in_one_sentence() -> None:
    schema = [{"code": "schema", "about": name} for name in ("Heartbeat", "Authorize", "Heartbeat", "B", "C", "D")]
    told = sentence([*schema, {"code": "deaf"}, {"code": "no-answer", "about": ""}])
    assert told == (
        "In earlier visits it turned deaf, did not answer some messages, "
        "kept not to the standard in Authorize, B, C, D and 1 more."
    )


def test_a_charger_that_is_known_is_told_of() -> None:
    driver = Driver()
    driver.record(Direction.NOTE, Kind.CARRIED, {"habits": [{"code": "wrong-unit", "about": ""}]})
    assert driver.finding(Code.HABITS).text == "In earlier visits it gave energy in a wrong unit."


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3),
    max_leaves=8,
)
habit = st.fixed_dictionaries(
    {"code": st.sampled_from([one.value for one in WORDS]) | anything, "about": anything}
)


@given(st.lists(habit) | anything)
def test_a_damaged_file_raises_nothing(habits: Any) -> None:
    told = sentence(json.loads(json.dumps(habits)))
    assert told is None or told.startswith("In earlier visits it ")
