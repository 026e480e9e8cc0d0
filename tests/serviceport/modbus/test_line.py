"""A Modbus box at a cable: port, driver, journal, picture, trace; and what cables do to it."""

from __future__ import annotations

import asyncio
import os
import pty
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.picture import fold
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles import named
from techtool.serviceport.profiles.registers import Space
from techtool.station.measure import CURRENT, at_phase
from techtool.station.model import LinkState
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.records import Direction, Kind
from techtool.trace import ODD, Trace
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, plugged, request
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.visits import session_at, surveyed, until

pytestmark = needs_terminals


@pytest.mark.parametrize("name", SHIPPED)
async def test_every_profile_reads_its_simulated_twin(tmp_path: Path, name: str) -> None:
    async with plugged(tmp_path, name) as visit:
        visit.there.box.car = "C"
        visit.there.box.measure()
        await visit.until(visit.known)
        station = visit.station
        assert station.link.protocol == "modbus" and station.findings == {}
        assert station.evses[1].connectors[1].status == "Charging"
        current = at_phase(station.evses[1].readings, CURRENT, "L1")
        assert name == "phoenix-ev-ser" or (current is not None and current.value == 10.0)
        visit.there.box.faulty = True
        visit.there.box.measure()
        if name != "abb-terra-ac":  # its states have neither E nor F
            await visit.until(lambda: visit.station.faults)
        visit.there.box.faulty, visit.there.box.car = False, "A"
        visit.there.box.measure()
        await visit.until(lambda: visit.station.evses[1].connectors[1].status == "Available")


