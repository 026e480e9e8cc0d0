"""What a 1.6 charger answers about firmware and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.simulator.common16 import reply
from techtool.simulator.jobs import announce, pause_until, upload_log
from techtool.simulator.jobs import update_firmware as run_update
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16


def update_firmware(charger: Charger16, payload: Payload) -> Answer:
    """UpdateFirmware; the steps are announced from the retrieve date on."""
    if "lying-features" in charger.quirks:
        raise RefusalError("NotImplemented", "UpdateFirmware is not done here")
    if "signed-update-only" in charger.quirks:
        raise RefusalError("NotSupported", "the firmware must be signed")
    location = need(payload, "location", str)
    pause = pause_until(charger, need(payload, "retrieveDate", str))

    def tell(status: str) -> None:
        charger.firmware_status = "Idle" if status == "Installed" else status
        announce(charger, "FirmwareStatusNotification", {"status": status})

    return Answer({}, lambda: run_update(charger, payload, location, pause, tell, lambda: charger.flash(location)))


def signed_update_firmware(charger: Charger16, payload: Payload) -> Answer:
    """SignedUpdateFirmware, where nothing else will do; the signature is not looked at."""
    if "signed-update-only" not in charger.quirks:
        raise RefusalError("NotSupported", "SignedUpdateFirmware is not done here")
    request = need(payload, "requestId", int)
    firmware = need(payload, "firmware", dict)
    location = need(firmware, "location", str)
    for name in ("signingCertificate", "signature"):
        need(firmware, name, str)
    pause = pause_until(charger, need(firmware, "retrieveDateTime", str))

    def tell(status: str) -> None:
        announce(charger, "SignedFirmwareStatusNotification", {"status": status, "requestId": request})

    def update() -> None:
        run_update(charger, payload, location, pause, tell, lambda: charger.flash(location))

    return reply("Accepted", update)


def get_diagnostics(charger: Charger16, payload: Payload) -> Answer:
    """GetDiagnostics; the file goes where it is wanted."""
    if "no-diagnostics" in charger.quirks:
        raise RefusalError("NotImplemented", "GetDiagnostics is not done here")
    location = need(payload, "location", str)

    def tell(status: str) -> None:
        charger.diagnostics_status = "Idle" if status == "Uploaded" else status
        charger.send("DiagnosticsStatusNotification", {"status": status})

    name = f"diagnostics-{charger.serial}.log"
    return Answer({"fileName": name}, lambda: upload_log(charger, payload, location, name, tell, "UploadFailed"))


def get_log(charger: Charger16, payload: Payload) -> Answer:
    """GetLog; the file goes where it is wanted."""
    if "no-diagnostics" in charger.quirks:
        raise RefusalError("NotImplemented", "GetLog is not done here")
    request = need(payload, "requestId", int)
    choice(payload, "logType", ("DiagnosticsLog", "SecurityLog"))
    location = need(need(payload, "log", dict), "remoteLocation", str)

    def tell(status: str) -> None:
        charger.send("LogStatusNotification", {"status": status, "requestId": request})

    name = f"log-{request}-{charger.serial}.log"
    answer = {"status": "Accepted", "filename": name}
    return Answer(answer, lambda: upload_log(charger, payload, location, name, tell, "UploadFailure"))
