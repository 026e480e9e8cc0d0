"""How fast it starts: the version, the first frame, the listening socket; against the smallest such programs."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.program import Program
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
MARK = "Waiting for a charger"
DEFAULT_PORT = 9000
"""What `techtool` alone listens on: it must be free while this runs."""


def environment(folder: Path) -> dict[str, str]:
    """A user who starts these programs every day: compiled modules are there, for everybody's in the same way."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONDONTWRITEBYTECODE", "XDG_DATA_HOME", "XDG_STATE_HOME") and "TECHTOOL_" not in name
    }
    return {**kept, "HOME": str(folder / "home"), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def run_s(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment(folder))
    return time.perf_counter() - start


def frame_s(command: list[str], folder: Path, port: int | None = None) -> tuple[float, float | None]:
    """Seconds to the first frame with the mark, on a pseudo terminal; and from there to the open port."""
    with Program(command, environment(folder)) as program:
        first = program.until(MARK)
        if port is None:
            return first, None
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return first, time.perf_counter() - program.began - first
            time.sleep(0.002)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def techtool() -> str:
    """The program as it is installed."""
    found = shutil.which("techtool", path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit("techtool is not installed beside this Python")
    return found


def rows() -> Iterator[Row]:
    program = techtool()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("small_typer.py").write_text(TYPER)
        folder.joinpath("small_textual.py").write_text(TEXTUAL)
        small_typer = [sys.executable, str(folder / "small_typer.py"), "--version"]
        small_textual = [sys.executable, str(folder / "small_textual.py")]
        port = free_port()
        options = ["--listen", f"127.0.0.1:{port}", "--journal", str(folder / "journal.sqlite3")]
        run_s([program, "--version"], folder)
        run_s(small_typer, folder)
        frame_s(small_textual, folder)
        frame_s([program], folder, DEFAULT_PORT)
        frame_s([program, *options], folder, port)
        versions: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            versions.append((run_s([program, "--version"], folder), run_s(small_typer, folder)))
        yield _row("techtool --version", versions, "the smallest Typer program", 1.5)
        frames: list[tuple[float, float]] = []
        with_options: list[tuple[float, float]] = []
        ports: list[float] = []
        for _ in range(ROUNDS):
            small, _ = frame_s(small_textual, folder)
            ours, open_after = frame_s([program], folder, DEFAULT_PORT)
            frames.append((ours, small))
            ports.append(open_after or 0.0)
            ours, _ = frame_s([program, *options], folder, port)
            with_options.append((ours, small))
        yield _row("first frame of the UI", frames, "the smallest Textual app", 1.6)
        yield _row("the same with options given", with_options, "the same", 1.6)
        later = statistics.median(ports) * 1e3
        yield Row("listening, after the first frame", f"{later:.0f} ms", "median", "at most 250 ms", later <= 250)


def _row(what: str, pairs: list[tuple[float, float]], other: str, wanted: float) -> Row:
    ratio = statistics.median(ours / small for ours, small in pairs)
    ours = statistics.median(ours for ours, _ in pairs) * 1e3
    return Row(what, f"{ours:.0f} ms", f"{ratio:.2f} x {other}", f"at most {wanted}", ratio <= wanted)
