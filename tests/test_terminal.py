"""Once end to end: the UI in a real terminal, a charger in another process, keys, and eyes on the screen."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from techtool.journal.reading import Archive

pytestmark = [
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
    pytest.mark.timeout(120),
]


class Terminal:
    """A tmux session with one program in it."""

    def __init__(self, name: str, command: list[str], size: tuple[int, int], state: Path) -> None:
        self.name = name
        # a server of its own: nobody else's sessions, nobody else's settings
        self._tmux("-f", "/dev/null", "new-session", "-d", "-s", name, "-x", str(size[0]), "-y", str(size[1]),
                   "-e", f"XDG_STATE_HOME={state}", shlex.join(command))  # fmt: skip

    def _tmux(self, *words: str) -> str:
        ran = subprocess.run(["tmux", "-L", self.name, *words], capture_output=True, text=True, check=False)
        return ran.stdout

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", "-t", self.name, *keys)

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", self.name)

    @property
    def runs(self) -> bool:
        return bool(self._tmux("list-sessions"))

    def wait_for(self, text: str, seconds: float = 30.0) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.screen
            if text in screen:
                return screen
            time.sleep(0.05)
        raise AssertionError(f"never showed {text!r}:\n{self.screen}")

    def wait_until_gone(self, seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while self.runs:
            assert time.monotonic() < end, f"still there:\n{self.screen}"
            time.sleep(0.05)

    def kill(self) -> None:
        self._tmux("kill-server")


@contextlib.contextmanager
def terminal(command: list[str], size: tuple[int, int], state: Path) -> Iterator[Terminal]:
    opened = Terminal(f"techtool-{os.getpid()}-{size[0]}", command, size, state)
    try:
        yield opened
    finally:
        opened.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_a_charger_in_another_process_is_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    journal, port = tmp_path / "journal.sqlite3", free_port()
    techtool = [sys.executable, "-m", "techtool"]
    with terminal(
        [*techtool, "--listen", f"127.0.0.1:{port}", "--journal", str(journal)], size, tmp_path
    ) as screen:
        screen.wait_for("Waiting for a charger")
        screen.wait_for(f"listening on {port}")
        charger = subprocess.Popen(
            [*techtool, "simulate", "ocpp", f"ws://127.0.0.1:{port}/", "--id", "BOX-7"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert charger.stdin is not None
        try:
            screen.wait_for("BOX-7")
            screen.press("2")
            screen.wait_for("Available")
            charger.stdin.write("plug 1\ntap 04A1B2C3\n")
            charger.stdin.flush()
            screen.wait_for("Charging")
            charger.stdin.write("fault 2 GroundFailure\n")
            charger.stdin.flush()
            shown = screen.wait_for("GroundFailure")
            assert "!!" in shown
            screen.press("6")
            screen.wait_for("StartTransaction")
            screen.press("/")
            screen.wait_for("words, action:")
            screen.press("-l", "StartTransaction")
            screen.wait_for(" of ")
            screen.press("Enter")
            charger.stdin.write("quit\n")
            charger.stdin.flush()
            assert charger.wait(20) == 0
            screen.press("F2", "q")
            screen.wait_until_gone()
        finally:
            charger.kill()
            charger.communicate()
    with Archive(journal) as archive:
        visit = archive.latest()
        assert visit.identities == ("BOX-7",) and visit.ended is not None
        assert any(b"StartTransaction" in record.data for record in archive.records(visit.id))
    if sys.platform == "linux":  # elsewhere it stands in another folder
        assert (tmp_path / "techtool" / "theme").read_text().strip() == "ansi", "the next start looks the same"
