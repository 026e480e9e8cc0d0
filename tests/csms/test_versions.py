"""Whatever a charger sends of the messages it may send, it gets an answer that is valid."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms import frames, schemas
from techtool.csms.frames import CallError
from techtool.csms.versions import version
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind
from tests.csms.driving import Driver
from tests.csms.test_frames import JSON
from tests.examples import example

CASES = [(protocol, action) for protocol in schemas.PROTOCOLS for action in sorted(version(protocol).answers)]
WRONG: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "x" * 3000,
    "2026-99-99T00:00:00Z",
    [],
    {},
    [[]],
    [{}],
    {"a": 1},
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for name in value:
            found += places(value[name], (*path, name))
    elif isinstance(value, list):
        found += places(value[0], (*path, 0)) if value else []
    return found


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    value = copy.deepcopy(value)
    inner = value
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = new
    return value


def check(driver: Driver, action: str, payload: Any) -> None:
    answer = driver.say(action, payload)
    if isinstance(answer, CallError):
        assert action == "GetCertificateChainStatus"  # its answer must repeat what was asked
        return
    assert not schemas.violations(driver.protocol, action, answer, answer=True), answer


def test_every_message_of_a_charger_is_known() -> None:
    """Every request of the schemas is either a charger's or a back office's."""
    for protocol in schemas.PROTOCOLS:
        tables = version(protocol)
        ours = set(tables.answers) | set(tables.unsolicited)
        assert ours <= schemas.actions(protocol)
        # what is left is sent by the back office; these words begin all of it
        for action in schemas.actions(protocol) - ours:
            assert not action.startswith(("Notify", "Report", "Sign", "Security", "Status", "Boot", "Meter")) or (
                action in ("SignedUpdateFirmware", "NotifyAllowedEnergyTransfer")
            ), action


@pytest.mark.parametrize(("protocol", "action"), CASES)
def test_a_full_message_is_answered_without_a_finding(protocol: str, action: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    check(driver, action, example(protocol, action))
    assert Code.SCHEMA not in driver.codes()
    assert Code.OWN_SCHEMA not in driver.codes()


@pytest.mark.parametrize(("protocol", "action"), CASES)
def test_every_field_wrong_in_every_way_is_answered(protocol: str, action: str) -> None:
    full = example(protocol, action)
    driver = Driver(protocol)
    for path in places(full):
        for wrong in WRONG:
            check(driver, action, replaced(full, path, wrong))
    assert Code.OWN_SCHEMA not in driver.codes()


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_every_answer_to_us_is_read_however_wrong_its_fields_are(protocol: str) -> None:
    driver, asked = Driver(protocol), 0
    for action in sorted(schemas.actions(protocol) - set(version(protocol).answers)):
        if schemas.schema(protocol, action, answer=True) is None:
            continue
        question, full = example(protocol, action), example(protocol, action, answer=True)
        for path in places(full):
            for wrong in WRONG:
                asked += 1
                driver.record(Direction.LAPTOP, Kind.TEXT, [2, f"q{asked}", action, question])
                driver.record(Direction.CHARGER, Kind.TEXT, [3, f"q{asked}", replaced(full, path, wrong)])
    assert asked > 500 and Code.SCHEMA in driver.codes()
    assert not {Code.NOT_UNDERSTOOD, Code.STRAY_ANSWER} & driver.codes()


@given(st.sampled_from(CASES), JSON)
def test_any_payload_is_answered(case: tuple[str, str], payload: Any) -> None:
    protocol, action = case
    check(Driver(protocol), action, payload)


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_an_unknown_message_gets_not_implemented_and_a_finding(protocol: str) -> None:
    driver = Driver(protocol)
    answer = driver.say("CustomOperation", {})
    assert isinstance(answer, CallError) and answer.code == "NotImplemented"
    assert ("unknown-action", "CustomOperation") in driver.station.findings


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_a_back_offices_message_gets_not_supported(protocol: str) -> None:
    answer = Driver(protocol).say("Reset", {"type": "Soft"})
    assert isinstance(answer, CallError) and answer.code == "NotSupported"


def test_a_send_gets_no_answer() -> None:
    driver = Driver("ocpp2.1")
    payload = {"id": 1, "pending": 0, "basetime": driver.stamp, "data": [{"t": 0, "v": "1"}]}
    assert driver.raw(json.dumps([6, "1", "NotifyPeriodicEventStream", payload]).encode()) == []
    assert driver.codes() == {Code.CHARGER_EVENT}


def test_a_send_that_comes_as_a_call_gets_its_answer_and_a_finding() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    payload = {"id": 1, "pending": 0, "basetime": driver.stamp, "data": [{"t": 0, "v": "1"}]}
    assert driver.say("NotifyPeriodicEventStream", payload) == {}
    assert "it should be a SEND" in driver.finding(Code.ODD_FRAME).text
    driver.say("NotifyPeriodicEventStream", {**payload, "basetime": "yesterday"})
    assert Code.TIMESTAMP in driver.codes()


@pytest.mark.parametrize(
    ("protocol", "data", "code"),
    [
        ("ocpp1.6", b'[2,"7",["x"],{}]', "FormationViolation"),
        ("ocpp2.0.1", b'[2,"7",["x"],{}]', "FormatViolation"),
        ("ocpp2.1", b'[2,"7",["x"],{}]', "FormatViolation"),
        ("ocpp2.0.1", b'[9,"7","A",{}]', "MessageTypeNotSupported"),
        ("ocpp2.0.1", b"rubbish", "RpcFrameworkError"),
        ("ocpp1.6", b'[2,null,"Heartbeat",{}]', "FormationViolation"),
        ("ocpp1.6", b'[2,["7"],"Heartbeat",{}]', "FormationViolation"),
        ("ocpp2.1", b'[2,true,"Heartbeat",{}]', "RpcFrameworkError"),
    ],
)
def test_what_cannot_be_read_is_answered_where_the_version_has_an_answer(
    protocol: str, data: bytes, code: str
) -> None:
    (answer,) = Driver(protocol).raw(data)
    assert isinstance(answer, frames.CallError)
    assert answer.code == code
    assert answer.id == ("7" if b'"7",' in data else "-1")


def test_16_is_silent_where_nothing_was_asked_that_can_be_told() -> None:
    driver = Driver("ocpp1.6")
    assert driver.raw(b"rubbish") == []
    assert Code.NOT_JSON in driver.codes()
