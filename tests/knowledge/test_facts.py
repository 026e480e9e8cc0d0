from __future__ import annotations

import re

import pytest

from techtool.journal.redact_names import label_of
from techtool.knowledge.facts import Fact, Shape, keys, own_keys, variables
from techtool.knowledge.telling import may, standing, takes
from tests.knowledge.enums import enums_of

ALL = (*keys(), *variables(), *own_keys())


def _fact(name: str) -> Fact:
    return next(one for one in ALL if one.name == name)


@pytest.mark.parametrize(
    ("name", "version", "action", "field"),
    [
        ("MeterValuesSampledData", "1.6", "MeterValues", "measurand"),
        *(
            (f"{component}/{variable}", version, action, field)
            for version in ("2.0.1", "2.1")
            for component, variable, action, field in (
                ("SampledDataCtrlr", "TxUpdatedMeasurands", "MeterValues", "MeasurandEnumType"),
                ("AlignedDataCtrlr", "Measurands", "MeterValues", "MeasurandEnumType"),
                ("DisplayMessageCtrlr", "SupportedFormats", "SetDisplayMessage", "MessageFormatEnumType"),
                ("DisplayMessageCtrlr", "SupportedPriorities", "SetDisplayMessage", "MessagePriorityEnumType"),
            )
        ),
        ("NetworkConfiguration/OcppInterface", "2.1", "SetNetworkProfile", "OCPPInterfaceEnumType"),
        ("NetworkConfiguration/OcppVersion", "2.1", "SetNetworkProfile", "OCPPVersionEnumType"),
        ("NetworkConfiguration/ApnAuthentication", "2.1", "SetNetworkProfile", "APNAuthenticationEnumType"),
        ("NetworkConfiguration/VpnType", "2.1", "SetNetworkProfile", "VPNEnumType"),
    ],
)
def test_members_are_those_of_the_schema(name: str, version: str, action: str, field: str) -> None:
    assert set(_fact(name).members_in(version)) == enums_of(f"ocpp{version}", action)[field]


def test_every_row_can_be_told() -> None:
    assert (len(keys()), len(variables()), len(own_keys())) == (79, 743, 349)
    for one in ALL:
        assert one.name and one.versions and standing(one) and may(one)
        assert one.meaning or one.make, one.name
        for version in one.versions:
            assert takes(one, version)
        assert one.least is None or one.most is None or one.least <= one.most, one.name
        re.compile(one.format)


def test_a_choice_of_the_standard_names_what_may_be_chosen() -> None:
    told = [one for one in (*keys(), *own_keys()) if one.shape is Shape.CHOICE]
    assert len(told) > 10 and all(len(one.members) > 1 for one in told)


def test_what_is_masked_is_known_as_a_password() -> None:
    """AuthorizationKey, VpnKey, PUK: the two lists of secrets agree."""
    secret = {one.name for one in ALL if label_of(one.name.rpartition("/")[2]) in ("password", "secret")}
    passwords = {one.name for one in ALL if one.shape is Shape.PASSWORD}
    assert passwords <= secret
    more = {"GetConfigurationMaxKeys", "TokenReader/Token", "UseAuthorizationKeyWithoutDecoding"}
    assert secret - passwords == more, "a number, a card and a switch"


FOR_PROGRAMS = re.compile(r"(?i)\b(mask|warn|refuse a|validate|tolerate|libocpp/|hide menu|see its|here\))")
"""What somebody wrote down for who writes techtool, not for who stands at a charger."""


def test_every_row_speaks_to_a_technician() -> None:
    for one in ALL:
        for text in (one.meaning, one.advice):
            assert not FOR_PROGRAMS.search(text), (one.name, text)
            assert not text.startswith("..."), (one.name, text)
            assert text == text.strip() and text.isprintable(), one.name