async def test_a_replay_gives_the_same_station_also_when_the_profile_is_gone(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        (tmp_path / f"{HEIDELBERG}.toml").unlink()
        live = visit.station
        folded = visit.session.folded
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = fold(list(archive.records(archive.latest().id))[:folded]).stations["ttyUSB0"]
    assert again.evses == live.evses and again.make == live.make


async def test_noise_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        before = visit.station.evses[1].connectors
        visit.there.carry = lambda data: visit.there.wire.say(b"\xff\x00\x01\x04" + data + b"\x80\x01")
        await visit.until(lambda: "junk" in visit.codes())
        asked = len(visit.there.asked)
        await visit.until(lambda: len(visit.there.asked) > asked + 1)
        assert visit.station.evses[1].connectors == before
        assert not {"no-answer", "late-answer"} & visit.codes()


async def test_byte_by_byte_is_as_good(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        loop = asyncio.get_running_loop()

        def dribble(data: bytes) -> None:
            for number, byte in enumerate(data):
                loop.call_later(number * 0.002, visit.there.wire.say, bytes((byte,)))

        visit.there.carry = dribble
        await visit.until(visit.known)
        assert visit.station.evses[1].connectors[1].status == "Available" and visit.codes() == set()


async def test_no_damaged_answer_is_believed(tmp_path: Path) -> None:
    async with plugged(tmp_path, timeout_ms=60, gap_ms=5) as visit:
        await visit.until(visit.known)
        before = visit.station.evses[1].readings
        flips = iter(range(1000))

        def damage(data: bytes) -> None:
            bit = next(flips) % (8 * len(data))
            damaged = bytearray(data)
            damaged[bit // 8] ^= 1 << bit % 8
            visit.there.wire.say(bytes(damaged))

        visit.there.box.amps, visit.there.box.car = 15.0, "C"
        visit.there.box.measure()
        visit.there.carry = damage
        await visit.until(lambda: "no-answer" in visit.codes())
        assert visit.station.evses[1].readings.keys() == before.keys()
        assert [one.value for one in visit.station.evses[1].readings.values()] == [
            one.value for one in before.values()
        ]


async def test_silence_is_told_and_over_when_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.modbus.schedule.SILENT_S", 0.2)
    async with plugged(tmp_path, timeout_ms=50) as visit:
        await visit.until(visit.known)
        visit.there.box.silent = True
        await visit.until(lambda: "no-answer" in visit.codes())
        assert visit.station.link.state is LinkState.CONNECTED
        visit.there.box.silent, visit.there.box.car = False, "C"
        visit.there.box.measure()
        await visit.until(lambda: visit.station.evses[1].connectors[1].status == "Charging")


async def test_who_waits_is_told_what_to_look_at(tmp_path: Path) -> None:
    async with plugged(tmp_path, timeout_ms=50) as visit:
        visit.there.box.silent = True
        await visit.until(lambda: visit.heard(Kind.MODBUS))
        line = visit.session.serial
        assert line is not None and line.advice.startswith("Nothing came: is A on A")
        visit.there.box.echo = True
        await visit.until(lambda: visit.heard(Kind.ECHO))
        assert line.advice.startswith("Only what was sent came back")
        visit.there.carry = lambda data: visit.there.wire.say(b"\xf0\xf1\xf2")
        await visit.until(lambda: visit.heard(Kind.NOISE))
        assert "Bytes came, but no whole answer: is the line 115200 baud 8N1" in line.advice
        other = RTU.wrap(9, bytes((4, 2, 0, 3)))
        visit.there.carry = lambda data: visit.there.wire.say(other)
        await visit.until(lambda: "of unit 9, asked was unit 1" in line.advice)
        assert not line.heard and "ttyUSB0" not in visit.session.picture.stations


async def test_a_late_answer_is_never_that_of_the_next_request(tmp_path: Path) -> None:
    async with plugged(tmp_path, timeout_ms=100, gap_ms=5) as visit:
        await visit.until(visit.known)
        loop = asyncio.get_running_loop()
        visit.there.box.memory.put(Space.HOLDING, 261, [111])
        visit.there.box.memory.put(Space.HOLDING, 262, [222])
        # 50 ms after the time-out, and as long as each other

        def late(data: bytes) -> None:
            loop.call_later(0.15, visit.there.wire.say, data)

        visit.there.carry = late
        first, second = await asyncio.gather(
            visit.session.call("read", ["holding", 261]), visit.session.call("read", ["holding", 262])
        )
        assert (first.result["values"], second.result["values"]) == ([111], [222])


async def test_a_local_echo_is_told_once_and_ignored(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        visit.there.box.echo = True
        await visit.until(visit.known)
        assert visit.station.evses[1].connectors[1].status == "Available"
        (finding,) = visit.station.findings.values()
        assert (finding.code.value, finding.count) == ("echo", 1)
        outcome = await visit.session.call("write", ["holding", 261, 120], force=True)
        assert outcome.verdict is Verdict.PROVED
        visit.there.box.silent = True
        outcome = await visit.session.call("write", ["holding", 261, 60], force=True, within=0.2)
        assert outcome.verdict is Verdict.UNANSWERED, "its own echo proves nothing"


async def test_a_write_under_way_when_the_cable_goes_has_an_unknown_end(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.box.silent = True
        async with asyncio.TaskGroup() as group:
            call = group.create_task(visit.session.call("write", ["holding", 261, 60], force=True))
            sent = request(Ask(Space.HOLDING, 261, 1, (60,)))
            await visit.until(lambda: sent in visit.heard(Kind.MODBUS))
            await visit.there.unplug()
        outcome = call.result()
        assert outcome.verdict is Verdict.UNANSWERED and "whether it acted on it is unknown" in outcome.text


async def test_a_write_is_refused_without_force_and_never_goes_out(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        with pytest.raises(CallRefusedError, match="--force"):
            await visit.session.call("write", ["holding", 261, 60])
        assert visit.there.box.memory.get(Space.HOLDING, 261, 1) == [160]
        outcome = await visit.session.call("write", ["holding", 261, 60], force=True)
        assert outcome.verdict is Verdict.PROVED and visit.there.box.memory.get(Space.HOLDING, 261, 1) == [60]
        shown = [visit.session.tape[number] for number in outcome.records]
        assert [one.direction for one in shown] == [Direction.LAPTOP, Direction.CHARGER] * 2
        refused = await visit.session.call("read", ["holding", 9999])
        assert refused.verdict is Verdict.REFUSED and "no such address" in refused.text


async def test_the_trace_pairs_and_explains(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        await visit.session.call("read", ["holding", 9999])
        await visit.session.call("write", ["holding", 261, 60], force=True)
        trace = Trace(visit.session.tape)
        trace.catch_up()
        rows = [trace.row(number) for number in range(1, trace.last + 1)]
        asked = next(row for row in rows if row.what == "input 5 to 18, unit 1")
        answer = trace.row(asked.partner or 0)
        assert answer.label == "read.conf" and answer.what.startswith("3 0 0 0 250") and answer.ms is not None
        refused = next(row for row in rows if row.what.startswith("refused"))
        assert refused.flag == ODD and "no such address" in refused.what
        wrote = next(row for row in rows if row.action == "write")
        assert wrote.what == "holding 261: 60, unit 1" and wrote.number in trace.events
        assert asked.number not in trace.events, "what is asked every second is no event"


@contextmanager
def bridged() -> Iterator[tuple[str, str]]:
    """Two pseudo terminals whose far ends are joined, as two adapters at one cable are."""
    loop = asyncio.get_running_loop()
    ends = [pty.openpty() for _ in range(2)]
    for one in (end for pair in ends for end in pair):
        tty.setraw(one)
    (left, one), (right, other) = ends
    loop.add_reader(left, lambda: os.write(right, os.read(left, 4096)))
    loop.add_reader(right, lambda: os.write(left, os.read(right, 4096)))
    try:
        yield os.ttyname(one), os.ttyname(other)
    finally:
        for master in (left, right):
            loop.remove_reader(master)
        for one in (end for pair in ends for end in pair):
            os.close(one)


async def test_pymodbus_itself_is_understood(tmp_path: Path) -> None:
    from pymodbus.server import ModbusSerialServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    def registers(at: int, *words: int) -> SimData:
        return SimData(at, values=list(words), datatype=DataType.REGISTERS)

    bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
    status = registers(4, 0x108, 7, 123, 0, 0, 250, 230, 231, 229, 1, 2800, 0, 1000, 1, 0x86A0)
    device = SimDevice(id=1, simdata=(bits, bits, [registers(257, 15000, 4, 1, 0, 160, 60)], [status]))
    with bridged() as (ours, theirs):
        server = ModbusSerialServer(device, port=theirs)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve_forever())
            async with session_at(ours, tmp_path, Chosen(named(HEIDELBERG))) as session:
                await until(session, lambda: surveyed(session))
                line = session.picture.stations[Path(ours).name]
                assert line.evses[1].connectors[1].status == "Charging"
                current = at_phase(line.evses[1].readings, CURRENT, "L1")
                assert current is not None and current.value == 12.3
                outcome = await session.call("write", ["holding", 261, 60], force=True)
                assert outcome.verdict is Verdict.PROVED, outcome.text
                outcome = await session.call("write", ["coil", 3, [1, 0, 1]], force=True)
                assert outcome.verdict is Verdict.PROVED, outcome.text
                outcome = await session.call("read", ["coil", 3, 5])
                assert outcome.result == {"space": "coil", "address": 3, "values": [1, 0, 1, 0, 0]}
                assert (await session.call("read", ["input", 900])).verdict is Verdict.REFUSED
            await server.shutdown()  # type: ignore[no-untyped-call]
            serving.cancel()
