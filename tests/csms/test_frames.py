from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from techtool.csms import frames
from techtool.csms.frames import Call, CallError, CallResult, CallResultError, Send, Unreadable

WHOLE = st.integers(-(2**63), 2**63 - 1)
"""Longer integers become floats when they are read; the record keeps them as they came."""
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.binary(max_size=400))
@example(b"[" * 100_000)
@example(b'[2,"x","A",{"a":' + b"[" * 3000 + b"]" * 3000 + b"}]")
@example(b'[2,"x","A",{"a":' + b'{"a":' * 60 + b"1" + b"}" * 61 + b"]")
@example(b'[2,1e999,"A",{}]')
@example(b'[2,"x","A",{"n":' + b"9" * 5000 + b"}]")
@example(b"\xef\xbb\xbf[]")
def test_any_bytes_give_a_frame(data: bytes) -> None:
    assert isinstance(frames.parse(data), frames.Parsed)


@given(JSON)
def test_any_json_gives_a_frame(value: Any) -> None:
    assert isinstance(frames.parse(json.dumps(value).encode()), frames.Parsed)


@given(st.integers(0, 9) | JSON, JSON, JSON, JSON, st.integers(0, 8))
def test_arrays_that_look_like_ocpp_give_a_frame(
    kind: Any, id: Any, action: Any, payload: Any, length: int
) -> None:
    value = [kind, id, action, payload, {}, None, 1, 2][:length]
    assert isinstance(frames.parse(json.dumps(value).encode()), frames.Parsed)


IDS = st.text(max_size=36) | WHOLE


@given(
    st.one_of(
        st.builds(Call, IDS, st.text(), st.dictionaries(st.text(), JSON)),
        st.builds(CallResult, IDS, st.dictionaries(st.text(), JSON)),
        st.builds(CallError, IDS, st.text(), st.text(max_size=255), st.dictionaries(st.text(), JSON)),
        st.builds(CallResultError, IDS, st.text(), st.text(max_size=255), st.dictionaries(st.text(), JSON)),
        st.builds(Send, IDS, st.text(), st.dictionaries(st.text(), JSON)),
    )
)
def test_what_is_encoded_is_read_back(frame: Any) -> None:
    assert frames.parse(frames.encode(frame)).frame == frame


def test_frames_are_compact() -> None:
    assert frames.encode(Call("1", "Reset", {"type": "Soft"})) == b'[2,"1","Reset",{"type":"Soft"}]'


@pytest.mark.parametrize(
    ("data", "frame", "repaired"),
    [
        (b'[2,"1","Heartbeat",{}]\0\0', Call("1", "Heartbeat", {}), "NUL bytes removed"),
        (b'[3,"1",{"status":"Accepted"}', CallResult("1", {"status": "Accepted"}), "closed with ]"),
        (b'[3,"1",{"status":"Accepted"', CallResult("1", {"status": "Accepted"}), "closed with }]"),
        (b'[3,"1",{"key":[{"k":1}] \0', CallResult("1", {"key": [{"k": 1}]}), "closed with }]"),
        (b'[3,"1",{"a":{"key":["b","c"', CallResult("1", {"a": {"key": ["b", "c"]}}), "closed with ]}}]"),
        (b'[3,"1",{"a":"x,]"},]', CallResult("1", {"a": "x,]"}), "comma before a bracket removed"),
        (b'[2,"1","Heartbeat",{}] x', Call("1", "Heartbeat", {}), "2 characters after the end removed"),
        (b'\xef\xbb\xbf[2,"1","Heartbeat",{}]', Call("1", "Heartbeat", {}), "byte order mark removed"),
        (b'[2,"1","Heartbeat",{"a":"\xff"}]', Call("1", "Heartbeat", {"a": "\ufffd"}), "no UTF-8"),
        (b'[2,"1","Heartbeat",{},]', Call("1", "Heartbeat", {}), "comma before a bracket removed"),
        (b'[2,"1","Heartbeat",{"a":"b\nc"}]', Call("1", "Heartbeat", {"a": "b c"}), "control characters"),
    ],
)
def test_what_chargers_break_is_mended_and_said(data: bytes, frame: Any, repaired: str) -> None:
    parsed = frames.parse(data)
    assert parsed.frame == frame
    assert any(repaired in one for one in parsed.repairs)


@pytest.mark.parametrize(
    "cut",
    [
        b'[2,"771","StatusNoti',
        b'[2,"771","StatusNotification"',
        b'[2,"771","StatusNotification",',
        b'[2,"771","StatusNotification",{',
        b'[2,"771","StatusNotification",{"connectorId":12',
        b'[2,"771","StatusNotification",{"connectorId":1,',
        b'[2,"771","StatusNotification",{"status"',
        b'[2,"771","StatusNotification",{"status":',
        b'[2,"771","StatusNotification",{"status":"Fault',
        b'[2,"771","StatusNotification",{"status":"Fault\\',
        b'[2,"771","A",{"meterStop":12',
        b'[2,"771","A",{"meterStop":12.',
        b'[2,"771","A",{"meterStop":-',
        b'[2,"771","A",{"ok":tru',
        b'[2,"771","A",{"ok":true',
        b'[2,"771","A",{"list":["a","b","c",[',
        b'[2,"771","A",{"info":"caf\xc3\0\0',
        pytest.param(b'[2,"771","A",{"info":"' + b"x" * 100_000, id="long"),
    ],
)
def test_what_is_cut_is_not_made_up(cut: bytes) -> None:
    """A number may have had more digits, a text more letters, a message more fields."""
    parsed = frames.parse(cut)
    assert parsed == frames.Parsed(Unreadable("not JSON: unterminated, cut off", "771", 2))


