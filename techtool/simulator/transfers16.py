"""What a 1.6 charger answers about firmware and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.simulator.clock import instant
from techtool.simulator.jobs import update_firmware as run_update
from techtool.simulator.jobs import upload_log
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16


def update_firmware(charger: Charger16, payload: Payload) -> Answer:
    """UpdateFirmware; the steps are announced from the retrieve date on."""
    if "lying-features" in charger.quirks:
        raise RefusalError("NotImplemented", "UpdateFirmware is not done here")
    location = need(payload, "location", str)
    start = instant(need(payload, "retrieveDate", str))
    pause = max(0.5, (start or 0.0) - charger.now - charger.clock_offset)

    def tell(status: str) -> None:
        charger.firmware_status = "Idle" if status == "Installed" else status
        charger.send("FirmwareStatusNotification", {"status": status})

    return Answer({}, lambda: run_update(charger, location, pause, tell, lambda: charger.flash(location)))


def get_diagnostics(charger: Charger16, payload: Payload) -> Answer:
    """GetDiagnostics; a file is named, none is sent."""
    location = need(payload, "location", str)

    def tell(status: str) -> None:
        charger.diagnostics_status = "Idle" if status == "Uploaded" else status
        charger.send("DiagnosticsStatusNotification", {"status": status})

    name = f"diagnostics-{charger.serial}.log"
    return Answer({"fileName": name}, lambda: upload_log(charger, location, tell, "UploadFailed"))


def get_log(charger: Charger16, payload: Payload) -> Answer:
    """GetLog; a file is named, none is sent."""
    request = need(payload, "requestId", int)
    choice(payload, "logType", ("DiagnosticsLog", "SecurityLog"))
    location = need(need(payload, "log", dict), "remoteLocation", str)

    def tell(status: str) -> None:
        charger.send("LogStatusNotification", {"status": status, "requestId": request})

    answer = {"status": "Accepted", "filename": f"log-{request}-{charger.serial}.log"}
    return Answer(answer, lambda: upload_log(charger, location, tell, "UploadFailure"))
