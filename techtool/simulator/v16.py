"""A charger that speaks OCPP 1.6J: what it says by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from techtool.simulator.answers16 import ANSWERS
from techtool.simulator.cards import Standing
from techtool.simulator.charger import Charger
from techtool.simulator.jobs import version_in
from techtool.simulator.keys16 import Configuration
from techtool.simulator.model import Connector, Transaction
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Payload
from techtool.simulator.readings import Reading
from techtool.simulator.settings import KEYS_16

ERRORS = frozenset({
    "ConnectorLockFailure", "EVCommunicationError", "GroundFailure", "HighTemperature", "InternalError",
    "LocalListConflict", "OverCurrentFailure", "PowerMeterFailure", "PowerSwitchFailure", "ReaderFailure",
    "ResetFailure", "UnderVoltage", "OverVoltage", "WeakSignal",
})  # fmt: skip
"""Codes of the standard; anything else goes as OtherError with a vendorErrorCode."""

_REASONS = {"Fault": "Other"}
_CODES = {
    "FormatViolation": "FormationViolation",
    "OccurrenceConstraintViolation": "OccurenceConstraintViolation",
    "RpcFrameworkError": "ProtocolError",
}


class Charger16(Charger):
    """OCPP 1.6J with the security whitepaper's GetLog and ExtendedTriggerMessage."""

    ANSWERS = ANSWERS
    KNOWN: ClassVar[frozenset[str]] = frozenset({
        "CertificateSigned", "DeleteCertificate", "GetInstalledCertificateIds", "InstallCertificate",
    })  # fmt: skip

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.configuration = Configuration(options)
        self.firmware = "1.4.2"
        self.serial = f"S{self.dice.randrange(10**8):08}"
        self.firmware_status = self.diagnostics_status = "Idle"

    def boot_payload(self) -> Payload:
        """Of BootNotification."""
        empty = {"iccid": "", "imsi": ""} if "empty-strings" in self.quirks else {}
        return {
            "chargePointVendor": "Techtool",
            "chargePointModel": "Simulator",
            "chargePointSerialNumber": self.serial,
            "firmwareVersion": self.firmware,
            "meterType": "Three-phase",
            "meterSerialNumber": f"M{self.serial[1:]}",
            **empty,
        }

    def error_code(self, code: str) -> str:
        """1.6 spells some codes in its own way."""
        return _CODES.get(code, code)

    def setting(self, name: str) -> str:
        """The value of a configuration key."""
        return self.configuration.value(KEYS_16.get(name, name))

    def apply(self, name: str, value: str) -> None:
        """Set a configuration key, unasked."""
        self.configuration.put(KEYS_16[name], value)

    def flash(self, location: str) -> None:
        """A firmware was installed: the file name tells its version."""
        self.firmware = version_in(location, self.firmware)

    def fault_code(self, code: str) -> str:
        """As it was typed; ``send_status`` sorts it."""
        return code

    # Status

    def status(self, connector: Connector) -> str:
        """The state machine of 1.6 section 4.9."""
        hidden = "hides-faults" in self.quirks
        if connector.fault is not None and not hidden:
            return "Faulted"
        if connector.transaction is not None:
            return self.state(connector)
        if not connector.operative:
            return "Unavailable"
        if connector.finishing:
            return "Finishing"
        if connector.plugged or connector.permit is not None:
            return "Preparing"
        return "Reserved" if connector.reservation is not None else "Available"

    def send_status(self, connector: Connector) -> None:
        """StatusNotification of a connector."""
        self._notify(connector.id, self.status(connector), connector.fault)

    def send_station_status(self) -> None:
        """StatusNotification of connector 0."""
        self._notify(0, self.station_status(), self.station_fault)

    def _notify(self, connector: int, status: str, fault: str | None) -> None:
        payload: Payload = {"connectorId": connector, "errorCode": "NoError", "status": status}
        if fault is not None and status == "Faulted":
            payload["errorCode"] = fault if fault in ERRORS else "OtherError"
            if "error-code-enum" in self.quirks:
                payload["errorCode"] = "Error"
            if fault not in ERRORS:
                payload["vendorId"] = "Techtool"
                payload["vendorErrorCode"] = fault[:50]
        payload["timestamp"] = self.stamp()
        self.send("StatusNotification", payload, early="early-status" in self.quirks)

    def fault_event(self, connector: int, code: str, cleared: bool) -> None:
        """1.6 has no word for it but the status."""

    # Transactions

    def authorize(self, token: str, done: Callable[[Standing], None], failed: Callable[[str], None]) -> None:
        """Authorize."""
        self.send("Authorize", {"idTag": token[:20]}, lambda answer: done(standing(answer)), failed)

    def tx_started(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """StartTransaction; its answer brings the transaction id."""

        def started(answer: Payload) -> None:
            number = answer.get("transactionId")
            transaction.number = number if isinstance(number, int) else None
            self.report("state", f"transaction {number}")
            self.judged(connector, transaction, standing(answer))

        payload = {
            "connectorId": self.named(connector),
            "idTag": transaction.token[:20],
            "meterStart": transaction.meter_start,
            "timestamp": self.stamp(),
        }
        self.send("StartTransaction", payload, started, kept=True)

    def tx_changed(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """1.6 tells it by StatusNotification, which comes anyway."""

    def tx_ended(self, connector: Connector, transaction: Transaction, reason: str) -> None:
        """StopTransaction, with the last readings."""
        payload: Payload = {
            "meterStop": self.measure(connector).energy,
            "timestamp": self.stamp(),
            "reason": _REASONS.get(reason, reason),
        }
        if "stop-without-reason" in self.quirks:
            del payload["reason"]
        if transaction.stop_token is not None:
            payload["idTag"] = transaction.stop_token[:20]
        if ended := self.readings(connector, self.setting("ended")):
            payload["transactionData"] = [self._meter_value(ended, "Transaction.End")]

        def build() -> Payload:
            number = -1 if "negative-transaction-id" in self.quirks else transaction.number
            return {"transactionId": -1 if number is None else number, **payload}

        self.send("StopTransaction", build, kept=True)

    def tx_sample(self, connector: Connector, transaction: Transaction, wanted: str, context: str) -> None:
        """MeterValues with the transaction id, kept while offline."""
        payload = self._meter_values(connector, wanted, context)
        if payload is None:
            return

        def build() -> Payload:
            known = {} if transaction.number is None else {"transactionId": transaction.number}
            return {"connectorId": payload["connectorId"], **known, "meterValue": payload["meterValue"]}

        self.send("MeterValues", build, kept=True)

    def loose_sample(self, connector: Connector, wanted: str, context: str) -> None:
        """MeterValues without a transaction."""
        if (payload := self._meter_values(connector, wanted, context)) is not None:
            self.send("MeterValues", payload, early=context == "Trigger")

    def named(self, connector: Connector) -> int:
        """The number that goes out."""
        return 0 if "connector-zero" in self.quirks else connector.id

    def _meter_values(self, connector: Connector, wanted: str, context: str) -> Payload | None:
        found = self.readings(connector, wanted)
        if not found:
            return None
        values = [] if "empty-meter" in self.quirks else [self._meter_value(found, context)]
        return {"connectorId": self.named(connector), "meterValue": values}

    def _meter_value(self, found: list[Reading], context: str) -> Payload:
        return {"timestamp": self.stamp(), "sampledValue": [_sampled(one, context) for one in found]}


def _sampled(reading: Reading, context: str) -> Payload:
    number = reading.value
    value: Payload = {
        "value": str(int(number)) if number.is_integer() else repr(number),
        "context": context,
        "measurand": reading.measurand,
    }
    if reading.phase is not None:
        value["phase"] = reading.phase
    value["location"] = "EV" if reading.measurand == "SoC" else "Outlet"
    value["unit"] = reading.unit
    return value


def standing(answer: Payload) -> Standing:
    """The idTagInfo of an answer; what cannot be read is Invalid."""
    info: Any = answer.get("idTagInfo")
    if not isinstance(info, dict) or not isinstance(info.get("status"), str):
        return Standing("Invalid")
    parent = info.get("parentIdTag")
    return Standing(info["status"], parent if isinstance(parent, str) else None)
