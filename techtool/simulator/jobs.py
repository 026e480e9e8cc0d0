"""Firmware updates and log uploads: fetched and sent for real, and announced step by step.

With the quirk ``download-not-fetched`` nothing is fetched or sent, and the steps are announced all the same, as
SAP's simulator and cp-simulator do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from techtool.simulator.carrying import Moved
from techtool.simulator.charger import Charger
from techtool.simulator.clock import instant
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import RefusalError

_VERSION = re.compile(r"\d+(?:\.\d+)+")


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


def _refuses(charger: Charger, location: str) -> str | None:
    """Why it does not even try to fetch from there or to bring something there (thread 22 of FIELD.md)."""
    scheme = location.partition(":")[0].lower()
    if "only-ftp" in charger.quirks and scheme not in ("ftp", "ftps"):
        return "it takes only FTP"
    if "only-http" in charger.quirks and scheme != "http":
        return "it takes only plain HTTP"
    return None


def announce(charger: Charger, action: str, payload: Payload) -> None:
    """Say how far an update is, as often as this charger does (thread 23 of FIELD.md)."""
    if "firmware-status-missing" in charger.quirks:
        return
    for _ in range(100 if "firmware-status-flood" in charger.quirks else 1):
        charger.send(action, payload)


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
        if "download-not-fetched" in charger.quirks:
            steps(charger, "firmware", [(4, downloaded)])
        elif (why := _refuses(charger, location)) is not None:
            failed(why)
        else:
            charger.fetch(location, fetched)

    def fetched(moved: Moved) -> None:
        if moved.why is not None:
            failed(moved.why)
        else:
            charger.report("state", f"fetched {moved.size} bytes, sha256 {moved.sha256}")
            downloaded()

    def failed(why: str) -> None:
        charger.report("state", f"{location} was not fetched: {why}")
        tell("DownloadFailed")
        charger.set_updating(False)

    def downloaded() -> None:
        tell("Downloaded")
        steps(charger, "firmware", [(1, lambda: tell("Installing")), (4, install)])

    def install() -> None:
        flash()
        charger.after_boot.append(lambda: tell("Installed"))
        charger.reset("FirmwareUpdate", "Reboot", patience=5.0)

    steps(charger, "firmware", [(pause, download)])


def upload_log(
    charger: Charger, payload: Payload, location: str, name: str, tell: Callable[[str], None], failure: str
) -> None:
    """Uploading, and the end of it; ``failure`` is this version's word."""
    if _never_tries(charger, payload):
        return

    def upload() -> None:
        tell("Uploading")
        if "download-not-fetched" in charger.quirks:
            steps(charger, "log", [(3, lambda: tell("Uploaded"))])
        elif (why := _refuses(charger, location)) is not None:
            done(Moved(why=why))
        else:
            charger.deliver(location, name, charger.log(), done)

    def done(moved: Moved) -> None:
        if moved.why is not None:
            charger.report("state", f"{name} was not delivered: {moved.why}")
        else:
            charger.report("state", f"delivered {moved.size} bytes, sha256 {moved.sha256}")
        tell("Uploaded" if moved.why is None else failure)

    steps(charger, "log", [(0.5, upload)])
