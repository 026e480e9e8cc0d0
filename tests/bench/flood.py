"""A minute of 1,000 messages a second with the Trace page open, in a terminal: nothing lost, keys answered."""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from techtool.journal.reading import Archive
from techtool.station.records import Direction, Kind
from tests.bench.bystander import Bystander
from tests.bench.client import BOOT, RawCharger, framed, heartbeat, meter_values
from tests.bench.program import Program
from tests.bench.starts import environment, free_port, techtool
from tests.bench.table import Row

SECONDS = 60
PER_SECOND = 1_000
BURST = 10
"""Messages that go out together, every 10 ms."""
WANTED_MS = 100.0
KEY_EVERY_S = 0.5


class Flood:
    """A charger that sends without waiting, one MeterValues of 20 samples among nine Heartbeats."""

    def __init__(self, port: int) -> None:
        self.charger = RawCharger(port)
        self.charger.exchange("boot", "BootNotification", BOOT)
        self.answers = 0
        self.done = threading.Event()
        self._threads = [threading.Thread(target=self._send), threading.Thread(target=self._receive)]

    def begin(self) -> None:
        for one in self._threads:
            one.start()

    def end(self) -> None:
        for one in self._threads:
            one.join()
        self.charger.close()

    def _send(self) -> None:
        began = time.perf_counter()
        for burst in range(SECONDS * PER_SECOND // BURST):
            calls = [meter_values() if not number else heartbeat() for number in range(BURST)]
            frames = (framed(json.dumps([2, f"{burst}-{n}", *call])) for n, call in enumerate(calls))
            self.charger.socket.sendall(b"".join(frames))
            time.sleep(max(0.0, began + (burst + 1) * BURST / PER_SECOND - time.perf_counter()))

    def _receive(self) -> None:
        while self.answers < SECONDS * PER_SECOND:
            if json.loads(self.charger.message())[0] == 3:
                self.answers += 1
        self.done.set()


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal, port = folder / "journal.sqlite3", free_port()
        command = [techtool(), "--listen", f"127.0.0.1:{port}", "--journal", str(journal)]
        took: list[float] = []
        with Program(command, environment(folder), (160, 50)) as program:
            program.until("show as QR")
            flood = Flood(port)
            program.answer_s("6", "follow")
            with Bystander() as bystander:
                flood.begin()
                while not flood.done.wait(KEY_EVERY_S):
                    took += [program.answer_s(" ", "PAUSED"), program.answer_s(" ", "follow")]
                flood.end()
            program.until("hung up")
            program.press("q")
            program.process.wait(20)
        with Archive(journal) as archive:
            records = list(archive.records(archive.latest().id))
        kept = sum(one.kind is Kind.TEXT and one.direction is Direction.CHARGER for one in records)
    sent = SECONDS * PER_SECOND + 1
    worst = max(took) * 1e3
    yield Row(
        f"{PER_SECOND:,} messages a second for {SECONDS} s, Trace page open: kept",
        f"{kept:,} of {sent:,}",
        f"{flood.answers:,} answered",
        "all",
        kept == sent and flood.answers == sent - 1,
    )
    yield Row(f"the same: {len(took)} keys answered", f"{statistics.median(took) * 1e3:.0f} ms", "median")
    yield Row(
        "the same: the slowest key", f"{worst:.0f} ms", "worst", f"at most {WANTED_MS:.0f} ms", worst <= WANTED_MS
    )
    yield Row(
        "meanwhile, a program that only waits", f"{bystander.kept_s * 1e3:.0f} ms", "the longest it was kept"
    )
