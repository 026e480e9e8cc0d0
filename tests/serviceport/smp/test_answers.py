"""What devices answer, in every form that firmware of any age gives it."""

from __future__ import annotations

import json
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from smp.image_management import ImageStatesReadResponse
from smp.os_management import EchoWriteRequest, EchoWriteResponse, MCUMgrParametersReadResponse

from techtool.serviceport.smp import asks, cbor, slots
from techtool.serviceport.smp.answers import Answer, Told, Unreadable, answer_of
from techtool.serviceport.smp.messages import Message, message_of, packet_of
from techtool.serviceport.smp.refusals import Refusal
from tests.serviceport.smp.devices import FIRST_HASH, IMAGE_LIST


def answered(operation: int, group: int, command: int, values: Any, version: int = 1) -> Answer:
    return answer_of(Message(operation, group, command, 1, cbor2.dumps(values), version))


def test_a_message_is_the_same_for_smp() -> None:
    ours = packet_of(asks.echo("Hello world!").message(0))
    assert ours == bytes(EchoWriteRequest(d="Hello world!", sequence=0))
    packet = bytes.fromhex("0b00000700008c00a1617263486921")
    message = message_of(packet)
    assert message == Message(3, 0, 0, 140, packet[8:]) and packet_of(message) == packet
    answer = answer_of(message)
    assert isinstance(answer, Told) and isinstance(answer.structure, EchoWriteResponse)
    assert answer.structure.r == "Hi!"


@given(
    st.integers(0, 3), st.integers(0, 0xFFFF), st.integers(0, 0xFF), st.integers(0, 0xFF), st.binary(max_size=20)
)
def test_every_message_comes_back(operation: int, group: int, command: int, sequence: int, body: bytes) -> None:
    message = Message(operation, group, command, sequence, body)
    assert message_of(packet_of(message)) == message


@pytest.mark.parametrize("packet", [b"", bytes(7), bytes(8) + b"x", bytes.fromhex("0f00000000000000")])
def test_what_is_no_message(packet: bytes) -> None:
    assert message_of(packet) is None


def test_an_image_list_as_a_device_sent_it() -> None:
    images = slots.images_in(answer_of(Message(1, 1, 0, 66, IMAGE_LIST)))
    assert images is not None and [one.slot for one in images] == [0, 1]
    first, second = slots.plain(images)
    assert (first["version"], first["active"], first["confirmed"], first["pending"]) == (
        "0.0.0",
        True,
        True,
        False,
    )
    assert first["hash"] == FIRST_HASH and not second["active"]
    assert slots.fate(images) is None


def test_fields_that_smp_does_not_know_spoil_nothing() -> None:
    for version in (0, 1):
        answer = answered(3, 0, 0, {"r": "hi", "rc": 0}, version)
        assert isinstance(answer, Told) and isinstance(answer.structure, EchoWriteResponse)
    image = {"slot": 0, "version": "1.0", "hash": bytes(32), "active": True, "compressed": False}
    answer = answered(1, 1, 0, {"images": [image, {**image, "x": {"y": 1}}], "splitStatus": 0, "new": [1]})
    assert isinstance(answer, Told) and isinstance(answer.structure, ImageStatesReadResponse)
    assert len(answer.structure.images) == 2
    answer = answered(1, 0, 6, {"buf_size": 2475, "buf_count": 4, "header": 1, "smp_data": b"x", "sequence": 3})
    assert isinstance(answer, Told) and isinstance(answer.structure, MCUMgrParametersReadResponse)


def test_what_is_not_as_smp_says_is_still_told() -> None:
    for values in ({"images": [{"slot": "first"}]}, {"images": 3}, {}):
        answer = answered(1, 1, 0, values)
        assert isinstance(answer, Told) and answer.structure is None and answer.values == values
    vendors = answered(1, 70, 3, {"amps": 16})
    assert isinstance(vendors, Told) and vendors.values == {"amps": 16}


@pytest.mark.parametrize("body", [b"", b"\x80", b"\xff", b"\xbf", b"\xa1", b"\x01", b"\xd8\x1c\xa0", b"\xc0\x61x"])
def test_what_is_no_map_is_unreadable(body: bytes) -> None:
    assert answer_of(Message(1, 1, 0, 1, body)) == Unreadable()


