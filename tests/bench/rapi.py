"""Round trips at an OpenEVSE's service port, against a loop that only writes and reads, at the same device."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import serial

from techtool.journal.store import Journal
from techtool.serviceport.port import Settings
from techtool.serviceport.rapi.frames import Frame, encode
from techtool.session import Session
from techtool.station.records import Direction, Kind
from tests.bench.table import Row

ROUNDS = 5
SECONDS = 6.0
WANTED = 0.95


@contextlib.contextmanager
def openevse(folder: Path) -> Iterator[Path]:
    """The simulated charger on a pty, with the timing of the recorded firmware."""
    device = folder / "ttyEVSE"
    words = [sys.executable, "-m", "techtool", "simulate", "openevse", "--link", str(device)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
    try:
        while not device.exists():
            time.sleep(0.05)
        with serial.Serial(str(device), 115_200, timeout=0.5) as port:
            while not port.read_until(b"\r").startswith(b"$OK"):  # it starts up for two seconds
                port.write(encode(Frame("GS", sequence="01")))
        yield device
    finally:
        process.terminate()
        process.communicate()


def bare(device: Path) -> float:
    """Write, read to the end of the line, again; how many a second."""
    question = encode(Frame("GS", sequence="01"))
    with serial.Serial(str(device), 115_200, timeout=2, exclusive=True) as port:
        count, end = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            port.write(question)
            if not port.read_until(b"\r"):
                raise RuntimeError("the simulated charger does not answer")
            count += 1
    return count / SECONDS


async def ours(device: Path, journal: Path) -> float:
    """The same over a session: port, driver, journal and picture. Its own questions count, too."""
    with Journal.open(journal) as kept:
        session = Session(kept)
        async with asyncio.TaskGroup() as group:
            plug = group.create_task(session.plug(Settings(str(device))))
            while session.serial is None or not session.serial.heard:
                await asyncio.sleep(0.05)
            first = session.tape.last
            end = time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                await session.call("GS", [])
            answers = sum(
                one.direction is Direction.CHARGER and one.kind is Kind.RAPI and one.data.startswith(b"$OK")
                for one in session.tape.since(first)
            )
            plug.cancel()
        await session.close()
    return answers / SECONDS


def rows() -> Iterator[Row]:
    """In turns, so that both have the same weather."""
    loops: list[float] = []
    calls: list[float] = []
    with tempfile.TemporaryDirectory() as folder, openevse(Path(folder)) as device:
        for number in range(ROUNDS):
            loops.append(bare(device))
            calls.append(asyncio.run(ours(device, Path(folder) / f"{number}.sqlite3")))
    ratio = statistics.median(one / other for one, other in zip(calls, loops, strict=True))
    yield Row("RAPI round trips, bare loop", f"{statistics.median(loops):.1f}/s", "1.00")
    yield Row(
        "RAPI round trips, techtool",
        f"{statistics.median(calls):.1f}/s",
        f"{ratio:.2f} of the bare loop",
        f"at least {WANTED}",
        ratio >= WANTED,
    )
