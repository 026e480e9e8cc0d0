"""lrzsz as the receiver, and the wire to it with whatever faults a test wants.

Our end is a pseudo terminal, as a serial port is. rb has a socket at its end, unless a test wants otherwise: on a
terminal it throws away what it has not read yet after each answer, and its last answer when it ends. The time that
bytes take on a UART hides both.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from techtool.serviceport.port import Port, Settings
from tests.serviceport.ptys import cable

needs_lrzsz = pytest.mark.skipif(
    os.name != "posix" or not (shutil.which("rb") and shutil.which("rx")),
    reason="needs pseudo terminals, and rb and rx of lrzsz",
)
Change = Callable[[bytes], bytes]


def unchanged(data: bytes) -> bytes:
    return data


class Peer:
    """A receiver that runs, and the port that it is reached by."""

    def __init__(self, process: asyncio.subprocess.Process, port: Port, folder: Path) -> None:
        self.process, self.port, self.folder = process, port, folder

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


def ends(terminal: bool) -> tuple[int, int]:
    """Our end of what leads to the receiver, and its own."""
    if not terminal:
        near, far = socket.socketpair()
        return near.detach(), far.detach()
    import pty
    import tty

    master, slave = pty.openpty()
    tty.setraw(slave)
    return master, slave


@asynccontextmanager
async def peer(
    folder: Path, *command: str, ours: Change = unchanged, theirs: Change = unchanged, terminal: bool = False
) -> AsyncIterator[Peer]:
    """Run it in a new folder. ``ours`` changes what we send, ``theirs`` what it answers."""
    loop = asyncio.get_running_loop()
    received = folder / "received"
    received.mkdir()
    with cable(folder) as wire:
        near, far = ends(terminal)

        def to_peer() -> None:
            data = ours(os.read(wire.master, 4096))
            with suppress(OSError):  # it has ended
                os.write(near, data)

        def to_us() -> None:
            data = b""
            with suppress(OSError):
                data = os.read(near, 4096)
            if not data:
                loop.remove_reader(near)
            elif changed := theirs(data):
                wire.say(changed)

        port = await Port.open(Settings(str(wire.device)))
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*command, stdin=far, stdout=far, stderr=quiet, cwd=received)
        os.close(far)
        loop.add_reader(wire.master, to_peer)
        loop.add_reader(near, to_us)
        try:
            yield Peer(process, port, received)
        finally:
            await port.close()
            loop.remove_reader(near)
            loop.remove_reader(wire.master)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            os.close(near)