@pytest.mark.parametrize(
    ("values", "words", "absent"),
    [
        ({"rc": 8}, "it does not have this command (8)", True),
        ({"rc": 10, "rsn": "later"}, 'it is busy (10, "later")', False),
        ({"rc": 99}, "it gives a reason that SMP does not know (99)", False),
        ({"rc": 300}, "it gives a reason that its maker has (300)", False),
        ({"err": {"group": 1, "rc": 22}}, 'it says "invalid image header" (22)', False),
        ({"err": {"group": 3, "rc": 8}}, 'it says "save not supported" (8)', False),
        ({"err": {"group": 10, "rc": 4}}, 'it says "index too large" (4)', False),
        ({"err": {"group": 10, "rc": 2}}, 'it says "too many group entries" (2)', False),
        ({"err": {"group": 70, "rc": 8}}, "it gives a reason of group 70 that techtool does not know (8)", False),
        ({"rc": 3, "rsn": "\x1b[2J\u202e"}, 'it does not take this value (3, "\\x1b[2J\\u202e")', False),
    ],
)
def test_a_refusal_in_words(values: dict[str, Any], words: str, absent: bool) -> None:
    answer = answered(1, 1, 0, values)
    assert isinstance(answer, Refusal) and (answer.words, answer.absent) == (words, absent)


@pytest.mark.parametrize(
    "values", [{"rc": 0}, {"rc": True}, {"rc": "8"}, {"err": 3}, {"err": {"group": 1, "rc": 0}}]
)
def test_what_is_no_refusal(values: dict[str, Any]) -> None:
    assert isinstance(answered(3, 0, 5, values), Told)


def test_hostile_maps_cost_nothing() -> None:
    endless = b"\xa1\x61a" + b"\xd8\x1c\x82" + b"\xd8\x1d\x00" * 2  # a list that holds itself
    assert cbor.map_of(endless) is None
    assert cbor.map_of(b"\xa1\x61a" * 1000 + b"\x01") is None
    assert cbor.map_of(b"\xa1\x61a\x5b\x00\x00\xff\xff\xff\xff\xff\xff") is None
    assert cbor.map_of(b"\xa1\x61a\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00") is not None


@given(st.binary(max_size=60), st.booleans(), st.sampled_from([0, 1, 2, 3, 9, 64]), st.integers(0, 8))
def test_any_answer_is_understood_somehow(body: bytes, writes: bool, group: int, command: int) -> None:
    """And can be shown: as JSON, with nothing in it that moves a cursor."""
    answer = answer_of(Message(3 if writes else 1, group, command, 1, b"\xa1\x61a" + body))
    if isinstance(answer, Told):
        assert json.dumps(cbor.plain(answer.values), allow_nan=False).isprintable()
    answer_of(Message(1, group, command, 1, body))


RUNNING = {"slot": 0, "version": "1.0.0", "hash": b"a" * 32, "active": True, "confirmed": True}


@pytest.mark.parametrize(
    ("images", "words"),
    [
        ([RUNNING], None),
        ([RUNNING, {"slot": 1, "version": "1.1.0"}], None),
        ([RUNNING, {"slot": 1, "version": "1.1.0", "pending": True}], "Version 1.1.0 in slot 1 starts on trial"),
        ([RUNNING, {"slot": 1, "version": "1.1.0", "pending": True, "permanent": True}], "starts for good"),
        ([{**RUNNING, "confirmed": False}, {"slot": 1, "version": "0.9"}], "Version 1.0.0 runs on trial"),
        (
            [RUNNING, {"image": 1, "slot": 0, "version": "3", "pending": True}],
            "Version 3 in slot 0 of image 1 starts",
        ),
    ],
)
def test_what_the_next_start_brings(images: list[dict[str, Any]], words: str | None) -> None:
    found = slots.images_in(answered(1, 1, 0, {"images": images}))
    assert found is not None
    fate = slots.fate(found)
    assert fate is None if words is None else words in (fate or "")
    running = slots.running(found)
    assert running is not None and running.version == "1.0.0"
