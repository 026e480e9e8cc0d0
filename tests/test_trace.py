"""Rows, pairs, filters and details of records, also of garbage."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import checksum
from techtool.station.records import Direction, Kind, Record
from techtool.tape import Tape
from techtool.trace import BAD, ODD, Form, Row, Selection, Trace, explain, parse
from techtool.trace.detail import hexdump
from techtool.trace.pairs import head
from tests.csms.test_schemas import unreadable

CHARGER, LAPTOP, NOTE = Direction.CHARGER, Direction.LAPTOP, Direction.NOTE
Said = tuple[Direction, Any] | tuple[Direction, Any, Kind] | tuple[Direction, Any, Kind, int]
START = 1_777_891_200_000_000_000


def made(*said: Said) -> Trace:
    """A trace of these; each comes 20 ms after the one before."""
    records = []
    for place, one in enumerate(said):
        direction, value = one[0], one[1]
        kind = one[2] if len(one) > 2 else Kind.TEXT
        connection = one[3] if len(one) > 3 else 1
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        now = place * 20_000_000
        records.append(Record(place + 1, connection, START + now, now, direction, kind, data))
    trace = Trace(Tape(records))
    trace.catch_up()
    return trace


def row(*said: Said, at: int = -1) -> Row:
    trace = made(*said)
    return trace.row(at if at > 0 else trace.last)


LINKED: Said = (NOTE, {"identity": "CP001", "protocol": "ocpp1.6", "offered": ["ocpp1.6"]}, Kind.LINKED)


# --- rows ----------------------------------------------------------------------------------------------


def test_a_request_and_its_answer_are_a_pair() -> None:
    trace = made(
        (CHARGER, [2, "a", "StartTransaction", {"connectorId": 1, "idTag": "04A1B2C3", "meterStart": 114201}]),
        (LAPTOP, [3, "a", {"transactionId": 1007, "idTagInfo": {"status": "Accepted"}}]),
    )
    asked, answered = trace.row(1), trace.row(2)
    assert (asked.label, asked.connector, asked.what) == ("StartTransaction", "1", "tag 04A1B2C3  meter 114201")
    assert asked.transaction == "1007", "it learns its id from the answer"
    assert (answered.label, answered.what) == ("StartTransaction.conf", "tx 1007  Accepted")
    assert answered.ms == 20.0
    assert (asked.partner, answered.partner) == (2, 1)


def test_the_id_is_of_one_connection_and_one_direction() -> None:
    trace = made(
        (CHARGER, [2, "1", "Heartbeat", {}], Kind.TEXT, 1),
        (CHARGER, [2, "1", "BootNotification", {}], Kind.TEXT, 2),
        (LAPTOP, [2, "1", "Reset", {"type": "Soft"}], Kind.TEXT, 1),
        (CHARGER, [3, "1", {"status": "Accepted"}], Kind.TEXT, 1),
        (LAPTOP, [3, "1", {}], Kind.TEXT, 1),
        (LAPTOP, [3, "1", {"status": "Accepted"}], Kind.TEXT, 2),
    )
    assert [trace.row(number).action for number in (4, 5, 6)] == ["Reset", "Heartbeat", "BootNotification"]


def test_an_id_that_is_used_again_pairs_with_its_last_use() -> None:
    trace = made(
        (CHARGER, [2, "1", "BootNotification", {}]),
        (LAPTOP, [3, "1", {}]),
        (CHARGER, [2, "1", "Heartbeat", {}]),
        (LAPTOP, [3, "1", {}]),
    )
    assert [trace.row(number).partner for number in (1, 2, 3, 4)] == [2, 1, 4, 3]


@pytest.mark.parametrize("id", ['"ü\\""', '"\\u00fc\\u0022"', '" a"', "17", "-1.5", '""'])
def test_ids_of_any_kind(id: str) -> None:
    trace = made(
        (CHARGER, f'[2,{id},"Heartbeat",{{}}]'.encode()),
        (LAPTOP, json.dumps([3, json.loads(id), {}]).encode()),
    )
    assert trace.row(2).action == "Heartbeat"


def rapi(*said: tuple[Direction, str]) -> Trace:
    """Lines at an OpenEVSE's port; checksums are put behind them."""
    return made(*((who, line.encode() + b"^%02X" % checksum(line.encode()), Kind.RAPI) for who, line in said))


