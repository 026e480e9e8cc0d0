from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms import schemas
from techtool.csms.report import QUIET_S, SHORT_S, Report
from techtool.csms.variables import (
    ACTUAL,
    Attribute,
    Place,
    Traits,
    Variable,
    VariableReader,
    place_in,
    place_of,
    variable_in,
)

BEAT = Place("OCPPCommCtrlr", "HeartbeatInterval")
STATE = Place("Connector", "AvailabilityState", None, 1, 2)
ITEMS = Place("DeviceDataCtrlr", "ItemsPerMessage", "GetReport")
FAN = Place("Fan", "Speed", "max", 3, None, "left")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (BEAT, "OCPPCommCtrlr/HeartbeatInterval"),
        (STATE, "Connector/AvailabilityState@1.2"),
        (ITEMS, "DeviceDataCtrlr/ItemsPerMessage[GetReport]"),
        (FAN, "Fan[left]/Speed[max]@3"),
    ],
)
def test_a_name_tells_the_place_and_the_message_has_it(place: Place, name: str) -> None:
    assert place.name == name and place_of(name) == place
    assert place_in(place.payload) == place
    for protocol in ("ocpp2.0.1", "ocpp2.1"):
        payload = {"getVariableData": [place.payload]}
        assert not schemas.violations(protocol, "GetVariables", payload)


@pytest.mark.parametrize("name", ["HeartbeatInterval", "", "/", "a/", "/b", "a/b@x", "a/b@1.", "a/b[", "a/b/c"])
def test_what_is_no_name_of_a_variable(name: str) -> None:
    assert place_of(name) is None


def report(*pages: dict[str, Any], request: int = 7) -> Report:
    made = Report(request)
    for page in pages:
        made.page({"requestId": request, "generatedAt": "2026-11-23T10:00:00Z", **page})
    return made


def row(place: Place, value: str, **more: Any) -> dict[str, Any]:
    return {**place.payload, "variableAttribute": [{"value": value}], **more}


A, B, C = row(BEAT, "300"), row(STATE, "Available"), row(ITEMS, "20")


@pytest.mark.parametrize(
    ("pages", "complete", "count"),
    [
        ([{"seqNo": 0, "tbc": True, "reportData": [A]}, {"seqNo": 1, "reportData": [B]}], True, 2),
        ([{"seqNo": 1, "tbc": True, "reportData": [A]}, {"seqNo": 2, "reportData": [B]}], True, 2),
        ([{"seqNo": 1, "tbc": False, "reportData": []}], True, 0),
        ([{"seqNo": 0}], False, 0),
        ([{"seqNo": 0, "tbc": True}, {"seqNo": 1}, {"seqNo": 1}, {"seqNo": 4}], False, 0),
        ([{"seqNo": 10**12, "tbc": False}], False, 0),
        ([{"seqNo": 0, "tbc": True, "reportData": [A]}], False, 1),
        ([{"seqNo": 1, "reportData": [B]}, {"seqNo": 0, "tbc": True, "reportData": [A]}], True, 2),
        ([{"seqNo": 0, "tbc": True, "reportData": [A]}, {"seqNo": 2, "reportData": [C]}], False, 2),
        ([{"seqNo": 0, "tbc": True, "reportData": [A]}, {"seqNo": 0, "tbc": False, "reportData": [C]}], True, 2),
        ([{"seqNo": "0", "tbc": "true", "reportData": A}, {"seqNo": None, "reportData": [A, 3, {}]}], True, 1),
        ([], False, 0),
    ],
)
def test_pages_come_in_all_kinds_of_ways(pages: list[dict[str, Any]], complete: bool, count: int) -> None:
    made = report(*pages)
    assert (made.complete, len(made.variables), made.pages) == (complete, count, len(pages))


def test_pages_of_others_are_not_taken_and_lost_ones_are_named() -> None:
    made = report({"seqNo": 0, "tbc": True, "reportData": [A]}, {"seqNo": 3, "reportData": [B]})
    assert not made.page({"requestId": 8, "seqNo": 1, "reportData": [C]}) and not made.page("x")
    assert made.missing == (1, 2) and len(made.variables) == 2


def test_what_is_told_twice_is_joined() -> None:
    place = {**BEAT.payload, "component": {"name": "ocppcommctrlr"}}
    first = {**BEAT.payload, "variableAttribute": [{"value": "300", "mutability": "ReadWrite"}]}
    first |= {"variableCharacteristics": {"dataType": "integer", "unit": "s", "minLimit": 1, "maxLimit": 86400.0}}
    later = {**place, "variableAttribute": [{"type": "MaxSet", "value": 600}, {"type": "Actual", "value": "60"}]}
    (one,) = report(
        {"seqNo": 0, "tbc": True, "reportData": [first]}, {"seqNo": 1, "reportData": [later]}
    ).variables
    assert one.place == BEAT and one.traits == Traits("s", "integer", 1, 86400)
    assert [(a.type, a.value) for a in one.attributes] == [("MaxSet", "600"), (ACTUAL, "60")]
    actual = one.attribute()
    assert actual is not None and actual.mutability is None
    assert one.attribute("Target") is None


