"""Round trips of one charger, against the smallest server there can be and against other back offices."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench import servers
from tests.bench.client import heartbeat, measure, meter_values
from tests.bench.table import Row

HERE = Path(__file__).parent
ROUNDS = 7
COUNT = 1500
WANTED = {"Heartbeat": 0.7, "MeterValues": 0.5}


def commands(journal: Path) -> dict[str, list[str]]:
    found = {name: [sys.executable, "-m", "tests.bench.servers", name, str(journal)] for name in servers.SERVERS}
    node = shutil.which("node")
    if node and HERE.parent.joinpath("peers", "node_modules", "ocpp-rpc").is_dir():
        found["ocpp-rpc strict"] = [node, str(HERE / "rpc_server.cjs")]
    return found


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent.parent)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


def rows() -> Iterator[Row]:
    """A row per message and back office. The servers take turns, so that all have the same weather."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports = {
            name: stack.enter_context(running(command))
            for name, command in commands(folder / "journal.sqlite3").items()
        }
        for action, payload in (heartbeat(), meter_values()):
            rates: dict[str, list[float]] = {name: [] for name in ports}
            for _ in range(ROUNDS):
                for name, port in ports.items():
                    rates[name].append(measure(port, action, payload, COUNT).per_second)
            base = rates["echo"]
            for name, found in rates.items():
                ratio = statistics.median(one / other for one, other in zip(found, base, strict=True))
                wanted = WANTED[action] if name == "techtool" else None
                yield Row(
                    f"{action}, {name}",
                    f"{statistics.median(found):,.0f}/s",
                    f"{ratio:.2f} of echo",
                    f"at least {wanted}" if wanted else "",
                    None if wanted is None else ratio >= wanted,
                )
