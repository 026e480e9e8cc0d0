"""A console at a cable: port, driver, journal, picture, trace; and what cables do to it."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.journal.store import Journal
from techtool.picture import fold
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.console.line import ConsoleLine
from techtool.serviceport.port import Settings
from techtool.serviceport.profiles import named
from techtool.session import Session
from techtool.simulator.console.menu import Menu
from techtool.station.model import LinkState
from techtool.station.outcomes import Verdict
from techtool.station.records import Direction, Kind
from techtool.trace import Trace
from tests.serviceport.console.consoles import ANY, SMART, ZEPHYR, plugged, profile_of, wired
from tests.serviceport.ptys import cable, needs_terminals
from tests.serviceport.visits import session_at, surveyed, until

pytestmark = needs_terminals


async def test_a_smartevse_is_known_and_followed(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        station = visit.station
        assert (station.make.firmware, station.make.serial, station.findings) == ("2.20", "001234", {})
        await visit.until(lambda: 1 in station.evses or visit.station.evses)
        visit.there.menu.car = "C"
        await visit.until(
            lambda: visit.station.evses[1].connectors and visit.station.evses[1].connectors[1].status == "Charging"
        )
        assert "no-answer" not in visit.codes()
        live, folded = visit.station, visit.session.folded
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = fold(list(archive.records(archive.latest().id))[:folded]).stations["ttyUSB0"]
    assert again.evses == live.evses and again.make == live.make


async def test_byte_by_byte_and_with_chatter_in_between_is_as_good(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        loop = asyncio.get_running_loop()
        at = 0.0

        def dribble(data: bytes) -> None:
            nonlocal at
            for byte in data.replace(b"\r\nUp", b"\r\n[00:00:01.250,000] \x1b[0m<inf> charger: hello\r\nUp"):
                at = max(at + 0.002, loop.time())
                loop.call_at(at, visit.there.wire.say, bytes((byte,)))

        visit.there.carry = dribble
        await visit.until(visit.known)
        assert visit.station.make.firmware == "4.4.0" and visit.codes() == set()
        outcome = await visit.session.call("kernel uptime", {})
        assert (outcome.verdict, outcome.result) == (Verdict.ACCEPTED, ["Uptime: 4242 ms"])
        assert any(b"charger: hello" in one for one in visit.heard(Kind.CHATTER))
        shown = [visit.session.tape[number] for number in outcome.records]
        assert shown[0].data == b"kernel uptime\r" and shown[-1].kind is Kind.PROMPT


async def test_the_port_is_lent_only_when_nothing_is_on_its_way(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)
        held: list[bytes] = []
        carry, visit.there.carry = visit.there.carry, held.append
        line, order = visit.session.serial, list[str]()
        assert isinstance(line, ConsoleLine)

        async def ask() -> None:
            await visit.session.call("kernel uptime", {})
            order.append("answered")

        async def borrow() -> None:
            async with line.lease():
                order.append("lent")

        async with asyncio.TaskGroup() as group:
            group.create_task(ask())
            await visit.there.hears(b"kernel uptime\r")
            group.create_task(borrow())
            carry(b"[00:00:01.250,000] \x1b[0m<inf> charger: meanwhile\r\n")
            await visit.until(lambda: any(b"meanwhile" in one.data for one in visit.session.tape.since(0)))
            visit.there.carry = carry
            for piece in held:
                carry(piece)
        assert order == ["answered", "lent"]


async def test_every_byte_is_in_the_journal(tmp_path: Path) -> None:
    said = b""
    async with plugged(tmp_path, ZEPHYR) as visit:
        carry = visit.there.carry

        def keep(data: bytes) -> None:
            nonlocal said
            said += data
            carry(data)

        visit.there.carry = keep
        await visit.until(visit.known)
        keep(b"\xff\x80\x81\x82\x83garb\r\nhalf a line")
        await visit.until(lambda: any(b"half a line" in one for one in visit.heard(Kind.CHATTER)))
    with Archive(tmp_path / "j.sqlite3") as archive:
        kept = list(archive.records(archive.latest().id))
    assert b"".join(one.data for one in kept if one.direction is Direction.CHARGER) == said
    assert b"".join(one.data for one in kept if one.direction is Direction.LAPTOP) == visit.there.typed


async def test_a_write_is_proved_refused_or_contradicted_by_what_the_menu_shows(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("set", ["MAX", 16], force=True)
        assert outcome.verdict is Verdict.PROVED, outcome.text
        assert outcome.result == {"written": "16", "read": "16 A"} and visit.there.menu.values["MAX"] == "16"
        visit.there.menu.stubborn = True
        outcome = await visit.session.call("set", ["MODE", "smart"])
        assert outcome.verdict is Verdict.CONTRADICTED and outcome.result == {"written": "smart", "read": "Normal"}
        outcome = await visit.session.call("get", [])
        assert outcome.result["MAX"] == "16 A" and outcome.verdict is Verdict.PROVED
        outcome = await visit.session.call("MAX", {})
        assert "wants a value (Enter new MAX Charge Current (6-80):" in outcome.text
        assert (await visit.session.call("get", ["MAX"])).result == {"MAX": "16 A"}


async def test_a_refused_value_is_told_though_the_firmware_saves(tmp_path: Path) -> None:
    wide = tmp_path / "wide.toml"
    wide.write_text(named(SMART).text.replace('allowed = "6..80"', 'allowed = "1..99"'))
    async with plugged(tmp_path, SMART, wide) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("set", ["MAX", 90], force=True)
        assert outcome.verdict is Verdict.REFUSED and "It reads as 13 A now" in outcome.text
        assert visit.there.menu.saved == 1


async def test_a_write_that_a_reboot_met_is_read_back(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        carry = visit.there.carry

        def reboot(data: bytes) -> None:
            carry(data)
            if visit.there.typed.endswith(b"\r16\r"):
                visit.there.carry = carry
                carry(visit.there.menu.reboot())

        visit.there.carry = reboot
        outcome = await visit.session.call("set", ["MAX", 16], force=True, within=5)
        assert outcome.result == {"written": "16", "read": "16 A"}, outcome.text
        assert visit.station.boot is not None and visit.station.boot.count == 1


async def test_a_cancelled_write_leaves_the_dialogue(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            call = group.create_task(visit.session.call("set", ["MAX", 16], force=True))
            await visit.there.hears(b"MAX\r")
            call.cancel()
        await visit.there.hears(b"MAX\r\r")
        assert (await visit.session.call("get", ["MAX"])).result == {"MAX": "13 A"}


async def test_ctrl_c_in_a_dialogue_leaves_it_before_the_port_closes(tmp_path: Path) -> None:
    with cable(tmp_path) as wire, Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)
        async with wired(wire, Menu()) as there:
            async with asyncio.TaskGroup() as group:
                plug = group.create_task(session.plug(Settings(str(wire.device)), Chosen(named(SMART))))
                await until(session, lambda: surveyed(session))
                call = group.create_task(session.call("set", ["MAX", 16], force=True))
                await there.hears(b"MAX\r")
                plug.cancel()
            await there.hears(b"MAX\r\r")
        assert call.result().verdict is Verdict.UNANSWERED and "unknown" in call.result().text
        await session.close()


async def test_silence_is_told_and_over_when_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.console.dialogue.TIMEOUT_S", 0.1)
    monkeypatch.setattr("techtool.serviceport.console.schedule.SILENT_S", 0.2)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.menu.silent = True
        await visit.until(lambda: "no-answer" in visit.codes())
        assert visit.station.link.state is LinkState.CONNECTED
        visit.there.menu.silent, visit.there.menu.car = False, "B"
        await visit.until(lambda: visit.station.evses[1].connectors[1].status == "SuspendedEV")


async def test_who_waits_is_told_what_to_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.console.dialogue.TIMEOUT_S", 0.1)
    async with plugged(tmp_path) as visit:
        visit.there.menu.silent = True
        await visit.until(lambda: visit.heard(Kind.TIMEOUT))
        line = visit.session.serial
        assert line is not None and line.advice.startswith("Nothing came: are RX and TX crossed")
        visit.there.wire.say(b"hello\r\n")
        await visit.until(
            lambda: any(b"hello" in one for one in (*visit.heard(Kind.CHATTER), *visit.heard(Kind.LINE)))
        )
        assert "--profile generic-console shows all" in line.advice
        visit.there.wire.say(b"\xf0\xf1\xf2\x83\x84\x85\r\n")
        await visit.until(lambda: visit.heard(Kind.NOISE))
        assert line.advice == "Bytes came, but no text: is the line 115200 baud 8N1?" and not line.heard


async def test_a_terminal_types_nothing_and_shows_everything(tmp_path: Path) -> None:
    async with plugged(tmp_path, ANY) as visit:
        await visit.until(visit.known)
        assert (visit.station.make.model, visit.station.link.protocol) == ("Any console", "console")
        visit.there.wire.say(b"\x1b]52;c;ZXZpbA==\x07[red]\r\nlogin: ")
        await visit.until(lambda: b"login: " in visit.heard(Kind.CHATTER))
        trace = Trace(visit.session.tape)
        trace.catch_up()
        rows = [trace.row(number) for number in range(1, trace.last + 1)]
        assert [one.what for one in rows if one.action == "text"] == ["\\x1b]52;c;ZXZpbA==\\x07[red]", "login: "]
        assert visit.there.typed == b""
        outcome = await visit.session.call("root", {})
        assert visit.there.typed == b"root\r" and outcome.verdict is Verdict.ACCEPTED


async def test_a_flood_holds_up_nobody(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        loop = asyncio.get_running_loop()
        sent = 0

        def pump() -> None:
            nonlocal sent
            sent += os.write(wire.master, b"y\n" * 128)

        async with session_at(wire.device, tmp_path, Chosen(named(ANY))) as session:
            os.set_blocking(wire.master, False)
            worst, before = 0.0, loop.time()
            loop.add_writer(wire.master, pump)
            while sent < 1_000_000:
                await asyncio.sleep(0.005)
                worst, before = max(worst, loop.time() - before), loop.time()
            loop.remove_writer(wire.master)
        assert worst < 5 and session.tape.last < 20_000


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
async def test_a_real_shell_is_a_console(tmp_path: Path) -> None:
    import pty

    master, slave = pty.openpty()
    device, loop = tmp_path / "ttyUSB0", asyncio.get_running_loop()
    ours, theirs = pty.openpty()  # the shell's terminal is not the cable: it echoes and edits
    import tty

    for one in (master, slave):
        tty.setraw(one)
    device.symlink_to(os.ttyname(slave))
    shell = await asyncio.create_subprocess_exec(
        "sh", "-i", stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={"PS1": "box> ", "PATH": os.environ["PATH"], "ENV": ""},
    )  # fmt: skip
    loop.add_reader(master, lambda: os.write(ours, os.read(master, 4096)))
    loop.add_reader(ours, lambda: os.write(master, os.read(ours, 4096)))
    try:
        async with session_at(device, tmp_path, Chosen(named(ANY))) as session:
            await until(session, lambda: any(one.kind is Kind.LINKED for one in session.tape.since(0)))
            ready = ""
            while "ready" not in ready:  # it has words of its own when it starts
                ready = str((await session.call("echo ready", {})).result)
            outcome = await session.call("echo $((6*7)); echo two", {})
            assert outcome.result is not None and outcome.result[:2] == ["42", "two"], outcome
            outcome = await session.call("nosuchcommand", {})
            assert "not found" in " ".join(outcome.result)
    finally:
        for one in (master, ours):
            loop.remove_reader(one)
        shell.kill()
        await shell.wait()
        for one in (master, slave, ours, theirs):
            os.close(one)


def test_the_shipped_profiles_are_of_consoles() -> None:
    assert {profile_of(name).protocol for name in (SMART, ZEPHYR, ANY)} == {"console"}
