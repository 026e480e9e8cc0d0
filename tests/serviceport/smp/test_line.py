"""An SMP device at a cable: port, driver, journal, picture, trace; and what cables do to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.picture import fold
from techtool.serviceport.smp import asks, framing
from techtool.simulator.smp.device import SmpDevice
from techtool.simulator.smp.images import made
from techtool.simulator.smp.server import Server
from techtool.station.model import LinkState
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.records import Direction, Kind
from techtool.trace import ODD, Trace
from techtool.trace.detail import explain
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.smp.devices import Wired, call, line_of, plugged, plugged_again
from tests.serviceport.visits import Visit

pytestmark = needs_terminals


def with_two_images() -> SmpDevice:
    """The second slot has one, too, which does not run yet."""
    device, new = SmpDevice(Server(), boot_s=0.2), made((1, 1, 0))
    device.server.flash.upload({"off": 0, "len": len(new), "data": new})
    return device


def shown(visit: Visit[Wired], records: tuple[int, ...]) -> list[tuple[Direction, Kind]]:
    return [(visit.session.tape[one].direction, visit.session.tape[one].kind) for one in records]


async def test_a_replay_gives_the_same_station(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        live, folded = visit.station, visit.session.folded
        assert (live.make.model, live.make.firmware) == ("charger_controller/nrf52840", "1.0.0")
        assert live.link.protocol == "smp" and live.findings == {}
        reason = visit.session.cannot("status")
        assert reason is not None and "nothing of connectors" in reason
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = [one for one in archive.records(1) if one.number <= folded]
    assert fold(again).stations["ttyUSB0"] == live


async def test_questions_are_answered_and_their_records_show_it(tmp_path: Path) -> None:
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("images", {})
        assert outcome.verdict is Verdict.PROVED
        assert [(one["slot"], one["version"]) for one in outcome.result] == [(0, "1.0.0"), (1, "1.1.0")]
        assert shown(visit, outcome.records) == [(Direction.LAPTOP, Kind.SMP), (Direction.CHARGER, Kind.SMP)]
        info = await visit.session.call("info", {})
        assert info.result["bootloader"] == "MCUboot" and info.result["mode"] == "swap without scratch"
        assert "cortex-m4" in info.result["output"] and len(info.records) == 6
        assert (await visit.session.call("params", {})).result == {"buf_size": 384, "buf_count": 4}
        assert (await visit.session.call("echo", ["Grüße"])).result == "Grüße"
        assert (await visit.session.call("stats", [])).result == ["charger", "smp"]
        assert (await visit.session.call("stats", ["charger"])).result["sessions"] == 42
        assert (await visit.session.call("get", ["charger/name"])).result == {"charger/name": "Garage"}
        current = (await visit.session.call("get", ["charger/max_current"])).result
        assert current == {"charger/max_current": {"hex": "10 00 00 00"}}
        refused = await visit.session.call("stats", ["nothing"])
        assert refused.verdict is Verdict.REFUSED and refused.result == {"rc": 2, "group": 2}
        assert 'it says "invalid group" (2)' in refused.text


async def test_a_shell_command_is_answered_but_not_checked(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("shell", "kernel version")
        assert outcome.verdict is Verdict.ACCEPTED
        assert outcome.result == {"ret": 0, "output": ["Zephyr version 4.4.0"]}
        outcome = await visit.session.call("shell", ["nonsense"])
        assert outcome.verdict is Verdict.REFUSED and outcome.result["ret"] == -8


async def test_a_setting_is_what_reads_back(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        settings = visit.there.server.settings
        with pytest.raises(CallRefusedError, match="--force"):
            await visit.session.call("set", ["charger/name", "Hof"])
        outcome = await call(visit, "set", ["charger/name", "Hof"])
        assert outcome.verdict is Verdict.PROVED and outcome.result == {"written": "Hof", "read": "Hof"}
        assert settings.values["charger/name"] == b"Hof" and len(outcome.records) == 4
        outcome = await call(visit, "set", ["charger/max_current", {"hex": "20 00 00 00"}])
        assert outcome.verdict is Verdict.PROVED and outcome.result["read"] == "20 00 00 00"
        outcome = await call(visit, "set", ["charger/serial", "X"])
        assert outcome.verdict is Verdict.REFUSED and "It reads as CC-0042 now." in outcome.text
        settings.stubborn = True
        outcome = await call(visit, "set", ["charger/name", "Keller"])
        assert outcome.verdict is Verdict.CONTRADICTED and "but reads as Hof" in outcome.text
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.CONTRADICTED
        settings.stubborn = False
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.PROVED
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.REFUSED
        assert (await call(visit, "save")).verdict is Verdict.ACCEPTED and "charger/name" not in settings.saved


async def test_an_image_is_tested_started_and_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.driver.BOOT_S", 0.1)
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        images = (await visit.session.call("images", {})).result
        outcome = await visit.session.call("test", [images[1]["hash"][:8]])
        assert outcome.verdict is Verdict.PROVED and "starts on trial at the next reset" in outcome.text
        assert outcome.result[1]["pending"] and len(outcome.records) == 6
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.PROVED, outcome.text
        assert "it said that it starts" in outcome.text
        assert (Direction.CHARGER, Kind.CHATTER) in shown(visit, outcome.records)
        await visit.until(lambda: visit.station.make.firmware == "1.1.0")
        assert visit.station.boot is not None and visit.station.boot.count == 1
        with pytest.raises(CallRefusedError, match="--force"):
            await visit.session.call("confirm", {})
        outcome = await call(visit, "confirm")
        assert outcome.verdict is Verdict.PROVED and outcome.result[0]["confirmed"]
        outcome = await call(visit, "erase")
        assert outcome.verdict is Verdict.PROVED and len(outcome.result) == 1


async def test_what_an_image_list_does_not_show_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        flash = visit.there.server.flash
        digits = flash.slots[1].hash.hex() if flash.slots[1] is not None else ""
        with pytest.raises(CallRefusedError, match="fits no image, or several"):
            await visit.session.call("test", ["000000000"])
        active = await visit.session.call("test", [flash.slots[0].hash.hex() if flash.slots[0] else ""])
        assert active.verdict is Verdict.REFUSED and "image setting test to active denied" in active.text
        monkeypatch.setattr(flash, "mark", lambda *given, **more: None)
        monkeypatch.setattr(flash, "erase", lambda *given: None)
        assert (await visit.session.call("test", [digits])).verdict is Verdict.CONTRADICTED
        assert (await call(visit, "confirm", [digits])).verdict is Verdict.CONTRADICTED
        assert (await call(visit, "erase", [1])).verdict is Verdict.CONTRADICTED
        visit.there.server.lacks.add(1)
        lacking = await visit.session.call("test", [digits])
        assert lacking.verdict is Verdict.REFUSED and "does not have this command" in lacking.text


async def test_a_reset_without_a_banner_is_proved_by_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.restarting.PROBE_S", 0.1)
    async with plugged(tmp_path, lambda: SmpDevice(banner=False, boot_s=0.4)) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.PROVED and "it was silent for 0." in outcome.text
        assert (Direction.NOTE, Kind.TIMEOUT) in shown(visit, outcome.records)
        assert visit.station.boot is not None and visit.station.findings == {}


async def test_a_reset_that_nothing_shows_is_only_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.restarting.STEADY_S", 0.3)
    monkeypatch.setattr("techtool.simulator.smp.device.RESET_S", 1000.0)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.ACCEPTED and "was not seen" in outcome.text


async def test_who_does_not_come_back_from_a_reset_is_not_answered(tmp_path: Path) -> None:
    async with plugged(tmp_path, lambda: SmpDevice(boot_s=1000.0)) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {}, within=0.6)
        assert outcome.verdict is Verdict.UNANSWERED and "has not come back" in outcome.text


async def test_a_port_that_goes_and_comes_with_a_reset_proves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with plugged(tmp_path, lambda: SmpDevice(banner=False, boot_s=0.0)) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            before = len(visit.heard(Kind.SMP))
            reset = group.create_task(visit.session.call("reset", {}))
            await visit.until(lambda: len(visit.heard(Kind.SMP)) > before + 2)
            await visit.there.unplug()
            async with plugged_again(visit, tmp_path):
                outcome = await reset
        assert outcome.verdict is Verdict.PROVED and "the port went away and came back" in outcome.text
        assert (Direction.NOTE, Kind.CLOSED) in shown(visit, outcome.records)


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
