from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.journal import jsonl
from techtool.journal.recordings import UnreadableTraceError, load, parse
from techtool.journal.store import Journal
from techtool.picture import fold
from techtool.station.records import Direction, Kind
from tests.journal.making import records

FRAMES = Path(__file__).parents[1] / "frames"
RECORDINGS = sorted(FRAMES.glob("*.jsonl"))


def test_they_are_all_here() -> None:
    assert len(RECORDINGS) == 13


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_frame_of_every_recording(path: Path) -> None:
    trace = load(path)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert trace.problems == []
    assert trace.header is None
    assert [r.number for r in trace.records] == list(range(1, len(trace.records) + 1))
    texts = [(r.direction, r.data.decode()) for r in trace.records if r.kind is Kind.TEXT]
    sides = {"charger": Direction.CHARGER, "csms": Direction.LAPTOP}
    assert texts == [(sides[row["from"]], row["frame"]) for row in rows if "frame" in row]
    connects = [row["connect"] for row in rows if row["from"] == "connect"]
    notes = [json.loads(r.data) for r in trace.records if r.kind is Kind.LINKED]
    assert [note["path"] for note in notes] == [connect["path"] for connect in connects]
    assert [note["protocol"] for note in notes] == [connect["subprotocol"] for connect in connects]
    assert sum(r.kind is Kind.CLOSED for r in trace.records) == len(connects) - 1
    assert trace.records[-1].connection == len(connects)
    assert all(a.mono <= b.mono and a.at <= b.at for a, b in zip(trace.records, trace.records[1:], strict=False))
    assert all(r.time.strftime("%Y-%m-%d") == "2026-11-22" for r in trace.records)
    assert trace.records[0].time.strftime("%H:%M:%S.%f") == rows[0]["at"]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_becomes_an_export(path: Path) -> None:
    trace = load(path)
    assert parse("".join(jsonl.lines(trace.records)).encode()).records == trace.records


def row(at: str, who: str, frame: str | dict[str, str]) -> str:
    return json.dumps({"at": at, "from": who, "connect" if who == "connect" else "frame": frame})


def test_midnight() -> None:
    answer = '[3,"1",{"currentTime":"2026-12-31T23:59:59Z","interval":20,"status":"Accepted"}]'
    lines = [
        row("23:59:58.5", "connect", {"path": "///a%20b?x=y", "subprotocol": "ocpp1.6"}),
        row("23:59:59.000001", "csms", answer),
        row("00:00:01", "charger", "[]"),
        row("00:00:00.9", "charger", "[]"),
    ]
    trace = parse("\n".join(lines).encode())
    assert [jsonl.stamp(r.at) for r in trace.records] == [
        "2026-12-31T23:59:58.500000Z",
        "2026-12-31T23:59:59.000001Z",
        "2027-01-01T00:00:01.000000Z",
        "2027-01-01T00:00:00.900000Z",
    ]
    assert json.loads(trace.records[0].data)["identity"] == "a b"


def test_the_date_may_be_told_after_midnight() -> None:
    lines = [
        row("23:59:59", "charger", "[]"),
        row("00:00:00.1", "csms", '{"currentTime": "2027-01-01T00:00:00Z"}'),
    ]
    trace = parse("\n".join(lines).encode())
    assert jsonl.stamp(trace.records[0].at) == "2026-12-31T23:59:59.000000Z"
    assert [r.connection for r in trace.records] == [1, 1]


def test_no_date_is_told() -> None:
    trace = parse(row("05:00:00", "csms", '{"currentTime":"2026-99-99T00:00:00Z"}').encode())
    assert jsonl.stamp(trace.records[0].at) == "1970-01-01T05:00:00.000000Z"


@pytest.mark.parametrize(
    "broken",
    [
        '{"at":"x","from":"charger","frame":"[]"}',
        '{"at":"05:00:00","from":"charger"}',
        '{"at":"05:00:00","from":"somebody","frame":"[]"}',
        '{"at":"05:00:00","from":"connect","connect":7}',
        '{"at":"05:00:00"',
    ],
)
def test_broken_lines(broken: str) -> None:
    good = row("05:00:00", "charger", "[]")
    trace = parse("\n".join([good, broken, good]).encode())
    assert len(trace.records) == 2
    assert trace.problems[0].line == 2


def test_files_that_are_no_traces(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTraceError, match="cannot be read"):
        load(tmp_path / "missing.jsonl")
    with pytest.raises(UnreadableTraceError, match="cannot be read"):
        load(tmp_path)
    with pytest.raises(UnreadableTraceError, match="line 1"):
        load(Path(__file__))


def test_an_own_export_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text("".join(jsonl.lines(records(3))), "ascii")
    assert load(path).records == records(3)


@given(st.sampled_from(RECORDINGS), st.integers(0, 5_000))
def test_a_cut_recording_gives_what_is_whole(path: Path, cut: int) -> None:
    content = path.read_bytes()[:cut]
    whole = content.count(b"\n")
    try:
        trace = parse(content)
    except UnreadableTraceError:
        assert whole == 0
    else:
        assert sum(r.kind is not Kind.CLOSED for r in trace.records) >= whole
        assert len(trace.problems) <= 1


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (fifo, Path("/dev/zero"), tmp_path):
        with pytest.raises(UnreadableTraceError, match="no regular file"):
            load(path)


def test_a_name_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 5000, "missing"):
        with pytest.raises(UnreadableTraceError, match="cannot be read"):
            load(tmp_path / name)


def test_a_journal_is_known_for_one(tmp_path: Path) -> None:
    Journal.open(tmp_path / "j.sqlite3").close()
    with pytest.raises(UnreadableTraceError, match="this is a journal: open its visits with --journal FILE"):
        load(tmp_path / "j.sqlite3")


# --- a dialogue with an OpenEVSE ---------------------------------------------------------------------------


def test_the_dialogue_with_the_real_openevse_is_read_too() -> None:
    trace = load(FRAMES / "openevse-rapi.txt")
    assert not trace.problems and len(trace.records) > 100
    station = fold(trace.records).stations["openevse"]
    assert (station.make.firmware, station.link.protocol) == ("8.2.3.EU", "openevse")
    assert station.evses[1].connectors[1].status == "Available"
    remarks = [json.loads(one.data)["text"] for one in trace.records if one.kind is Kind.REMARK]
    assert remarks[:2] == ["car B", "amps 15.5"]


def test_what_is_no_line_of_a_dialogue_is_told() -> None:
    trace = parse(b"0.1 -> b'$GV^35\\r'\nwhat?\n0.2 <- b'open\n\n0.3 <- b'\\xff\\n'\n")
    assert [one.line for one in trace.problems] == [2, 3]
    assert [one.kind for one in trace.records] == [Kind.OPENED, Kind.LINKED, Kind.RAPI, Kind.NOISE]


@given(st.binary(max_size=60))
def test_any_dialogue_is_read_or_told(noise: bytes) -> None:
    parse(b"0.1 -> b'$GV^35'\n" + noise)
