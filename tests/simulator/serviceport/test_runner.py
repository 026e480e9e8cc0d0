"""On a real pseudo terminal."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from techtool.serviceport.port import LinkLost, OpenError, Port, Settings
from techtool.simulator.effects import Report
from techtool.simulator.openevse.charger import Charger
from techtool.simulator.serviceport.ends import DeviceError, NoTerminalsError
from techtool.simulator.serviceport.runner import run
from techtool.simulator.serviceport.sockets import Socket
from techtool.simulator.serviceport.terminals import Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


class Running:
    """A charger that runs, and the lines that are typed at it."""

    def __init__(self) -> None:
        self.names: asyncio.Queue[str] = asyncio.Queue()
        self.reports: asyncio.Queue[Report] = asyncio.Queue()
        self.typed: asyncio.Queue[str] = asyncio.Queue()

    async def lines(self) -> AsyncIterator[str]:
        while True:
            yield await self.typed.get()

    async def until(self, kind: str) -> Report:
        while (report := await self.reports.get()).kind != kind:
            pass
        return report


@asynccontextmanager
async def charger(link: Path | None, *quirks: str) -> AsyncIterator[Running]:
    there = Running()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        task = group.create_task(
            run(
                Charger(time.monotonic(), frozenset(quirks)),
                Terminal(link),
                there.lines(),
                on_device=there.names.put_nowait,
                on_report=there.reports.put_nowait,
            )
        )
        yield there
        task.cancel()


async def until(port: Port, text: bytes) -> bytes:
    heard = b""
    while text not in heard:
        heard += await port.read()
    return heard


async def test_it_boots_answers_and_tells(tmp_path: Path) -> None:
    async with charger(tmp_path / "tty") as there:
        port = await Port.open(Settings(await there.names.get()))
        try:
            await until(port, b"$AT 01 01 32 0200^32\r")
            port.write(b"$GS :2A^59\r")
            await until(port, b"$OK 01 0 01 0200 :2A^7B\r")
            there.typed.put_nowait("car B")
            await until(port, b"$AT 02 02 32 0700^37\r")
        finally:
            await port.close()
    assert not (tmp_path / "tty").is_symlink()


async def test_unplugged_it_is_gone_and_comes_back_under_its_name(tmp_path: Path) -> None:
    link = tmp_path / "tty"
    async with charger(link) as there:
        assert await there.names.get() == str(link)
        port = await Port.open(Settings(str(link)))
        try:
            there.typed.put_nowait("unplug 0.5")
            with pytest.raises(LinkLost):
                while True:
                    await port.read()
            with pytest.raises(OpenError, match="is not there"):
                await Port.open(Settings(str(link)))
        finally:
            await port.close()
        assert "is there again" in (await there.until("link")).text
        port = await Port.open(Settings(str(link)))
        try:
            port.write(b"$GV :2A^5C\r")
            await until(port, b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        finally:
            await port.close()
        assert there.names.empty(), "the name is the same"


async def test_quit_ends_it(tmp_path: Path) -> None:
    async with asyncio.timeout(20):
        there = Running()
        there.typed.put_nowait("quit")
        await run(
            Charger(time.monotonic()),
            Terminal(tmp_path / "tty"),
            lines=there.lines(),
            on_device=there.names.put_nowait,
        )
    with pytest.raises(OpenError, match="is not there"):
        await Port.open(Settings(there.names.get_nowait()))


async def test_a_flood_that_nobody_reads_holds_nothing_up(tmp_path: Path) -> None:
    async with charger(tmp_path / "tty", "flood") as there:
        await until_state(there)
        there.typed.put_nowait("help")
        assert "car" in (await there.until("help")).text


async def until_state(there: Running) -> None:
    while "$AT 01" not in (await there.until("sent")).text:
        pass


async def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "notes.txt"
    taken.write_text("mine")
    with pytest.raises(DeviceError, match="cannot be made: File exists"):
        await run(Charger(time.monotonic()), Terminal(taken))
    assert taken.read_text() == "mine"


async def test_a_name_that_one_left_behind_is_taken_over(tmp_path: Path) -> None:
    link = tmp_path / "tty"
    link.symlink_to(tmp_path / "gone")
    async with charger(link) as there:
        assert await there.names.get() == str(link)
        assert link.exists()


async def test_without_pseudo_terminals_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pty", None)
    with pytest.raises(NoTerminalsError, match="Windows has no pseudo terminals: --socket 0"):
        await run(Charger(time.monotonic()))


async def test_a_port_that_is_given_out_over_tcp_is_for_one_caller_and_comes_back() -> None:
    there = Running()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        task = group.create_task(
            run(
                Charger(time.monotonic()),
                Socket(),
                there.lines(),
                on_device=there.names.put_nowait,
                on_report=there.reports.put_nowait,
            )
        )
        name = await there.names.get()
        port = await Port.open(Settings(name))
        try:
            await until(port, b"$AT 01 01 32 0200^32\r")
            second = await Port.open(Settings(name))
            with pytest.raises(LinkLost):
                await second.read()
            await second.close()
            port.write(b"$GS :2A^59\r")
            await until(port, b"$OK 01 0 01 0200 :2A^7B\r")
            there.typed.put_nowait("unplug 0.2")
            with pytest.raises(LinkLost):
                while True:
                    await port.read()
        finally:
            await port.close()
        assert name in (await there.until("link")).text
        port = await Port.open(Settings(name))
        port.write(b"$GV :2A^5C\r")
        await until(port, b"$OK 8.2.3.EU 5.2.1 :2A^78\r")
        await port.close()
        task.cancel()


async def test_a_tcp_port_that_is_taken_is_said() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    async with server:
        taken = server.sockets[0].getsockname()[1]
        with pytest.raises(DeviceError, match="cannot be given out"):
            await run(Charger(time.monotonic()), Socket(taken))
