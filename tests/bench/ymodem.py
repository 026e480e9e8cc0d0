"""Images over YMODEM to rb of lrzsz, against its own sender on the same line in the same run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from techtool.serviceport.port import Port, Settings
from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ending
from techtool.serviceport.xymodem.transfer import send
from techtool.station.records import Direction
from tests.bench.table import Row

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 5
LARGE, SMALL = 1 << 20, 1 << 16
FAST_B_S = 92_160
"""What 921,600 baud carries."""
UART_B_S = 11_520
PAYLOAD = 1024 / 1029
LIMIT_S = 45.0
"""After which sb is not waited for any longer."""


class Line(NamedTuple):
    name: str
    size: int
    bytes_per_s: int = 0
    terminal: bool = False


class Taken(NamedTuple):
    """Seconds; the whole from the start of rb to the end of the sender, the data from block 1 to its last ACK."""

    whole: float
    data: float
    sent: bool


@contextlib.contextmanager
def receiver(line: Line, folder: Path) -> Iterator[str]:
    """rb at the far end; the name of the near one."""
    with contextlib.ExitStack() as stack:
        master, slave = pty.openpty()
        for end in (master, slave):
            tty.setraw(end)
            stack.callback(os.close, end)
        if line.terminal:
            far = os.dup(master)
        else:
            near, other = socket.socketpair()
            far = other.detach()
            relay = [
                sys.executable,
                "-m",
                "tests.bench.relay",
                str(master),
                str(near.fileno()),
                str(line.bytes_per_s),
            ]
            stack.enter_context(ended(subprocess.Popen(relay, pass_fds=(master, near.fileno()), cwd=ROOT)))
            near.close()
            time.sleep(0.3)
        quiet = subprocess.DEVNULL
        stack.enter_context(ended(subprocess.Popen(["rb"], stdin=far, stdout=far, stderr=quiet, cwd=folder)))
        os.close(far)
        yield os.ttyname(slave)


@contextlib.contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def ours(line: Line, image: Path, folder: Path) -> Taken:
    began = last = data = 0.0

    def passed(who: Direction, said: bytes) -> None:
        nonlocal began, last, data
        if who is Direction.CHARGER:
            last = time.perf_counter()
        elif not began and said[:2] in (b"\x01\x01", b"\x02\x01"):
            began = time.perf_counter()
        elif not data and said == b"\x04":
            data = last - began

    with receiver(line, folder) as device:
        start = time.perf_counter()
        port = await Port.open(Settings(device))
        try:
            result = await send(port, [Image.of(image.name, image.read_bytes())], passed=passed)
        finally:
            await port.close()
        return Taken(time.perf_counter() - start, data, result.ending is Ending.SENT)


def theirs(line: Line, image: Path, folder: Path) -> Taken:
    with receiver(line, folder) as device:
        start = time.perf_counter()
        with Path(device).open("r+b", buffering=0) as end:
            command = ["sb", "-k", str(image)]
            process = subprocess.Popen(command, stdin=end, stdout=end, stderr=subprocess.DEVNULL)
            with ended(process), contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(LIMIT_S)
            return Taken(time.perf_counter() - start, 0.0, process.returncode == 0)


def measured(line: Line) -> tuple[list[Taken], list[Taken]]:
    """Ours and theirs, in turns. What rb wrote is what was sent, or this fails."""
    found: tuple[list[Taken], list[Taken]] = ([], [])
    for number in range(ROUNDS if not line.terminal else 2):
        for takes in found:
            with tempfile.TemporaryDirectory() as name:
                image = Path(name, "fw.bin")
                image.write_bytes(random.Random(number).randbytes(line.size))
                folder = Path(name, "received")
                folder.mkdir()
                mine = takes is found[0]
                taken = asyncio.run(ours(line, image, folder)) if mine else theirs(line, image, folder)
                same = Path(folder, image.name).read_bytes() == image.read_bytes()
                assert same or not taken.sent, "acknowledged, and not what was sent"
                takes.append(taken)
    return found


def rows() -> Iterator[Row]:
    if not (shutil.which("rb") and shutil.which("sb")):
        yield Row("YMODEM to rb", "lrzsz is not installed", "")
        return
    lines = (
        Line("no limit, rb on a socket", LARGE),
        Line("no limit, rb on the pseudo terminal", LARGE, terminal=True),
        Line("115,200 baud", SMALL, UART_B_S),
    )
    for line in lines:
        mine, other = measured(line)
        rate = statistics.median(line.size / one.data for one in mine)
        limit = UART_B_S * PAYLOAD if line.bytes_per_s else FAST_B_S
        wanted = 0.97 if line.bytes_per_s else 5.0
        what = "of what the line carries" if line.bytes_per_s else "x 921,600 baud"
        value = f"{rate:,.0f} B/s"
        name = f"YMODEM to rb, {line.size // 1024} KiB, {line.name}"
        yield Row(
            f"{name}: data", value, f"{rate / limit:.3f} {what}", f"at least {wanted}", rate / limit >= wanted
        )
        whole, base = (statistics.median(one.whole for one in takes) for takes in (mine, other))
        over = " at least" if base >= LIMIT_S else ""
        counts = " and ".join(f"{sum(one.sent for one in takes)} of {len(takes)}" for takes in (mine, other))
        ratio = f"{whole / base:.2f} x `sb -k` ({base:.2f} s{over}); {counts} sent"
        # on a terminal rb flushes its input after each answer, and wants a moment for it; on a socket it does not
        good = whole <= base if line.terminal else None
        yield Row(f"{name}: whole", f"{whole:.2f} s", ratio, "at most 1" if line.terminal else "", good)
