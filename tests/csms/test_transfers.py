"""How updates and uploads end, in the charger's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from techtool.csms import schemas
from techtool.station.findings import Code, Severity
from tests.csms.driving import Driver

GOOD = {
    "Idle", "Downloaded", "Downloading", "DownloadScheduled", "DownloadPaused", "Installing", "Installed",
    "InstallRebooting", "InstallScheduled", "SignatureVerified", "Uploaded", "Uploading", "AcceptedCanceled",
    "Published", "ChecksumVerified",
}  # fmt: skip
FAILED = {Code.UPDATE_FAILED, Code.UPLOAD_FAILED}


def _statuses(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from part.get("enum", ())
        for one in part.values():
            yield from _statuses(one)


CASES = [
    (protocol, action, status)
    for protocol in schemas.PROTOCOLS
    for action in sorted(schemas.actions(protocol))
    if action.endswith("StatusNotification") and action != "StatusNotification"
    for status in _statuses(schemas.schema(protocol, action))
]


@pytest.mark.parametrize(("protocol", "action", "status"), CASES)
def test_what_failed_is_a_fault_and_nothing_else_is(protocol: str, action: str, status: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    driver.say(action, {"status": status, "requestId": 5})
    found = [one for one in driver.station.findings.values() if one.code in FAILED]
    if status in GOOD:
        assert not found
    else:
        (one,) = found
        assert one.code is (Code.UPDATE_FAILED if "Firmware" in action else Code.UPLOAD_FAILED)
        assert one.severity is Severity.FAULT
        assert f"failed: {status} (request 5)." in one.text


def test_the_reason_is_told_where_there_is_one() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    info = {"reasonCode": "OutOfStorage", "additionalInfo": "12 MB free"}
    driver.say("FirmwareStatusNotification", {"status": "DownloadFailed", "statusInfo": info})
    text = driver.finding(Code.UPDATE_FAILED).text
    assert text == "The firmware update failed: DownloadFailed, OutOfStorage, 12 MB free."