def test_what_an_openevse_answers_without_its_id_belongs_to_what_was_asked_last() -> None:
    trace = rapi((LAPTOP, "$GS :01"), (LAPTOP, "$GV :02"), (CHARGER, "$OK 8.2.3.EU 5.2.1"))
    assert trace.row(3).partner == 2


def test_where_an_openevse_repeats_ids_an_answer_without_one_is_to_somebody_else() -> None:
    trace = rapi(
        (LAPTOP, "$GV :01"),
        (CHARGER, "$OK 8.2.3.EU 5.2.1 :01"),
        (LAPTOP, "$GS :02"),
        (CHARGER, "$OK 6 32 32 32"),
        (CHARGER, "$OK 01 0 01 0200 :02"),
    )
    assert [trace.row(number).partner for number in (2, 4, 5)] == [1, None, 3]


def test_a_time_out_names_what_was_asked_and_a_late_answer_still_pairs() -> None:
    trace = made(
        (LAPTOP, [2, "x", "GetDiagnostics", {"location": "ftp://u:geheim@h/"}]),
        (NOTE, {"id": "x", "seconds": 30}, Kind.TIMEOUT),
        (CHARGER, [3, "x", {"fileName": "a.log"}]),
    )
    late = trace.row(2)
    assert (late.action, late.what, late.flag, late.form) == (
        "GetDiagnostics",
        "no answer in 30 s",
        BAD,
        Form.NOTE,
    )
    assert trace.row(3).partner == 1 and trace.row(3).ms == 40.0
    assert "geheim" not in trace.row(1).what


@pytest.mark.parametrize(
    ("said", "label", "what", "flag"),
    [
        ([2, "1", "StatusNotification", {"connectorId": 1, "status": "Charging", "errorCode": "NoError"}],
         "StatusNotification", "Charging", ""),
        ([2, "1", "StatusNotification", {"connectorId": 1, "status": "Faulted", "errorCode": "GroundFailure",
                                         "vendorErrorCode": "0x31"}],
         "StatusNotification", "Faulted  GroundFailure  vendor 0x31", BAD),
        ([2, "1", "BootNotification", {"chargingStation": {"vendorName": "A", "model": "B"}, "reason": "PowerUp"}],
         "BootNotification", "A  B  reason PowerUp", ""),
        ([2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "s3cret"}],
         "ChangeConfiguration", "AuthorizationKey = ********", ""),
        ([2, "1", "GetConfiguration", {}], "GetConfiguration", "all keys", ""),
        ([2, "1", "StopTransaction", {"transactionId": 7, "reason": "Local", "meterStop": 9}],
         "StopTransaction", "tx 7  reason Local  meter 9", ""),
        ([2, "1", "DataTransfer", {"vendorId": "V", "data": "x"}], "DataTransfer", "vendorId V  data x", ""),
        ([3, "1", {"status": "Rejected"}], ".conf", "Rejected", ODD),
        ([4, "1", "NotImplemented", "no", {}], ".error", "NotImplemented  no", BAD),
        (b'[2,"771","StatusNotification",{"a":}', '[2,"771","StatusNo…', "not JSON: Expecting value", BAD),
        (b'[2,"771","StatusNoti', '[2,"771","StatusNo…', "not JSON: unterminated, cut off", BAD),
        (b'[2,"1","Heartbeat",{}][2,"2","Heartbeat",{}]', "Heartbeat", "and 1 more in the same message", ODD),
        (b"[1]", "[1]", "the message type is 1, not 2 to 6", BAD),
        (b'[2,"1","Heartbeat",{}', "Heartbeat", "repaired: closed with ]", ODD),
        (b"", "", "not JSON: Expecting value", BAD),
    ],
)  # fmt: skip
def test_messages(said: Any, label: str, what: str, flag: str) -> None:
    found = row((CHARGER, said))
    assert (found.label, found.what, found.flag) == (label, what, flag)


