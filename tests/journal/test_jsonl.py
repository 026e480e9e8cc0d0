from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.journal import jsonl
from techtool.journal.reading import VisitRow
from techtool.journal.recordings import UnreadableTraceError, parse
from techtool.station.records import Direction, Kind, Record
from tests.journal.making import record

INT64 = st.integers(-(2**63), 2**63 - 1)
TIMES = st.integers(-60_000_000_000 * 10**9, 250_000_000_000 * 10**9)
RECORDS = st.builds(
    Record,
    INT64,
    INT64,
    TIMES,
    INT64,
    st.sampled_from(Direction),
    st.sampled_from(Kind),
    st.binary(max_size=50) | st.text(max_size=50).map(str.encode),
)


def content(records: list[Record]) -> bytes:
    return "".join(jsonl.lines(records)).encode("ascii")


@given(st.lists(RECORDS))
def test_round_trips_are_exact(records: list[Record]) -> None:
    trace = parse(content(records))
    assert trace.records == records
    assert trace.problems == []
    assert trace.header == jsonl.Header()


def test_how_a_line_looks() -> None:
    assert jsonl.line(record(1, "ö\n".encode())) == (
        '{"number":1,"connection":1,"at":"2026-09-21T14:13:20.124456792Z","mono":1000003,'
        '"direction":">","kind":"text","text":"\\u00f6\\n"}'
    )
    assert '"base64":"/wA="' in jsonl.line(record(1, b"\xff\x00"))
    assert jsonl.stamp(1_000) == "1970-01-01T00:00:00.000001Z"


def test_the_header_has_the_facts_of_the_visit() -> None:
    began = datetime(2026, 11, 22, 5, 2, 38, 789863, tzinfo=UTC)
    row = VisitRow(7, began, None, "Depot", "1.2", ("CP1",), ("ocpp1.6",), 3, 1, 0)
    header = json.loads(jsonl.header_line(row, redacted=True))
    assert header["visit"]["began"] == "2026-11-22T05:02:38.789863Z"
    trace = parse(jsonl.header_line(row, redacted=True).encode())
    assert trace.header is not None
    assert trace.header.redacted
    assert trace.header.visit["identities"] == ["CP1"]
    assert trace.header.visit["ended"] is None


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ('{"number": 2, "conn', "not JSON"),
        ("[]", "not a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"number": 2}', "connection is missing"),
        (jsonl.line(record(2)).replace('":">"', '":"x"'), "'x' is not a valid Direction"),
        (jsonl.line(record(2)).replace('"2026', '"26'), "not a time like"),
        (jsonl.line(record(2)).replace('"2026-09-21', '"2026-13-41'), "month must be in 1..12"),
        (jsonl.line(record(2)).replace('"text":', '"txt":'), "neither text nor base64"),
        (jsonl.line(record(2)).replace('"mono":', '"mono":1e400,"x":'), "no number that fits"),
        (jsonl.line(record(2, b"\xff")).replace("/w==", "/w="), "base64 is broken"),
        ('{"format":"techtool-trace","version":99}', "update techtool"),
    ],
)
def test_a_broken_line_does_not_hide_the_others(broken: str, words: str) -> None:
    whole = "\r\n".join([jsonl.header_line(), jsonl.line(record(1)), "", broken, jsonl.line(record(3))])
    trace = parse(b"\xef\xbb\xbf" + whole.encode())
    assert [r.number for r in trace.records] == [1, 3]
    (problem,) = trace.problems
    assert problem.line == 4
    assert str(problem).startswith("line 4: ")
    assert words in problem.text
    assert "left out" in problem.text


@pytest.mark.parametrize("nothing", [b"", b"\n\n", b"hello", b"\x00\xff" * 9, b"{}", b"[1,2]"])
def test_no_trace_at_all(nothing: bytes) -> None:
    with pytest.raises(UnreadableTraceError, match="trace export"):
        parse(nothing)


@given(st.binary(max_size=300) | st.lists(RECORDS, min_size=1, max_size=3).map(content), st.data())
def test_nothing_else_is_raised(whole: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(whole)))
    try:
        parse(whole[:cut])
    except UnreadableTraceError as error:
        assert "holds no trace" in str(error)
