from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.knowledge.facts import GENERIC, VERSIONS
from techtool.knowledge.looking_up import fact_of, facts_about, like


@pytest.mark.parametrize(
    ("name", "version", "found"),
    [
        ("HeartbeatInterval", "1.6", "HeartbeatInterval"),
        ("heartbeatinterval", "1.6", "HeartbeatInterval"),
        ("HeartbeatInterval", "2.0.1", None),
        ("OCPPCommCtrlr/HeartbeatInterval", "2.1", "OCPPCommCtrlr/HeartbeatInterval"),
        ("OCPPCommCtrlr/HeartbeatInterval", "1.6", None),
        ("Connector/AvailabilityState@1.2", "2.0.1", "Connector/AvailabilityState"),
        ("DeviceDataCtrlr/ItemsPerMessage[GetReport]", "2.0.1", "DeviceDataCtrlr/ItemsPerMessage[GetReport]"),
        ("TariffCostCtrlr/TariffFallbackMessage[de]", "2.1", "TariffCostCtrlr/TariffFallbackMessage[<language>]"),
        ("TariffCostCtrlr/TariffFallbackMessage", "2.0.1", "TariffCostCtrlr/TariffFallbackMessage"),
        ("TheirOwnFan/Temperature@2", "2.0.1", f"{GENERIC}/Temperature"),
        ("TheirOwnFan/Whatever", "2.0.1", None),
        ("MeterPublicKey12", "1.6", "MeterPublicKey<n>"),
        ("FreeModeActive", "1.6", "FreeModeActive"),
        ("", "1.6", None),
    ],
)
def test_a_setting_of_a_charger_is_found(name: str, version: str, found: str | None) -> None:
    fact = fact_of(name, version)
    assert (fact.name if fact is not None else None) == found


def test_of_makes_keys_that_of_this_make_is_taken() -> None:
    for vendor, make in (("KEBA", "KEBA KeContact P30 x-series"), ("VESTEL", "Vestel EVC04 / Webasto Unite")):
        found = fact_of("TimeZone", "1.6", vendor)
        assert found is not None and found.make == make
    assert fact_of("TimeZone", "1.6", "ACME Chargers") is not None, "another make's is better than none"
    standard = fact_of("HeartbeatInterval", "1.6", "KEBA")
    assert standard is not None and standard.make is None, "the standard's goes before"


def test_a_variable_is_found_without_its_component() -> None:
    names = [one.name for one in facts_about("HeartbeatInterval")]
    assert names[0] == "HeartbeatInterval" and "OCPPCommCtrlr/HeartbeatInterval" in names
    assert "TxCtrlr/TxStartPoint" in [one.name for one in facts_about("txstartpoint")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("HartbeatInterval", "HeartbeatInterval"), ("pinginterval", "WebSocketPingInterval"), ("zzzzzz", None)],
)
def test_what_may_have_been_meant(typed: str, meant: str | None) -> None:
    assert (meant in like(typed)) if meant else like(typed) == []


@given(st.text(max_size=40), st.sampled_from(VERSIONS), st.none() | st.text(max_size=10))
def test_any_name_may_be_asked_for(name: str, version: str, vendor: str | None) -> None:
    fact_of(name, version, vendor)
    facts_about(name)
    like(name)


@pytest.mark.parametrize("name", ["[" * 100_000, "1" * 100_000 + "x", "<" * 100_000, "@" * 100_000])
def test_a_long_name_of_a_charger_does_not_hold_anybody_up(name: str) -> None:
    began = time.process_time()
    assert fact_of(name, "1.6") is None and fact_of(f"A/{name}", "2.0.1") is None and facts_about(name) == []
    assert time.process_time() - began < 1.0
