"""A boot loader with a prompt, whose ``loady`` takes a file."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable
from tests.serviceport.xymodem.receivers import Receiver

PROFILE = """
schema = 1
id = "my-loader"
name = "A boot loader"
transport = "console"
source = "this test"

[line]
baud = 115200
format = "8N1"

[console]
prompt = '^=> ?$'
echo = "on"

[firmware]
send = "loady\\r"
protocol = "ymodem"
done = '^## Total Size'

[cannot]
status = "A boot loader does not charge."
config = "It has no settings here."
auth = "It releases nothing."
logs = "It has none."
reboot = "Not from here."
"""
GOODBYE = b"\x01\x00\xff" + bytes(128)


class Loader(Far):
    """``says`` is what it says at the end of a file; ``cancels_at`` the blocks after which it has enough.

    Where it ``leaves`` it answers no goodbye: ``left`` is set when that came.
    """

    def __init__(self, wire: Cable, says: bytes = b"## Total Size      = 0x00001388\r\n") -> None:
        super().__init__(wire)
        self.says = says
        self.cancels_at: int | None = None
        self.leaves, self.left = False, asyncio.Event()
        self.took: dict[str, bytes] = {}
        self.lines: list[bytes] = []
        self.heard = b""
        """The last of what came."""
        self._typed = b""
        self._blocks = 0
        self._receiver: Receiver | None = None

    def received(self, data: bytes) -> bytes:
        self.heard = (self.heard + data)[-4000:]
        if self.leaves and data.startswith(GOODBYE):
            self.left.set()
            return b""
        if self._receiver is not None:
            self._blocks += 1
            if self.cancels_at is not None and self._blocks > self.cancels_at:
                self._receiver = None
                return b"\x18\x18\r\n=> "
            self._receiver.heard(data, asyncio.get_running_loop().time())
            return self._said()
        self._typed += data
        if not self._typed.endswith(b"\r"):
            return b""
        line, self._typed = self._typed, b""
        self.lines.append(line)
        if line.startswith(b"load"):
            self._receiver = Receiver()
            return line + b"\n## Ready for binary (ymodem) download to 0x82000000 at 115200 bps...\r\n"
        return line + b"\n=> "

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout_at(self._receiver.deadline if self._receiver is not None else None):
                    data = await self.wire.hear()
            except TimeoutError:
                assert self._receiver is not None
                self._receiver.tick(loop.time())
                said = self._said()
            else:
                said = self.received(data)
            if said:
                self.carry(said)

    def _said(self) -> bytes:
        assert self._receiver is not None
        said, self._receiver.out = self._receiver.out, b""
        if self._receiver.gave_up:
            self._receiver = None
            said += b"\r\n=> "
        elif self._receiver.done:
            self.took, self._receiver = self._receiver.files, None
            said += self.says + b"=> "
        return said


def loader(
    wire: Cable, says: bytes = b"## Total Size      = 0x00001388\r\n"
) -> AbstractAsyncContextManager[Loader]:
    return Loader(wire, says).alive()


def profile_at(folder: Path) -> str:
    """The file that a technician would write for it."""
    file = folder / "my-loader.toml"
    file.write_text(PROFILE)
    return str(file)
