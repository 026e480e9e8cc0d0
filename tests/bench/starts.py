"""How fast it starts: the version, the first frame, the listening socket; against the smallest such programs."""

from __future__ import annotations

import os
import pty
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.table import Row

ROUNDS = 9
TYPER = """
import typer
from typing import Annotated
app = typer.Typer()
def say(wanted: bool):
    if wanted:
        typer.echo("small 1.0")
        raise typer.Exit
@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", callback=say, is_eager=True)] = False): ...
app()
"""
TEXTUAL = """
from textual.app import App
from textual.widgets import Static
class Small(App):
    def compose(self):
        yield Static("Waiting for a charger")
Small().run()
"""
MARK = b"Waiting for a charger"


def run_s(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def frame_s(command: list[str], port: int | None = None) -> tuple[float, float | None]:
    """Seconds to the first frame with the mark, on a pseudo terminal; and from there to the open port."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    try:
        seen = b""
        while MARK not in seen:
            ready, _, _ = select.select([master], [], [], 20)
            if not ready:
                raise TimeoutError(f"{command[0]} drew no first frame")
            seen = (seen + os.read(master, 65_536))[-65_536:]
        first = time.perf_counter() - start
        if port is None:
            return first, None
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return first, time.perf_counter() - start - first
            if select.select([master], [], [], 0.002)[0]:
                os.read(master, 65_536)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def rows() -> Iterator[Row]:
    techtool = shutil.which("techtool", path=str(Path(sys.executable).parent))
    if techtool is None:
        raise SystemExit("techtool is not installed beside this Python")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("small_typer.py").write_text(TYPER)
        folder.joinpath("small_textual.py").write_text(TEXTUAL)
        versions: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            ours = run_s([techtool, "--version"])
            versions.append((ours, run_s([sys.executable, str(folder / "small_typer.py"), "--version"])))
        yield _row("techtool --version", versions, "the smallest Typer program", 1.5)
        frames: list[tuple[float, float]] = []
        ports: list[float] = []
        for number in range(ROUNDS):
            port = free_port()
            journal = str(folder / f"j{number}.sqlite3")
            ours, open_after = frame_s([techtool, "--listen", f"127.0.0.1:{port}", "--journal", journal], port)
            small, _ = frame_s([sys.executable, str(folder / "small_textual.py")])
            frames.append((ours, small))
            ports.append(open_after or 0.0)
        yield _row("first frame of the UI", frames, "the smallest Textual app", 1.6)
        later = statistics.median(ports) * 1e3
        yield Row("listening, after the first frame", f"{later:.0f} ms", "median", "at most 250 ms", later <= 250)


def _row(what: str, pairs: list[tuple[float, float]], other: str, wanted: float) -> Row:
    ratio = statistics.median(ours / small for ours, small in pairs)
    ours = statistics.median(ours for ours, _ in pairs) * 1e3
    return Row(what, f"{ours:.0f} ms", f"{ratio:.2f} x {other}", f"at most {wanted}", ratio <= wanted)
