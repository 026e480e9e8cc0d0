"""What is said before a link: any bytes, in any pieces, end in one verdict."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms.door import Admitted, Answer, Door, Event, Farewell, Head, Noise, Refused, Wait
from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from tests.csms.test_clienthello import hello
from tests.csms.test_line import upgrade

BEGINNINGS = st.sampled_from(
    [b"", b"GET / HTTP/1.1\r\n", b"GET /CP1 HTTP/1.1\r\n\r\n", b"\x16\x03\x01", upgrade()]
)


def verdicts(events: list[Event]) -> list[Event]:
    return [one for one in events if isinstance(one, Admitted | Refused)]


def said(events: list[Event]) -> list[object]:
    """What the events say, without the waiting and without the library's object."""
    return [
        (one.admission, one.rest) if isinstance(one, Admitted) else one
        for one in events
        if not isinstance(one, Wait)
    ]


@given(BEGINNINGS, st.binary(max_size=200), st.lists(st.integers(1, 60), max_size=20))
def test_anything_in_any_pieces_ends_in_one_verdict(beginning: bytes, more: bytes, cuts: list[int]) -> None:
    door, data, events = Door("192.0.2.7"), beginning + more, list[Event]()
    for cut in [*cuts, len(data)]:
        events += door.heard(data[:cut], Policy())
        data = data[cut:]
        if door.decided:
            break
    events += door.lost()
    assert len(verdicts(events)) == 1 and verdicts(events) == events[-1:]
    assert door.heard(b"more", Policy()) == door.expired() == door.lost() == []


@pytest.mark.parametrize(
    "data",
    [upgrade() + b"\x81\x80", hello("x", ssl.TLSVersion.TLSv1_3), b"GET / HTTP/1.0\r\n\r\n"],
    ids=["charger", "tls", "browser"],
)
def test_byte_by_byte_it_is_the_same(data: bytes) -> None:
    whole = Door("192.0.2.7").heard(data, Policy())
    door, events = Door("192.0.2.7"), list[Event]()
    for place in range(len(data)):
        if not door.decided:
            events += door.heard(data[place : place + 1], Policy())
    for one in (whole, events):  # what comes after the handshake is the link's, not the door's
        assert [type(event) for event in one if not isinstance(event, Wait)][-1] in (Admitted, Refused)
    assert said(events)[:-1] == said(whole)[:-1]


def test_a_charger_comes_in_with_what_it_sent_already() -> None:
    head, answer, admitted = Door("192.0.2.7").heard(upgrade() + b"\x81\x80abcd", Policy())
    assert isinstance(head, Head) and head.data == upgrade()
    assert isinstance(answer, Answer) and answer.data.startswith(b"HTTP/1.1 101 ")
    assert isinstance(admitted, Admitted)
    assert (admitted.admission.identity, admitted.rest) == ("CP1", b"\x81\x80abcd")


def test_more_extensions_than_the_library_reads_keep_no_charger_out() -> None:
    extensions = ", ".join(["permessage-deflate"] * 500)
    more = f"Sec-WebSocket-Protocol: ocpp2.0.1\r\nSec-WebSocket-Extensions: {extensions}\r\n"
    _, answer, admitted = Door("192.0.2.7").heard(upgrade(more=more), Policy())
    assert isinstance(answer, Answer) and answer.data.startswith(b"HTTP/1.1 101 ")
    assert b"permessage-deflate" not in answer.data
    assert isinstance(admitted, Admitted) and admitted.findings == []


def test_no_version_in_common_is_said_inside_the_websocket() -> None:
    more = "Sec-WebSocket-Protocol: mqtt\r\n"
    _, answer, farewell, refused = Door("192.0.2.7").heard(upgrade(more=more), Policy())
    assert isinstance(answer, Answer) and b" 101 " in answer.data
    assert isinstance(farewell, Farewell) and farewell.data[:1] == b"\x88"
    assert isinstance(refused, Refused) and refused.reason is Reason.UNKNOWN_SUBPROTOCOL


def test_what_follows_a_refused_request_is_kept() -> None:
    body = b"<soap/>"
    _, answer, noise, refused = Door("192.0.2.7").heard(b"POST /CP1 HTTP/1.1\r\n\r\n" + body, Policy())
    assert isinstance(answer, Answer)
    assert noise == Noise(body)
    assert isinstance(refused, Refused) and refused.reason is Reason.NO_UPGRADE


@pytest.mark.parametrize("end", [Door.expired, Door.lost])
def test_half_a_client_hello_is_waited_for_and_then_told(end: Callable[[Door], list[Event]]) -> None:
    door, half = Door("192.0.2.7"), hello("example.com", ssl.TLSVersion.TLSv1_2)[:40]
    assert [type(one) for one in door.heard(half, Policy())] == [Wait]
    noise, refused = end(door)
    assert noise == Noise(half)
    assert isinstance(refused, Refused) and refused.reason is Reason.TLS_ON_PLAIN


@pytest.mark.parametrize(("data", "reason"), [(b"", Reason.SILENT), (b"GET /CP1 HT", Reason.CUT_OFF)])
def test_who_says_too_little_is_waited_for_and_then_told(data: bytes, reason: Reason) -> None:
    for end in ("expired", "lost"):
        door = Door("192.0.2.7")
        assert door.heard(data, Policy()) == []
        events = door.expired() if end == "expired" else door.lost()
        (refused,) = verdicts(events)
        assert isinstance(refused, Refused) and refused.reason is reason
        assert [one.data for one in events if isinstance(one, Noise)] == ([data] if data else [])
