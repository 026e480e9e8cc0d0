from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.jobs.fitting import Rule, rule_of, same, wrong
from techtool.knowledge.facts import Fact, Shape, keys, own_keys, variables
from techtool.knowledge.looking_up import fact_of

ALL = (*keys(), *variables(), *own_keys())


def rule(name: str, version: str = "1.6") -> Rule:
    fact = fact_of(name, version)
    assert fact is not None
    return rule_of(fact, version)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HeartbeatInterval", "300", None),
        ("HeartbeatInterval", "abc", "is no whole number"),
        ("HeartbeatInterval", "", "is no whole number"),
        ("HeartbeatInterval", "3.5", "is no whole number"),
        ("HeartbeatInterval", " 3", "is no whole number"),
        ("HeartbeatInterval", "\u0663", "is no whole number"),
        ("HeartbeatInterval", "-1", "is less than 0"),
        ("LightIntensity", "101", "is more than 100"),
        ("AuthorizeRemoteTxRequests", "true", None),
        ("AuthorizeRemoteTxRequests", "True", "is neither true nor false"),
        ("FreeModeActive", "TRUE", None),
        ("FreeModeActive", "true", "is neither TRUE nor FALSE"),
        ("MeterValuesSampledData", "", None),
        ("MeterValuesSampledData", "Voltage,Current.Import.L1", None),
        ("MeterValuesSampledData", "Voltage, SoC", None),
        ("MeterValuesSampledData", "Voltage.L9", "has an item that it cannot have: Voltage.L9 (Voltage?)"),
        ("MeterValuesSampledData", "Voltage,,SoC", "has an empty item"),
        ("MeterValuesSampledData", "X,Y", "has items that it cannot have: X, Y"),
        ("ConnectorPhaseRotation", "0.RST,1.NotApplicable", None),
        ("ConnectorPhaseRotation", "RST", "has an item that it cannot have: RST"),
        ("PublicKeyWithSignedMeterValue", "Never", None),
        ("PublicKeyWithSignedMeterValue", "never", "is none of Never, OncePerTransaction, EveryMeterValue"),
        ("AuthorizationKey", "00112233445566778899aabbccddeeff", None),
        ("AuthorizationKey", "secret", "is not what it must look like"),
        ("CpoName", "", "has 0 characters, 1 are needed"),
        ("CpoName", "x" * 65, "has 65 characters, 64 are allowed"),
        ("CpoName", "a\x1b[2J", "has characters that cannot be seen"),
        ("TimeOffset", "+01:00", None),
        ("TimeOffset", "+15:00", "is no offset from UTC like +01:00"),
        ("NextTimeOffsetTransitionDateTime", "2026-03-29T01:00:00Z", None),
        ("NextTimeOffsetTransitionDateTime", "2026-03-29T01:00:00", "has no zone: put a Z behind it for UTC"),
        ("NextTimeOffsetTransitionDateTime", "soon", "is no date and time like 2026-11-23T10:00:00Z"),
        ("DefaultPrice", '{"priceText":"1"}', None),
        ("DefaultPrice", "{", "is no JSON"),
        ("SecurityProfile", "4", "is more than 3"),
    ],
)
def test_values_of_the_standard_and_of_makes(name: str, value: str, told: str | None) -> None:
    assert wrong(rule(name), value) == told


def test_lists_of_2x_have_no_phases_and_depend_on_the_version() -> None:
    name = "SampledDataCtrlr/TxUpdatedMeasurands"
    assert wrong(rule(name, "2.0.1"), "Voltage.L1") is not None
    assert wrong(rule(name, "2.0.1"), "Display.PresentSOC") is not None
    assert wrong(rule(name, "2.1"), "Display.PresentSOC") is None


@pytest.mark.parametrize(
    ("shape", "one", "other", "equal"),
    [
        (Shape.BOOLEAN, "True", "true", True),
        (Shape.BOOLEAN, "true", "false", False),
        (Shape.INTEGER, "10", "10.000000", True),
        (Shape.INTEGER, "0100", "100", True),
        (Shape.DECIMAL, "1.0", "x", False),
        (Shape.LIST, "a,b", "b, a", True),
        (Shape.LIST, "a,b", "a", False),
        (Shape.SEQUENCE, "a,b", "b,a", False),
        (Shape.SEQUENCE, "a,b", "a , b", True),
        (Shape.TEXT, "A", "a", False),
    ],
)
def test_spellings_of_one_value(shape: Shape, one: str, other: str, *, equal: bool) -> None:
    assert same(Rule(shape), one, other) is equal
    assert same(None, one, other) is (one == other)


@given(st.sampled_from(ALL), st.text(max_size=30), st.sampled_from(["1.6", "2.0.1", "2.1"]))
def test_any_value_is_judged_and_is_the_same_as_itself(fact: Fact, value: str, version: str) -> None:
    made = rule_of(fact, version)
    assert wrong(made, value) is None or wrong(made, value)
    assert same(made, value, value)


@given(st.integers(-(10**20), 10**20))
def test_numbers_within_their_limits_are_right_and_no_others(number: int) -> None:
    limited = Rule(Shape.INTEGER, Decimal(-5), Decimal(1000))
    assert (wrong(limited, str(number)) is None) is (-5 <= number <= 1000)


@pytest.mark.parametrize("odd", ["sNaN", "NaN", "Infinity", "-sNaN1"])
def test_what_is_no_number_is_the_same_as_none(odd: str) -> None:
    rule = Rule(Shape.INTEGER)
    assert not same(rule, odd, "5") and not same(rule, "5", odd)
