"""The serial ports that this laptop has now: what they are, and who has them open.

What decides is pure and works on values; :func:`look` asks the system, which takes a moment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import psutil
from serial.tools import list_ports

from techtool.interfaces import Holder

BY_ID = Path("/dev/serial/by-id")
"""Names that stay the same wherever an adapter is plugged in. Linux alone has them."""
DIALOUT = "On Linux be in the group dialout: sudo usermod -aG dialout $USER, then log in again."


class PortSeen(NamedTuple):
    """A port as the system tells it."""

    device: str
    """What to open: ``/dev/ttyUSB0``, ``COM3``."""
    description: str | None = None
    maker: str | None = None
    serial_number: str | None = None
    """The adapter's."""
    usb: str | None = None
    """Vendor and product, ``0403:6001``."""
    by_id: str | None = None
    """A name that stays the same."""
    since: float | None = None
    """When it came, seconds since 1970; None where the system does not tell."""
    may_open: bool = True
    user: Holder | None = None

    @property
    def trouble(self) -> str | None:
        """Why it cannot be opened."""
        if self.user is not None:
            return f"in use by another program (pid {self.user.pid}, {self.user.name})"
        return None if self.may_open else f"may not be opened by you. {DIALOUT}"


def in_order(ports: Iterable[PortSeen]) -> list[PortSeen]:
    """The newest first: it is the one that was just plugged in. Built-in ports of a PC come last."""
    return sorted(ports, key=lambda one: (one.usb is None, -(one.since or 0.0), one.device))


def look() -> list[PortSeen]:
    """What is there now. Blocks for some milliseconds, longer where many programs run."""
    names = _by_id()
    found = [
        PortSeen(
            one.device,
            _known(one.description),
            _known(one.manufacturer),
            _known(one.serial_number),
            f"{one.vid:04x}:{one.pid:04x}" if one.vid is not None and one.pid is not None else None,
            names.get(os.path.realpath(one.device)),
            _since(one.device),
            _may_open(one.device),
        )
        for one in list_ports.comports()
    ]
    users = users_of([one.device for one in found])
    return in_order(one._replace(user=users.get(one.device)) for one in found)


def users_of(devices: Iterable[str]) -> dict[str, Holder]:
    """Which other programs have these devices open, as far as Linux tells this user."""
    devices = list(devices)
    if sys.platform != "linux" or not devices:
        return {}
    wanted = {os.path.realpath(device): device for device in devices}
    users: dict[str, Holder] = {}
    for process in psutil.process_iter(["name"]):
        if process.pid == os.getpid():
            continue
        try:
            opened = [str(one.readlink()) for one in Path(f"/proc/{process.pid}/fd").iterdir()]
        except OSError:
            continue  # it has gone, or is another user's
        for path in opened:
            if path in wanted:
                users[wanted[path]] = Holder(process.pid, process.info["name"] or "?")
    return users


def _by_id() -> dict[str, str]:
    try:
        return {os.path.realpath(one): str(one) for one in BY_ID.iterdir()}
    except OSError:
        return {}


def _known(text: str | None) -> str | None:
    return text if text and text != "n/a" else None


def _since(device: str) -> float | None:
    try:
        return Path(device).stat().st_ctime
    except OSError:
        return None


def _may_open(device: str) -> bool:
    return sys.platform == "win32" or os.access(device, os.R_OK | os.W_OK)
