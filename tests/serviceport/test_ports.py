"""The ports of this laptop: their order, and who has them."""

from __future__ import annotations

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from techtool.interfaces import Holder
from techtool.serviceport.port import OpenError, Port, Settings
from techtool.serviceport.ports import PortSeen, in_order, look, users_of
from tests.serviceport.ptys import cable, needs_terminals

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a port open")


def test_the_newest_adapter_comes_first_and_built_in_ports_last() -> None:
    ports = [
        PortSeen("/dev/ttyS0", since=50.0),
        PortSeen("/dev/ttyUSB0", usb="0403:6001", since=10.0),
        PortSeen("/dev/ttyUSB1", usb="10c4:ea60", since=20.0),
        PortSeen("COM9", usb="1a86:7523"),
    ]
    assert [one.device for one in in_order(ports)] == ["/dev/ttyUSB1", "/dev/ttyUSB0", "COM9", "/dev/ttyS0"]


def test_why_a_port_cannot_be_opened_is_told() -> None:
    assert PortSeen("COM3").trouble is None
    busy = PortSeen("/dev/ttyUSB0", users=(Holder(4123, "minicom"),), may_open=False)
    assert busy.trouble == "in use by another program (pid 4123, minicom)"
    assert "dialout" in (PortSeen("/dev/ttyUSB0", may_open=False).trouble or "")


def test_the_system_is_asked() -> None:
    assert all(one.device for one in look())


LOCK = "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f,fcntl.LOCK_EX); print(1,flush=True); sys.stdin.read()"
READ = "import os,sys; os.open(sys.argv[1],os.O_RDWR|os.O_NOCTTY); print(1,flush=True); sys.stdin.read()"
MAKE = "import os,pty,sys; ends=pty.openpty(); print(os.ttyname(ends[1]),flush=True); sys.stdin.read()"


@asynccontextmanager
async def another(*words: str) -> AsyncIterator[tuple[Process, str]]:
    """Another program, once it has said its line."""
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", *words, stdin=PIPE, stdout=PIPE)
    assert program.stdout is not None
    try:
        yield program, (await program.stdout.readline()).decode().strip()
    finally:
        await program.communicate(b"")


@linux
@pytest.mark.parametrize("has", [LOCK, READ])
async def test_a_busy_port_says_who_has_it_whether_it_locks_it_or_not(tmp_path: Path, has: str) -> None:
    with cable(tmp_path) as wire:
        async with another(has, str(wire.device)) as (program, _):
            (user,) = users_of([str(wire.device)])[str(wire.device)]
            assert user.pid == program.pid
            who = re.escape(f"ttyUSB0 is in use by another program (pid {user.pid}, {user.name}).")
            with pytest.raises(OpenError, match=who):
                await Port.open(Settings(str(wire.device)))
        await (await Port.open(Settings(str(wire.device)))).close()


@linux
async def test_of_several_that_have_a_port_the_first_is_named_and_the_others_are_counted(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with another(READ, str(wire.device)) as (one, _), another(READ, str(wire.device)) as (other, _):
            first = min(one.pid, other.pid)
            with pytest.raises(OpenError, match=rf"\(pid {first}, .*, and 1 more\)\.$"):
                await Port.open(Settings(str(wire.device)))


@linux
async def test_what_this_program_has_open_itself_is_no_other_one(tmp_path: Path) -> None:
    with cable(tmp_path) as wire, wire.device.open("rb", buffering=0):
        await (await Port.open(Settings(str(wire.device)))).close()


@linux
async def test_who_makes_a_pseudo_terminal_is_its_other_end() -> None:
    async with another(MAKE) as (_, device):
        await (await Port.open(Settings(device))).close()


@needs_terminals
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), psutil.AccessDenied()])
async def test_a_port_is_opened_where_nobody_tells_who_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse() -> list[int]:
        raise error

    monkeypatch.setattr("psutil.pids", refuse)
    with cable(tmp_path) as wire:
        await (await Port.open(Settings(str(wire.device)))).close()
