"""A process for each command that is tested, without the half second that its imports take.

They are forked from a server that has imported techtool already; where a system cannot fork, in a new interpreter.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

IMPORTED = (
    "techtool.cli.app",
    "techtool.cli.connect",
    "techtool.cli.printer",
    "techtool.csms.listener",
    "techtool.journal.reading",
    "techtool.journal.store",
    "techtool.serviceport.console.line",
    "techtool.serviceport.modbus.line",
    "techtool.serviceport.profiles.library",
    "techtool.serviceport.rapi.line",
    "techtool.session",
    "techtool.simulator.runner",
    "techtool.trace",
)


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def ran(words: Sequence[str], stdin: str, environment: Mapping[str, str], seconds: float) -> Ran:
    """What a command came to. Raises TimeoutError or subprocess.TimeoutExpired where it does not end."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        command = [sys.executable, "-m", "techtool", *words]
        done = subprocess.run(
            command, capture_output=True, text=True, input=stdin, env=environment, timeout=seconds, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(list(IMPORTED))
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder, name) for name in ("in", "out", "err"))
        given.write_text(stdin)
        process = server.Process(
            target=_run, args=(list(words), dict(environment), str(given), str(out), str(err))
        )
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(f"techtool {' '.join(words)} did not end: {out.read_text()} {err.read_text()}")
        return Ran(process.exitcode, out.read_text(), err.read_text())


def _run(words: list[str], environment: dict[str, str], *files: str) -> None:
    """In the new process: what a shell would have prepared, and then the command."""
    flags = (os.O_RDONLY, *(os.O_WRONLY | os.O_CREAT,) * 2)
    for number, (file, flag) in enumerate(zip(files, flags, strict=True)):
        os.dup2(os.open(file, flag, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  open as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["techtool", *words]
    from techtool.cli import main

    main()
