"""The serial ports that this laptop has now: what they are, and who has them open.

What decides is pure and works on values; :func:`look` asks the system, which takes a moment.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
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
    users: tuple[Holder, ...] = ()
    """The other programs that have it open."""

    @property
    def trouble(self) -> str | None:
        """Why it cannot be opened."""
        if self.users:
            return in_use(self.users)
        return None if self.may_open else f"may not be opened by you. {DIALOUT}"


def in_use(users: Sequence[Holder]) -> str:
    """By whom, where that is known."""
    if not users:
        return "in use by another program"
    first, *others = users
    more = f", and {len(others)} more" if others else ""
    return f"in use by another program (pid {first.pid}, {first.name}{more})"


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
    return in_order(one._replace(users=users.get(one.device, ())) for one in found)


def users_of(devices: Iterable[str]) -> dict[str, tuple[Holder, ...]]:
    """Which other programs have these devices open, as far as Linux tells this user; the oldest first.

    Every port is opened after a look at this, so it must be quick.
    """
    there = (device for device in devices if os.path.exists(device))  # noqa: PTH110  Path's may raise
    wanted = {os.path.realpath(device): device for device in there}
    if sys.platform != "linux" or not wanted:
        return {}
    users: dict[str, tuple[Holder, ...]] = {}
    for pid in _others():
        opened = _opened(pid)
        has_ends = any(path.endswith("/ptmx") for path in opened)
        for path in wanted.keys() & opened:
            # who makes a pseudo terminal is its other end, and often keeps this one open, too
            if not (has_ends and path.startswith("/dev/pts/")) and (name := _name(pid)) is not None:
                users[wanted[path]] = (*users.get(wanted[path], ()), Holder(pid, name))
    return users


def _others() -> list[int]:
    try:
        return [pid for pid in psutil.pids() if pid != os.getpid()]
    except (OSError, psutil.Error):
        return []


def _opened(pid: int) -> set[str]:
    """Nothing of a process that is gone, or another user's."""
    opened = set[str]()
    with contextlib.suppress(OSError), os.scandir(f"/proc/{pid}/fd") as files:
        for one in files:
            with contextlib.suppress(OSError):
                opened.add(os.readlink(one.path))  # noqa: PTH115  a Path for each takes three times as long
    return opened


def _name(pid: int) -> str | None:
    """None where it is gone meanwhile."""
    try:
        return psutil.Process(pid).name() or "?"
    except psutil.Error:
        return None


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
