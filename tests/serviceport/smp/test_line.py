"""An SMP device at a cable: port, driver, journal, picture, trace; and what cables do to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.picture import fold
from techtool.serviceport.smp import asks, framing
from techtool.station.model import LinkState
from techtool.station.outcomes import Verdict
from techtool.station.records import Kind
from techtool.trace import ODD, Trace
from techtool.trace.detail import explain
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.smp.devices import call, line_of, plugged, with_two_images

pytestmark = needs_terminals


async def test_a_replay_gives_the_same_station(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        live, folded = visit.station, visit.session.folded
        assert (live.make.model, live.make.firmware) == ("charger_controller/nrf52840", "1.0.0")
        assert live.link.protocol == "smp" and live.findings == {}
        reason = visit.session.able.cannot("status")
        assert reason is not None and "nothing of connectors" in reason
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = [one for one in archive.records(1) if one.number <= folded]
    assert fold(again).stations["ttyUSB0"] == live


async def test_silence_is_told_and_over_when_it_is(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.do("silent on")
        outcome = await visit.session.call("echo", {}, within=0.1)
        assert outcome.verdict is Verdict.UNANSWERED and outcome.text == "No answer to the echo in 0 s."
        assert "no-answer" in visit.codes() and visit.station.link.state is LinkState.CONNECTED
        visit.there.do("silent off")
        assert (await visit.session.call("echo", {})).verdict is Verdict.PROVED


async def test_a_late_answer_is_never_that_of_the_next_request(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        loop, wire = asyncio.get_running_loop(), visit.there.wire

        def late(data: bytes) -> None:
            loop.call_later(0.25, wire.say, data)

        visit.there.carry = late
        first = await call(visit, "set", ["charger/name", "Hof"], within=0.2)
        assert first.verdict in (Verdict.PROVED, Verdict.UNANSWERED)
        visit.there.carry = wire.say
        for name, value in (("charger/serial", "CC-0042"), ("charger/name", "Hof")) * 3:
            assert (await visit.session.call("get", [name])).result == {name: value}
        assert "late-answer" in visit.codes()


@pytest.mark.parametrize("old", [False, True])
async def test_byte_by_byte_between_log_lines_and_in_smp_1(tmp_path: Path, old: bool) -> None:
    async with plugged(tmp_path) as visit:
        visit.there.server.old = old

        def dribble(data: bytes) -> None:
            for line in data.splitlines(keepends=True):
                visit.there.wire.say(b"[00:00:01.250,000] <inf> charger: state B\r\nuart:~$ ")
                for byte in line:
                    visit.there.wire.say(bytes((byte,)))

        visit.there.carry = dribble
        await visit.until(visit.known)
        assert visit.station.make.firmware == "1.0.0" and visit.codes() <= {"error-answer"}
        outcome = await visit.session.call("get", ["charger/nothing"])
        assert outcome.verdict is Verdict.REFUSED
        assert ("no such thing" if old else "key not found") in outcome.text


async def test_no_damaged_answer_is_believed(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        flips = iter(range(7, 10_000, 13))

        def damage(data: bytes) -> None:
            bit = next(flips) % (8 * len(data))
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            visit.there.wire.say(bytes(damaged))

        visit.there.carry = damage
        for _ in range(12):
            outcome = await visit.session.call("get", ["charger/name"], within=0.02)
            assert outcome.verdict is Verdict.UNANSWERED or outcome.result == {"charger/name": "Garage"}


async def test_who_waits_is_told_what_to_look_at(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        visit.there.do("silent on")
        await visit.until(lambda: visit.heard(Kind.SMP))
        line = line_of(visit)
        assert line.advice.startswith("Nothing came: are RX and TX crossed") and line.name == "SMP (MCUmgr)"
        visit.there.wire.say(b"hello\r\n")
        await visit.until(lambda: visit.heard(Kind.CHATTER))
        assert "but no SMP: is that switched on in its firmware?" in line.advice
        visit.there.wire.say(b"\xf0\xf1\xf2\n")
        await visit.until(lambda: visit.heard(Kind.NOISE))
        assert "Bytes came, but no whole answer: is the line 115200 baud 8N1" in line.advice
        visit.there.wire.say(framing.wrap(b"\x00\x00\x00\x01\x00\x01\x07\x00\xa0"))
        await visit.until(lambda: visit.heard(Kind.ECHO))
        assert "Only what was sent came back" in line.advice
        assert not line.answers and "ttyUSB0" not in visit.session.picture.stations


async def test_a_write_under_way_when_the_cable_goes_has_an_unknown_end(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.do("silent on")
        async with asyncio.TaskGroup() as group:
            before = len(visit.heard(Kind.SMP))
            write = group.create_task(call(visit, "set", ["charger/name", "Hof"]))
            await visit.until(lambda: len(visit.heard(Kind.SMP)) > before)
            await visit.there.unplug()
        outcome = write.result()
        assert outcome.verdict is Verdict.UNANSWERED and "whether it acted on it is unknown" in outcome.text


async def test_who_gives_up_waiting_is_not_answered_for(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.do("silent on")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await visit.session.call("get", ["charger/name"], within=0.3)
        visit.there.do("silent off")
        assert (await visit.session.call("echo", ["x"])).result == "x"
        assert visit.there.server.asked.count((False, 3, 0)) == 1, "nobody wants it a second time"


async def test_the_trace_pairs_explains_and_masks(tmp_path: Path) -> None:
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        await visit.session.call("get", ["charger/nothing"])
        await call(visit, "set", ["charger/password", "hunter2"])
        trace = Trace(visit.session.tape)
        trace.catch_up()
        rows = [trace.row(number) for number in range(1, trace.last + 1)]
        asked = next(row for row in rows if row.action == "image list")
        answer = trace.row(asked.partner or 0)
        assert answer.label == "image list.conf" and answer.ms is not None
        assert answer.what == "slot 0: 1.0.0 active, confirmed; slot 1: 1.1.0"
        refused = next(row for row in rows if row.what.startswith("refused"))
        assert refused.flag == ODD and refused.what == 'refused: it says "key not found" (3)'
        wrote = next(row for row in rows if row.action == "write of a setting")
        assert wrote.what == "val ********, name charger/password" and wrote.number in trace.events
        assert asked.number not in trace.events, "what is asked by itself is no event"
        (sent, came) = explain(trace, wrote.number)
        assert {one.name: one.value for one in sent.fields} == {"name": "charger/password", "val": "********"}
        assert came.row.number == wrote.partner and "hunter2" not in str((sent.fields, rows))


def test_asks_of_a_record_are_those_that_went_out() -> None:
    for ask in (asks.images(), asks.erase(1), asks.put("a", b"1"), asks.echo("x")):
        assert asks.ask_of(ask.message(7)) == ask