def told(component: str, value: str = "true", trigger: str = "Delta", **more: Any) -> dict[str, Any]:
    """One event of a NotifyEvent."""
    return {"component": {"name": component}, "variable": {"name": "Problem"}, "actualValue": value,
            "trigger": trigger, **more}  # fmt: skip


@pytest.mark.parametrize(
    ("events", "what", "flag"),
    [
        ([], "", ""),
        ([told("RCD", techCode="CX002", techInfo="DC leak")], "RCD/Problem = true  CX002  DC leak", BAD),
        ([told("RCD", "false"), told("Fan"), told("Tilt")], "Fan/Problem = true  and 2 more", BAD),
        ([told("RCD", cleared=True)], "RCD/Problem = true  cleared", ""),
        ([{"variable": {"name": "Password"}, "actualValue": "geheim"}], "/Password = ********", ""),
        ([{}], "/ = ", ""),
    ],
)  # fmt: skip
def test_an_event_of_2x_tells_what_is_wrong_first(events: list[dict[str, Any]], what: str, flag: str) -> None:
    found = row((CHARGER, [2, "1", "NotifyEvent", {"eventData": events}]))
    assert (found.what, found.flag) == (what, flag)


def test_an_event_of_2x_names_the_place_of_its_component() -> None:
    event = told("RCD") | {"component": {"name": "RCD", "evse": {"id": 1, "connectorId": 2}}}
    assert row((CHARGER, [2, "1", "NotifyEvent", {"eventData": [event]}])).connector == "1/2"


def test_meter_values_in_base_units() -> None:
    samples = [
        {"value": "10980", "measurand": "Power.Active.Import", "unit": "W"},
        {"value": "15.9", "measurand": "Current.Import", "phase": "L1", "unit": "A"},
        {"value": "1142", "unit": "Wh"},
    ]
    found = row((CHARGER, [2, "1", "MeterValues", {"connectorId": 2, "meterValue": [{"sampledValue": samples}]}]))
    assert (found.what, found.connector, found.watts) == ("10.98 kW  15.9 A  1.142 kWh", "2", 10980.0)


def test_absurd_meter_values_are_told_by_their_size() -> None:
    samples = [{"value": "-1e300", "measurand": name} for name in ("Current.Import", "Power.Active.Import")]
    found = row((CHARGER, [2, "1", "MeterValues", {"meterValue": [{"sampledValue": samples}]}]))
    assert found.what == "-1.0e+297 kW  -1.0e+300 A"


def test_a_2x_transaction_event() -> None:
    payload = {
        "eventType": "Updated",
        "triggerReason": "MeterValuePeriodic",
        "transactionInfo": {"transactionId": "T1", "chargingState": "Charging"},
        "evse": {"id": 2, "connectorId": 1},
    }
    found = row((CHARGER, [2, "1", "TransactionEvent", payload]))
    assert (found.what, found.connector) == ("Updated  tx T1  Charging  by MeterValuePeriodic", "2/1")
    assert found.transaction == "T1"


