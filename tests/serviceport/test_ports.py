"""The ports of this laptop: their order, and who has them."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from techtool.interfaces import Holder
from techtool.serviceport.port import OpenError, Port, Settings
from techtool.serviceport.ports import PortSeen, in_order, look, users_of
from tests.serviceport.ptys import cable

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
    busy = PortSeen("/dev/ttyUSB0", user=Holder(4123, "minicom"), may_open=False)
    assert busy.trouble == "in use by another program (pid 4123, minicom)"
    assert "dialout" in (PortSeen("/dev/ttyUSB0", may_open=False).trouble or "")


def test_the_system_is_asked() -> None:
    assert all(one.device for one in look())


HOLD = "import fcntl,sys; f=open(sys.argv[1]); fcntl.flock(f,fcntl.LOCK_EX); print(1,flush=True); sys.stdin.read()"


@linux
async def test_a_busy_port_says_who_has_it(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        holder = await asyncio.create_subprocess_exec(
            sys.executable, "-c", HOLD, str(wire.device), stdin=PIPE, stdout=PIPE
        )
        assert holder.stdout is not None
        await holder.stdout.readline()
        user = users_of([str(wire.device)])[str(wire.device)]
        assert user.pid == holder.pid
        with pytest.raises(
            OpenError, match=rf"ttyUSB0 is in use by another program \(pid {user.pid}, {user.name}\)"
        ):
            await Port.open(Settings(str(wire.device)))
        await holder.communicate(b"")
