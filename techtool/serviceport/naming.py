"""What may be the name of a port. Without pyserial, so that options are checked at once."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.parse import urlsplit

NETWORKED = frozenset({"socket", "rfc2217"})
"""Forms of a port that another machine gives out."""
KNOWN = NETWORKED | {"alt", "cp2110", "hwgrep", "loop", "spy"}
"""Forms that pyserial has."""
LAST_PORT = 65_535
THERE = "`techtool ports` lists those that are there."


def never(device: str) -> str | None:
    """Why no port can have this name, and what to write instead; None where one may, now or later.

    A name that is not there may come with the next cable; a file or a directory does not become a port.
    """
    if not device.strip():
        return f"The name of the port is empty: {THERE}"
    scheme, sign, _ = device.partition("://")
    if sign:
        return _no_url(device, scheme.lower())
    try:
        mode = Path(device).stat().st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISCHR(mode):
        return None
    what = "an ordinary file" if stat.S_ISREG(mode) else "a directory" if stat.S_ISDIR(mode) else "something else"
    return f"{device} is {what}, no serial port: {THERE}"


def _no_url(device: str, scheme: str) -> str | None:
    if scheme not in KNOWN:
        return f"{device} is no serial port, and no socket://HOST:PORT of a serial server: {THERE}"
    if scheme not in NETWORKED:
        return None
    instead = f"write {scheme}://HOST:PORT, like {scheme}://192.168.1.20:4001."
    try:
        parts = urlsplit(device)
        host, port = parts.hostname, parts.port
    except ValueError:
        return f"The port number of {device} is none from 1 to {LAST_PORT:,}: {instead}"
    if not host:
        return f"{device} names no host: {instead}"
    if port is None:
        return f"{device} names no port number: {instead}"
    return None if port else f"The port number of {device} is none from 1 to {LAST_PORT:,}: {instead}"