@pytest.mark.parametrize(
    ("kind", "data", "label", "what", "flag"),
    [
        (Kind.OPENED, b'{"peer": "192.168.1.77:5"}', "connected", "from 192.168.1.77:5", ""),
        (Kind.REQUEST, b"GET /CP HTTP/1.1\r\nA: b\r\n", "HTTP request", "GET /CP HTTP/1.1", ""),
        (Kind.RESPONSE, b"HTTP/1.1 101 S\r\n", "HTTP answer", "HTTP/1.1 101 S", ""),
        (Kind.RESPONSE, b"HTTP/1.1 401 U\r\n", "HTTP answer", "HTTP/1.1 401 U", ODD),
        (Kind.LINKED, b'{"identity": "A", "protocol": "ocpp1.6", "offered": []}', "linked",
         "A  ocpp1.6  offered nothing", ODD),
        (Kind.KNOCK, b'{"reason": "tls-on-plain", "detail": "TLS 1.2"}', "not let in",
         "spoke TLS on a plain port (TLS 1.2)", BAD),
        (Kind.PING, b"", "ping", "", ""),
        (Kind.PONG, b"x", "pong", "1 bytes: x", ""),
        (Kind.CLOSED, b'{"code": 1006, "reason": "no close frame", "by": "network"}', "hung up",
         "broke off, code 1006, no close frame", ODD),
        (Kind.CLOSED, b'{"code": 1000, "by": "charger"}', "hung up", "by the charger, code 1000", ""),
        (Kind.CARRIED, b'{"transactions": [{"id": 7}]}', "known before",
         "open transactions of earlier visits: 7", ""),
        (Kind.CARRIED, b'{"transactions": [{"id": 7}, {"id": 8}], "reboots_when_asked": true}', "known before",
         "open transactions of earlier visits: 7, 8; reboots when it is asked for a BootNotification", ""),
        (Kind.CARRIED, b'{"habits": [{"code": "deaf", "about": ""}, {"code": "x"}]}', "known before",
         "In earlier visits it turned deaf.", ""),
        (Kind.NOISE, b"\x16\x03", "bytes", "2 bytes that are no whole message: \\x16\\x03", BAD),
        (Kind.CLOSE, b"\x88\x06\x03\xeabye!", "close", "code 1002, bye!", ""),
        (Kind.OMITTED, b'{"bytes": 1000000}', "not kept",
         "1,000,000 more bytes came that are not in the trace", ODD),
        (Kind.TIMEOUT, b"[]", "", "no answer", BAD),
        (Kind.CLOSED, b"\xff", "hung up", "broke off", ""),
    ],
)  # fmt: skip
def test_all_other_records(kind: Kind, data: bytes, label: str, what: str, flag: str) -> None:
    found = row((NOTE, data, kind))
    assert (found.label, found.what, found.flag) == (label, what, flag)


def test_texts_are_safe() -> None:
    found = row((CHARGER, [2, "1", "Evil\x1b]52;c;x\x07", {"a": "\u202e\x00[red]"}]))
    assert found.action == "Evil\\x1b]52;c;x\\x07"
    assert found.what == "a \\u202e\\0[red]"


GARBAGE = st.one_of(
    st.binary(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda kind, id, action, payload: json.dumps([kind, id, action, payload]).encode(),
        st.integers(1, 7),
        st.sampled_from(["1", "2", 3, None]),
        st.sampled_from(["MeterValues", "TransactionEvent", "BootNotification", "NotifyEvent", "SetVariables"]),
        st.dictionaries(
            st.sampled_from(
                ["meterValue", "transactionInfo", "eventData", "status", "idToken", "evse", "connectorId", "key",
                 "chargingStation", "statusInfo", "reportData", "setVariableData", "configurationKey", "value"]
            ),
            st.recursive(
                st.none() | st.integers() | st.text(max_size=5) | st.floats(),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
                max_leaves=8,
            ),
            max_size=6,
        ),
    ),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(Direction), st.sampled_from(Kind), GARBAGE), max_size=8))
def test_nothing_that_a_charger_sends_breaks_a_row(said: Sequence[tuple[Direction, Kind, bytes]]) -> None:
    trace = made(LINKED, *((direction, data, kind) for direction, kind, data in said))
    filter = parse("!x action:a tx:1 dir:> conn:1")
    for number in range(1, trace.last + 1):
        found = trace.row(number)
        assert (found.action + found.what + found.connector).isprintable()
        filter.matches(trace, number)
        for side in explain(trace, number):
            shown = [side.heading, side.verdict, *side.raw]
            shown += [text for field in side.fields for text in (field.name, field.value, field.verdict)]
            assert all(text.isprintable() for text in shown)


@given(GARBAGE)
def test_a_head_is_found_or_not(data: bytes) -> None:
    head(data)


# --- the trace -----------------------------------------------------------------------------------------


def test_many_records_show_before_they_are_paired_in_slices() -> None:
    said: list[Said] = []
    for place in range(500):
        said += [(CHARGER, [2, str(place), "Heartbeat", {}]), (LAPTOP, [3, str(place), {}])]
    once = made(*said).records
    pattern = [once[number] for number in range(1, 1001)]
    tape = Tape(one._replace(number=lap * 1000 + one.number) for lap in range(100) for one in pattern)
    trace = Trace(tape)
    assert trace.row(100_000).label == ".conf", "it shows before it is paired"
    slices = 0
    while not trace.catch_up(0.005):
        slices += 1
    assert slices > 2
    assert trace.row(100_000).label == "Heartbeat.conf"


