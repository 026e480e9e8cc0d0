"""Firmware updates and log uploads as they look on the wire. Nothing is fetched and nothing is sent:

the steps are announced as SAP's and cp-simulator announce them, whatever the server says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from techtool.simulator.charger import Charger

_SCHEMES = ("http", "https", "ftp", "ftps", "sftp")
_VERSION = re.compile(r"\d+(?:\.\d+)+")


def is_address(location: str) -> bool:
    """Whether the charger would know how to fetch from there."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc)


def version_in(location: str, present: str) -> str:
    """The firmware version that a file name tells, else the present one."""
    found = _VERSION.search(location.rpartition("/")[2])
    return found[0][:50] if found else present


def steps(charger: Charger, key: str, delays: Sequence[tuple[float, Callable[[], None]]]) -> None:
    """Do one after the other, each so many seconds after the one before; a new run replaces the old."""

    def run(rest: Sequence[tuple[float, Callable[[], None]]]) -> None:
        if rest:
            delay, act = rest[0]

            def go() -> None:
                act()
                run(rest[1:])

            charger.timers.set(("steps", key), charger.now + delay, go)

    run(delays)


def update_firmware(
    charger: Charger, location: str, pause: float, tell: Callable[[str], None], flash: Callable[[], None]
) -> None:
    """Download after ``pause`` seconds, install, restart, report Installed; ``flash`` changes the version."""
    if not is_address(location):
        steps(charger, "firmware", [(pause, lambda: tell("Downloading")), (2, lambda: tell("DownloadFailed"))])
        return

    def install() -> None:
        flash()
        charger.after_boot.append(lambda: tell("Installed"))
        charger.reset("FirmwareUpdate", "Reboot", patience=5.0)

    steps(
        charger,
        "firmware",
        [
            (pause, lambda: tell("Downloading")),
            (4, lambda: tell("Downloaded")),
            (1, lambda: tell("Installing")),
            (4, install),
        ],
    )


def upload_log(charger: Charger, location: str, tell: Callable[[str], None], failure: str) -> None:
    """Uploading, and 3 s later the end of it; ``failure`` is this version's word."""
    end = "Uploaded" if is_address(location) else failure
    steps(charger, "log", [(0.5, lambda: tell("Uploading")), (3, lambda: tell(end))])
