"""What a 2.x charger answers about firmware and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.simulator.common2 import reply
from techtool.simulator.jobs import announce, pause_until, upload_log
from techtool.simulator.jobs import update_firmware as run_update
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, choice, need

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201


def update_firmware(charger: Charger201, payload: Payload) -> Answer:
    """UpdateFirmware; the steps are announced from the retrieve date on."""
    if "lying-features" in charger.quirks:
        raise RefusalError("NotImplemented", "UpdateFirmware is not done here")
    request = need(payload, "requestId", int)
    firmware = need(payload, "firmware", dict)
    if "signed-update-only" in charger.quirks and not {"signingCertificate", "signature"} <= firmware.keys():
        raise RefusalError("NotSupported", "the firmware must be signed")
    location = need(firmware, "location", str)
    pause = pause_until(charger, need(firmware, "retrieveDateTime", str))

    def tell(status: str) -> None:
        charger.firmware_status = ("Idle" if status == "Installed" else status, request)
        announce(charger, "FirmwareStatusNotification", {"status": status, "requestId": request})

    def update() -> None:
        run_update(charger, payload, location, pause, tell, lambda: charger.flash(location))

    return reply("Accepted", update)


def get_log(charger: Charger201, payload: Payload) -> Answer:
    """GetLog; the file goes where it is wanted."""
    if "no-diagnostics" in charger.quirks:
        raise RefusalError("NotImplemented", "GetLog is not done here")
    request = need(payload, "requestId", int)
    choice(payload, "logType", ("DiagnosticsLog", "SecurityLog", "DataCollectorLog"))
    location = need(need(payload, "log", dict), "remoteLocation", str)

    def tell(status: str) -> None:
        charger.send("LogStatusNotification", {"status": status, "requestId": request})

    name = f"log-{request}-{charger.serial}.log"
    answer = {"status": "Accepted", "filename": name}
    return Answer(answer, lambda: upload_log(charger, payload, location, name, tell, "UploadFailure"))