def test_records_that_were_let_go_of() -> None:
    trace = made(*((CHARGER, [2, str(place), "Heartbeat", {}]) for place in range(20)))
    del trace.records._records[:10]  # type: ignore[attr-defined]
    assert (trace.first, len(trace)) == (11, 10)
    with pytest.raises(KeyError):
        trace.records[3]
    selection = Selection(trace)
    selection.set(parse("heartbeat"))
    selection.advance()
    assert selection[0] == 11


def test_events_are_what_tells_something() -> None:
    trace = made(
        LINKED,
        (CHARGER, [2, "1", "BootNotification", {}]),
        (CHARGER, [2, "2", "Heartbeat", {}]),
        (CHARGER, [2, "3", "MeterValues", {}]),
        (CHARGER, [2, "4", "TransactionEvent", {"eventType": "Updated"}]),
        (CHARGER, [2, "5", "TransactionEvent", {"eventType": "Ended"}]),
        (NOTE, {"code": 1000}, Kind.CLOSED),
        (CHARGER, [2, "6", "NotifyEvent", {"eventData": [told("RCD")]}]),
        (CHARGER, [2, "7", "NotifyEvent", {"eventData": [told("Meter", trigger="Periodic")]}]),
        (CHARGER, [2, "8", "NotifyEvent", {"eventData": [told("Meter", trigger="Periodic"), told("RCD")]}]),
    )
    assert list(trace.events) == [1, 2, 6, 7, 8, 10]
    assert trace.identity(1) == "CP001" and trace.protocol(1) == "ocpp1.6"


def _power(value: int, connector: int) -> Said:
    sample = {"value": str(value), "measurand": "Power.Active.Import", "unit": "W"}
    return CHARGER, [
        2,
        f"{value}",
        "MeterValues",
        {"connectorId": connector, "meterValue": [{"sampledValue": [sample]}]},
    ]


def test_powers_are_of_one_connector_oldest_first() -> None:
    trace = made(_power(1, 1), _power(9, 2), _power(2, 1), _power(3, 1))
    assert trace.powers(1, "1", 2) == [2.0, 3.0]
    assert trace.powers(1, "2", 5) == [9.0]
    assert trace.powers(7, "1", 5) == []


# --- filters -------------------------------------------------------------------------------------------


