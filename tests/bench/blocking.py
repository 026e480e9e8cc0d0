"""How long one frame keeps the event loop: the engine's own work for a NotifyReport of 100 variables."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from techtool.journal.store import Journal
from techtool.session import Session
from tests.bench.client import framed
from tests.bench.table import Row

WANTED_MS = 5.0
FRAMES = 200
UPGRADE = (
    b"GET /BENCH HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n"
)


class Sink(asyncio.Transport):
    """A socket that takes everything at once."""

    def write(self, data: Any) -> None:
        pass

    def write_eof(self) -> None:
        pass

    def close(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def is_closing(self) -> bool:
        return False

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name.endswith("name") else default


def report(number: int) -> bytes:
    """100 variables, as full as the standard lets them be filled."""
    data = [
        {
            "component": {"name": f"Component{one}", "instance": "main", "evse": {"id": 1, "connectorId": 1}},
            "variable": {"name": f"Variable{one}", "instance": "x"},
            "variableAttribute": [
                {"type": "Actual", "value": str(one), "mutability": "ReadWrite", "persistent": True}
            ],
            "variableCharacteristics": {
                "unit": "A",
                "dataType": "decimal",
                "minLimit": 0,
                "maxLimit": 100,
                "supportsMonitoring": True,
            },
        }
        for one in range(100)
    ]
    payload = {
        "requestId": 1,
        "generatedAt": "2026-11-22T10:00:00Z",
        "seqNo": number,
        "tbc": True,
        "reportData": data,
    }
    return framed(json.dumps([2, f"r{number}", "NotifyReport", payload]))


async def _took() -> list[float]:
    from techtool.csms.line import Line

    took = []
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "j.sqlite3") as journal:
        session = Session(journal)
        line = Line(session)
        line.connection_made(Sink())
        line.data_received(UPGRADE)
        await session.warm()
        for number in range(FRAMES):
            data = report(number)
            start = time.perf_counter()
            line.data_received(data)
            took.append((time.perf_counter() - start) * 1e3)
            await asyncio.sleep(0)
        line.connection_lost(None)
    return took


def rows() -> Iterator[Row]:
    took = asyncio.run(_took())
    median, first, worst = statistics.median(took), took[0], max(took[1:])
    wanted = f"at most {WANTED_MS:.0f} ms"
    yield Row(
        "event loop kept by a NotifyReport of 100 variables",
        f"{median:.1f} ms",
        "median",
        wanted,
        median <= WANTED_MS,
    )
    yield Row("the same, the first one (schema compiled)", f"{first:.1f} ms", "once", wanted, first <= WANTED_MS)
    yield Row(f"the same, the worst of {FRAMES}", f"{worst:.1f} ms", "worst")
