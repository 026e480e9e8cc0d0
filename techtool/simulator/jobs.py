"""Firmware updates and log uploads as they look on the wire. Nothing is fetched and nothing is sent:

the steps are announced as SAP's and cp-simulator announce them, whatever the server says. An address that
nobody could fetch from fails, but for the quirk ``download-not-fetched``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from techtool.simulator.charger import Charger
from techtool.simulator.clock import instant
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import RefusalError

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


def pause_until(charger: Charger, date: str) -> float:
    """Seconds until a retrieve date, at least 0.5.

    Raises:
        RefusalError: it is over, and this charger minds (quirk ``picky-retrieve-date``).
    """
    start = instant(date) or 0.0
    if "picky-retrieve-date" in charger.quirks and start < (instant(charger.stamp()) or 0.0):
        raise RefusalError("PropertyConstraintViolation", f"{date} is in the past")
    return max(0.5, start - charger.now - charger.clock_offset)


def _never_tries(charger: Charger, payload: Payload) -> bool:
    """Whether it takes 0 retries for 0 attempts."""
    return "zero-retries-never" in charger.quirks and payload.get("retries") == 0


def _fails(charger: Charger, location: str) -> bool:
    return "download-not-fetched" not in charger.quirks and not is_address(location)


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
    charger: Charger,
    payload: Payload,
    location: str,
    pause: float,
    tell: Callable[[str], None],
    flash: Callable[[], None],
) -> None:
    """Download after ``pause`` seconds, install, restart, report Installed; ``flash`` changes the version."""
    if _never_tries(charger, payload):
        return

    def download() -> None:
        charger.set_updating(True)
        tell("Downloading")

    def fail() -> None:
        tell("DownloadFailed")
        charger.set_updating(False)

    if _fails(charger, location):
        steps(charger, "firmware", [(pause, download), (2, fail)])
        return

    def install() -> None:
        flash()
        charger.after_boot.append(lambda: tell("Installed"))
        charger.reset("FirmwareUpdate", "Reboot", patience=5.0)

    steps(
        charger,
        "firmware",
        [
            (pause, download),
            (4, lambda: tell("Downloaded")),
            (1, lambda: tell("Installing")),
            (4, install),
        ],
    )


def upload_log(
    charger: Charger, payload: Payload, location: str, tell: Callable[[str], None], failure: str
) -> None:
    """Uploading, and 3 s later the end of it; ``failure`` is this version's word."""
    if _never_tries(charger, payload):
        return
    end = failure if _fails(charger, location) else "Uploaded"
    steps(charger, "log", [(0.5, lambda: tell("Uploading")), (3, lambda: tell(end))])