def test_lists_of_members_are_read_with_or_without_blanks() -> None:
    told = {**BEAT.payload, "variableCharacteristics": {"dataType": "MemberList", "valuesList": "A, B,,C "}}
    assert variable_in(told) == Variable(BEAT, (), Traits(type="MemberList", members=("A", "B", "C")))


def test_the_reports_of_other_stacks_are_read() -> None:
    frames = Path(__file__).parents[1] / "frames"
    told = 0
    for file in frames.glob("*2*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if '"NotifyReport' not in line.replace("\\", ""):
                continue
            frame = json.loads(json.loads(line)["frame"])
            made = Report(frame[3]["requestId"])
            assert made.page(frame[3]) and made.pages == 1
            told += len(made.variables)
    assert told > 0


WANTED = [(BEAT, ACTUAL), (STATE, ACTUAL), (ITEMS, "MaxSet")]


def result(
    place: Place, value: str | None, status: str | None = "Accepted", type: str | None = None
) -> dict[str, Any]:
    told = {"attributeStatus": status, "attributeValue": value, "attributeType": type}
    return {**place.payload, **{name: one for name, one in told.items() if one is not None}}


def test_values_and_what_there_is_not_are_told_apart() -> None:
    reader = VariableReader(WANTED, 10)
    payload = reader.next()
    assert payload is not None and not schemas.violations("ocpp2.0.1", "GetVariables", payload)
    assert [one.get("attributeType") for one in payload["getVariableData"]] == [None, None, "MaxSet"]
    told = [
        result(ITEMS, None, "NotSupportedAttributeType", "MaxSet"),
        result(BEAT._replace(component="ocppcommctrlr"), "300"),
        result(FAN, "1"),
    ]
    reader.answered({"getVariableResult": told})
    assert reader.values == {(BEAT, ACTUAL): Attribute(ACTUAL, "300")}
    assert reader.unknown == {(ITEMS, "MaxSet"): "NotSupportedAttributeType"}
    assert reader.next() == {"getVariableData": [STATE.payload]}, "it was passed over: it is asked for alone"
    reader.answered({})
    assert reader.next() is None and reader.parts.silent == [(STATE, ACTUAL)]


def test_questions_are_no_longer_than_the_charger_takes() -> None:
    places = [(Place("C", f"V{n}"), ACTUAL) for n in range(7)]
    reader, sizes = VariableReader(places, 3), []
    while (payload := reader.next()) is not None:
        sizes.append(len(payload["getVariableData"]))
        if sizes[-1] > 2:
            reader.parts.was_refused()
        else:
            reader.answered(
                {"getVariableResult": [{**one, "attributeValue": "1"} for one in payload["getVariableData"]]}
            )
    assert sizes == [3, 2, 1, 3, 2, 1, 1] and len(reader.values) == 7


FIELDS = (
    *("requestId", "seqNo", "tbc", "reportData", "component", "variable", "name", "evse", "id", "instance"),
    *("variableAttribute", "value", "variableCharacteristics", "valuesList", "getVariableResult", "unit"),
)
ANY = st.recursive(
    st.none() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(ANY, max_size=5))
def test_any_page_and_any_answer_is_taken(told: list[Any]) -> None:
    made, reader = Report(1), VariableReader(WANTED, 2)
    for one in told:
        made.page(one)
        if reader.next() is not None:
            reader.answered(one)
    assert not (made.complete and made.missing)
    assert len({one.place.folded for one in made.variables}) == len(made.variables)


def test_pages_that_do_not_say_whether_another_follows_end_with_a_silence() -> None:
    made = report({"seqNo": 0, "reportData": [A]}, {"seqNo": 1, "reportData": [B]})
    before = made.complete
    assert (before, made.quiet_s) == (False, SHORT_S)
    made.fell_quiet()
    assert made.complete and len(made.variables) == 2
    lost = report({"seqNo": 0, "reportData": [A]}, {"seqNo": 2, "reportData": [B]})
    assert lost.quiet_s == QUIET_S
    lost.fell_quiet()
    assert not lost.complete and lost.missing == (1,)


def test_pages_without_end_are_given_up() -> None:
    made = report(*({"seqNo": number % 3, "tbc": True, "reportData": [A]} for number in range(15)))
    assert not made.endless
    made = report(*({"seqNo": number % 3, "tbc": True, "reportData": [A]} for number in range(40)))
    assert made.endless and not made.complete


@pytest.mark.parametrize("part", ["EV@home", "a/b", "x[1]", "100%", " blank", "V@2", "%40"])
def test_names_with_the_marks_of_names_in_them_are_found_again(part: str) -> None:
    for place in (Place(part, "V"), Place("C", part, part, 1, 2, part), Place(part, part, None, 2)):
        assert place_of(place.name) == place
