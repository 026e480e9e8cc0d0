"""The format of a serial line, where the port may be no real one."""

from __future__ import annotations

import os
import sys


def format_there(device: str, wanted: str, instead: str | None = None) -> str:
    """Data bits, parity and stop bits; a pseudo terminal, which stands in for a port, knows no parity."""
    real = os.path.realpath(device)
    terminal = real.startswith("/dev/pts/") or (sys.platform == "darwin" and real.startswith("/dev/ttys"))
    return (instead or "8N1") if terminal else wanted
