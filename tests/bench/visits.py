"""Opening a long visit: from the key, or from the shell, to the page that shows its end."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from techtool.journal.store import Journal
from techtool.station.records import Direction, Kind, Record
from tests.bench.client import BOOT, heartbeat, meter_values
from tests.bench.program import Program
from tests.bench.starts import environment, free_port, techtool
from tests.bench.table import Row

RECORDS = 100_000
ROUNDS = 5
WANTED_MS = 1_000.0


def made(path: Path) -> None:
    """A visit of so many records, one in five a MeterValues of 20 samples."""
    began = time.time_ns() - RECORDS * 10_000_000
    with Journal.open(path) as journal:
        journal.begin_visit(version="0", title="long")

        def write(number: int, direction: Direction, kind: Kind, value: Any) -> None:
            at = number * 10_000_000
            journal.write(Record(number, 1, began + at, at, direction, kind, json.dumps(value).encode()))

        write(1, Direction.NOTE, Kind.OPENED, {"wire": "ocpp", "peer": "192.168.1.7:1", "local": "x"})
        linked = {"identity": "CP001", "protocol": "ocpp1.6", "offered": ["ocpp1.6"], "path": "/CP001"}
        write(2, Direction.NOTE, Kind.LINKED, linked)
        stamp = "2026-11-22T10:00:00Z"
        for number in range(3, RECORDS, 2):
            call = meter_values() if number % 5 == 1 else heartbeat()
            answer: dict[str, Any] = {} if call[0] == "MeterValues" else {"currentTime": stamp}
            if number == 3:
                call, answer = (
                    ("BootNotification", BOOT),
                    {"status": "Accepted", "currentTime": stamp, "interval": 300},
                )
            write(number, Direction.CHARGER, Kind.TEXT, [2, str(number), *call])
            write(number + 1, Direction.LAPTOP, Kind.TEXT, [3, str(number), answer])
            if not number % 9_999:
                journal.flush(20)
        journal.flush(20)
        journal.end_visit()


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal = folder / "journal.sqlite3"
        made(journal)
        shown = f"{RECORDS:,}"
        keys: list[float] = []
        shell: list[float] = []
        for _ in range(ROUNDS):
            listen = f"127.0.0.1:{free_port()}"
            command = [techtool(), "--listen", listen, "--journal", str(journal)]
            with Program(command, environment(folder), (160, 50)) as program:
                program.until("show as QR")
                program.answer_s("o", "Open a visit")
                program.press("\x1b[F\x1b[A")
                program.until(shown)  # the cursor is on it
                start = time.perf_counter()
                program.answer_s("\r", "replay")
                program.until(shown)
                keys.append(time.perf_counter() - start)
            command = [techtool(), "trace", "replay", "1", "--journal", str(journal)]
            with Program(command, environment(folder), (160, 50)) as program:
                shell.append(program.until(shown))
        opened, from_shell = (statistics.median(one) * 1e3 for one in (keys, shell))
        name = f"opening a visit of {RECORDS:,} records in the UI"
        yield Row(name, f"{opened:.0f} ms", "median", f"under {WANTED_MS:,.0f} ms", opened < WANTED_MS)
        yield Row("the same by `techtool trace replay`, from the shell", f"{from_shell:.0f} ms", "median")