def _visit() -> Trace:
    return made(
        LINKED,
        (CHARGER, [2, "1", "Heartbeat", {}]),
        (LAPTOP, [3, "1", {"currentTime": "2026"}]),
        (CHARGER, [2, "2", "StartTransaction", {"connectorId": 1, "idTag": "ÄB"}]),
        (LAPTOP, [3, "2", {"transactionId": 1007, "idTagInfo": {"status": "Accepted"}}]),
        (LAPTOP, [2, "3", "Reset", {"type": "Soft"}]),
        (NOTE, {"id": "3", "seconds": 30}, Kind.TIMEOUT),
    )


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7]),
        ("heartbeat", [2, 3]),
        ("HEARTBEAT dir:>", [2]),
        ("!heartbeat", [1, 4, 5, 6, 7]),
        ("!heartbeat !dir:-", [4, 5, 6]),
        ("action:start", [4, 5]),
        ("conn:1", [4, 5]),
        ("tx:1007", [4, 5]),
        ('"no answer"', [7]),
        ("accepted 1007", [5]),
        ("äb", [4]),
        ("id:cp0", [1, 2, 3, 4, 5, 6, 7]),
        ("id:other", []),
        ("http://x", []),
        ("conn:", []),
        ("!", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_filters(text: str, hits: list[int]) -> None:
    selection = Selection(_visit())
    selection.set(parse(text))
    assert selection.advance()
    assert [selection[place] for place in range(len(selection))] == hits


def test_a_filter_is_extended_and_a_request_joins_when_its_answer_tells() -> None:
    whole = _visit()
    tape = Tape(whole.records[number] for number in range(1, 5))
    trace = Trace(tape)
    trace.catch_up()
    selection = Selection(trace)
    selection.set(parse("tx:1007"))
    assert selection.advance() and len(selection) == 0
    for number in (5, 6):
        tape.append(whole.records[number])
    trace.catch_up()
    assert selection.advance()
    assert [selection[place] for place in range(len(selection))] == [4, 5]
    assert (selection.place(4), selection.place(6)) == (0, 2)


def test_a_filter_works_in_slices() -> None:
    trace = made(*((CHARGER, [2, str(place), "Heartbeat", {}]) for place in range(3_000)))
    selection = Selection(trace)
    selection.set(parse("zzz"))
    steps = 0
    while not selection.advance(0.001):
        steps += 1
    assert steps > 3
    assert selection.looked == 3_000


# --- details -------------------------------------------------------------------------------------------


def test_both_halves_with_the_schemas_verdicts() -> None:
    trace = made(
        LINKED,
        (
            CHARGER,
            [2, "1", "BootNotification", {"chargePointVendor": "A" * 30, "chargePointModel": "M", "x": {"y": 1}}],
        ),
        (LAPTOP, [3, "1", {"status": "Accepted", "interval": 300}]),
    )
    request, answer = explain(trace, 3)
    verdicts = {field.name: field.verdict for field in request.fields if field.verdict}
    assert verdicts == {"chargePointVendor": "is longer than 20 characters", "x": "not in 1.6"}
    assert "lacks currentTime" in answer.verdict
    assert (answer.row.ms, request.heading) == (20.0, "BootNotification   id 1")


def test_an_unknown_action_is_said() -> None:
    (side,) = explain(made(LINKED, (CHARGER, [2, "1", "CustomOperation", {}])), 2)
    assert side.verdict == "CustomOperation is not in 1.6"


def test_while_schemas_cannot_be_read_a_record_is_explained_without_a_verdict() -> None:
    trace = made(LINKED, (CHARGER, [2, "1", "Heartbeat", {"x": 1}]))
    with unreadable():
        (side,) = explain(trace, 2)
    assert (side.verdict, [(field.name, field.verdict) for field in side.fields]) == ("", [("x", "")])


@pytest.mark.parametrize(
    ("back_s", "told"),
    [(0.4, "now"), (7200, "2 h 0 min before the laptop's clock"), (-90, "90 s after the laptop's clock")],
)
def test_a_chargers_time_stamp_is_told_against_the_laptops_clock(back_s: float, told: str) -> None:
    at = made(LINKED, (CHARGER, [2, "1", "Heartbeat", {}])).records[2].time
    stamp = (at - timedelta(seconds=back_s)).isoformat().replace("+00:00", "Z")
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": stamp, "info": stamp}
    trace = made(LINKED, (CHARGER, [2, "1", "StatusNotification", status]))
    (side,) = explain(trace, 2)
    shown = {field.name: field.value for field in side.fields}
    assert shown["timestamp"] == f"{stamp}   {told}"
    assert shown["info"] == stamp


def test_secrets_are_masked_in_fields_and_bytes() -> None:
    trace = made(
        (LAPTOP, [2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": "0123456789abcdef"}]),
        (CHARGER, b"GET / HTTP/1.1\r\nAuthorization: Basic QTpzM2NyZXQ=\r\n\r\n", Kind.REQUEST),
    )
    for number in (1, 2):
        (side,) = explain(trace, number)
        text = " ".join([*side.raw, *(field.value for field in side.fields)])
        assert "********" in text
        assert "0123456789abcdef" not in text and "QTpzM2NyZXQ" not in text


def test_secrets_of_the_second_message_in_one_are_masked_too() -> None:
    second = b'[3,"2",{"configurationKey":[{"key":"AuthorizationKey","value":"0123456789abcdef"}]}]'
    (side,) = explain(made((CHARGER, b'[2,"1","Heartbeat",{}]' + second)), 1)
    text = " ".join(side.raw)
    assert "********" in text and "0123456789abcdef" not in text
    assert side.verdict == "2 messages came in one"


def test_bytes_in_hex() -> None:
    assert hexdump(b"\x16\x03AB") == ("000000  16 03 41 42                                      ..AB",)
    (side,) = explain(made((CHARGER, b"\x00\x01", Kind.NOISE)), 1)
    assert side.raw == hexdump(b"\x00\x01")