@pytest.mark.parametrize("data", [b"hello", b"12", b'[2,"771","A",{"a":b}]', b'[2,"771","A",{"a" "b"}'])
def test_what_is_broken_otherwise_is_not_said_to_be_cut(data: bytes) -> None:
    frame = frames.parse(data).frame
    assert isinstance(frame, Unreadable) and "cut" not in frame.reason


SHOWN = Call(
    "771",
    "MeterValues",
    {
        "connectorId": 12,
        "ok": True,
        "none": None,
        "meterValue": [{"timestamp": "2026-11-22T10:00:00Z", "sampledValue": [{"value": "1240"}, {"v": -1.5e3}]}],
        "tags": ["A", "B,}"],
    },
)


@pytest.mark.parametrize("size", range(len(frames.encode(SHOWN))))
def test_a_message_cut_anywhere_has_no_value_that_it_did_not_have(size: int) -> None:
    frame = frames.parse(frames.encode(SHOWN)[:size]).frame
    if not isinstance(frame, Unreadable):
        assert isinstance(frame, Call)
        assert (frame.id, frame.action) == (SHOWN.id, SHOWN.action)
        assert is_part(frame.payload, SHOWN.payload)


def is_part(part: Any, whole: Any) -> bool:
    """All of its values are values of the whole, in their places."""
    if isinstance(part, dict):
        return all(key in whole and is_part(value, whole[key]) for key, value in part.items())
    if isinstance(part, list):
        return all(is_part(one, other) for one, other in zip(part, whole, strict=False))
    return bool(part == whole)


@pytest.mark.parametrize("between", [b"", b" \n", b",", b"\0"])
def test_several_messages_in_one_are_each_read(between: bytes) -> None:
    first = b'[2,"1","Heartbeat",{}]'
    parsed = frames.parse(first + between + b'[3,"2",{"a":"\xc3\xa9"}]' + between + b'[2,"3","StatusNoti')
    assert parsed.frame == Call("1", "Heartbeat", {})
    assert parsed.oddities == ("3 messages came in one",)
    assert [one.frame for one in parsed.more] == [
        CallResult("2", {"a": "é"}),
        Unreadable("not JSON: unterminated, cut off", "3", 2),
    ]


def test_what_is_no_message_behind_several_is_said() -> None:
    parsed = frames.parse(b'[2,"1","Heartbeat",{}][2,"2","Heartbeat",{}] [x]')
    assert len(parsed.more) == 1
    assert parsed.repairs == ("4 characters after the end removed",)


@pytest.mark.parametrize(
    ("data", "oddity"),
    [
        (b'[2,17,"Heartbeat",{}]', "the message id is a number, not text"),
        (b'[2,"' + b"x" * 37 + b'","Heartbeat",{}]', "the message id has 37 characters, 36 are allowed"),
        (b'["2","1","Heartbeat",{}]', 'the message type is "2", not 2'),
        (b'[3.0,"1",{}]', "the message type is 3.0, not 3"),
        (b'[2,"1","Heartbeat"]', "no payload"),
        (b'[2,"1","Heartbeat",null]', "the payload is null, not an object"),
        (b'[2,"1","Heartbeat",[]]', "the payload is a JSON array, not an object"),
        (b'[4,"1","NotSupported",""]', "4 elements, a CALLERROR has 5"),
        (b'[3,"1",{},{}]', "4 elements, a CALLRESULT has 3"),
    ],
)
def test_oddities_are_read_and_said(data: bytes, oddity: str) -> None:
    parsed = frames.parse(data)
    assert not isinstance(parsed.frame, Unreadable)
    assert oddity in parsed.oddities


@pytest.mark.parametrize(
    ("data", "id", "kind"),
    [
        (b'[2,"771",["x"],{}]', "771", 2),
        (b'[2,"771","A",{"a":' + b"[" * 100_000, "771", 2),
        (b'[2,"771","A",{"n":' + b"9" * 5000 + b"}]", "771", 2),
        (b'[9,"771","A",{}]', "771", None),
        (b'["22","771","A",{}]', "771", None),
        (b'[2.5,"771","A",{}]', "771", None),
        (b'[true,"771","A",{}]', "771", None),
        (b"hello", None, None),
        (b'[3,"68b', None, 3),
        (b"[", None, None),
        (b"{}", None, None),
    ],
)
def test_of_the_unreadable_as_much_is_told_as_can_be(data: bytes, id: str | None, kind: int | None) -> None:
    frame = frames.parse(data).frame
    assert isinstance(frame, Unreadable)
    assert (frame.id, frame.type) == (id, kind)


def test_too_large_a_message_is_not_parsed() -> None:
    assert isinstance(frames.parse(b" " * (frames.MAX_BYTES + 1)).frame, Unreadable)


@pytest.mark.parametrize("id", ["9" * 30, "-" + "9" * 30, str(2**64)])
def test_a_number_as_message_id_goes_back_digit_for_digit_however_long_it_is(id: str) -> None:
    frame = frames.parse(f'[2,{id},"Heartbeat",{{}}]'.encode()).frame
    assert isinstance(frame, Call)
    assert frames.encode(CallResult(frame.id, {})) == f"[3,{id},{{}}]".encode()


def test_a_whole_number_too_long_for_64_bits_stays_what_it_is_in_a_payload() -> None:
    long = 99_999_999_999_999_999_999
    for number in (long, -long, 2**63, 1e300):
        found = frames.parse(json.dumps([2, "1", "StatusNotification", {"connectorId": number}]).encode()).frame
        assert isinstance(found, Call) and found.payload == {"connectorId": number}
        assert type(found.payload["connectorId"]) is type(number)
    assert frames.parse(b"[]") is not None
