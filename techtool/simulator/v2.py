"""A charging station that speaks OCPP 2.0.1 or 2.1: what it says by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from techtool.simulator.answers2 import ANSWERS
from techtool.simulator.cards import Standing
from techtool.simulator.charger import TOKEN_TYPE, Charger
from techtool.simulator.device import DeviceModel
from techtool.simulator.jobs import version_in
from techtool.simulator.model import Connector, Transaction
from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Payload
from techtool.simulator.readings import Reading, in_kwh
from techtool.simulator.settings import VARIABLES_2X

_STOPS: dict[str, tuple[str, str]] = {
    "Local": ("Local", "StopAuthorized"),
    "Remote": ("Remote", "RemoteStop"),
    "EVDisconnected": ("EVDisconnected", "EVCommunicationLost"),
    "SoftReset": ("ImmediateReset", "ResetCommand"),
    "HardReset": ("ImmediateReset", "ResetCommand"),
    "Reboot": ("Reboot", "AbnormalCondition"),
    "DeAuthorized": ("DeAuthorized", "Deauthorized"),
    "UnlockCommand": ("Other", "UnlockCommand"),
    "Fault": ("Other", "AbnormalCondition"),
}
"""stoppedReason and triggerReason."""
_FAULT_STOPS = {"GroundFailure": "GroundFault", "OverCurrentFailure": "OvercurrentFault"}

KNOWN_201 = frozenset({
    "CertificateSigned", "ClearDisplayMessage", "ClearVariableMonitoring", "ClearedChargingLimit", "CostUpdated",
    "CustomerInformation", "DeleteCertificate", "GetDisplayMessages", "GetInstalledCertificateIds",
    "GetMonitoringReport", "InstallCertificate", "PublishFirmware", "SetDisplayMessage", "SetMonitoringBase",
    "SetMonitoringLevel", "SetNetworkProfile", "SetVariableMonitoring", "UnpublishFirmware",
})  # fmt: skip
KNOWN_21 = KNOWN_201 | {
    "AFRRSignal", "AdjustPeriodicEventStream", "ChangeTransactionTariff", "ClearDERControl", "ClearTariffs",
    "GetCertificateChainStatus", "GetDERControl", "GetPeriodicEventStream", "GetTariffs",
    "NotifyAllowedEnergyTransfer", "NotifyWebPaymentStarted", "RequestBatterySwap", "SetDERControl",
    "SetDefaultTariff", "UpdateDynamicSchedule", "UsePriorityCharging",
}  # fmt: skip


class Charger201(Charger):
    """OCPP 2.0.1. Transactions begin when car and card are there (TxStartPoint PowerPathClosed)."""

    ANSWERS = ANSWERS
    KNOWN: ClassVar[frozenset[str]] = KNOWN_201

    def __init__(self, options: SimulatorOptions, now: float) -> None:
        super().__init__(options, now)
        self.device = DeviceModel(options)
        self.firmware = "2.1.0"
        self.serial = f"S{self.dice.randrange(10**8):08}"
        self.firmware_status: tuple[str, int | None] = ("Idle", None)
        self.carried: list[tuple[Connector, Transaction]] = []
        """Transactions that outlive a restart (2.1 ImmediateAndResume)."""
        self._events = itertools.count(1)

    def boot_payload(self) -> Payload:
        """Of BootNotification."""
        empty = {"modem": {"iccid": "", "imsi": ""}} if "empty-strings" in self.quirks else {}
        return {
            "reason": self.boot_reason,
            "chargingStation": {
                "model": "Simulator",
                "vendorName": "Techtool",
                "serialNumber": self.serial,
                "firmwareVersion": self.firmware,
                **empty,
            },
        }

    def error_code(self, code: str) -> str:
        """The codes are those of 2.x already, but where MicroOcpp keeps that of 1.6."""
        old = "formation-violation" in self.quirks and code == "FormatViolation"
        return "FormationViolation" if old else code

    def setting(self, name: str) -> str:
        """The value of a variable."""
        if name == "list_capacity":
            return str(self.device.most("LocalAuthListCtrlr", "Entries"))
        return self.device.value(*VARIABLES_2X[name]) if name in VARIABLES_2X else ""

    def apply(self, name: str, value: str) -> None:
        """Set a variable, unasked."""
        component, variable, instance = VARIABLES_2X[name]
        self.device.put(component, variable, value, instance)

    def flash(self, location: str) -> None:
        """A firmware was installed: the file name tells its version."""
        self.firmware = version_in(location, self.firmware)

    def fault_code(self, code: str) -> str:
        """Free text in 2.x (techCode)."""
        return code[:50]

    # Status

    def status(self, connector: Connector) -> str:
        """ConnectorStatusEnum."""
        faulty = connector.fault is not None or self.station_fault is not None
        if faulty and "hides-faults" not in self.quirks:
            return "Error" if "error-code-enum" in self.quirks else "Faulted"
        if not connector.operative or self.updating:
            return "Unavailable"
        if connector.plugged:
            return "Occupied"
        return "Reserved" if connector.reservation is not None else "Available"

    def send_status(self, connector: Connector) -> None:
        """StatusNotification of a connector."""
        status = self.status(connector)
        self.device.put("EVSE", "AvailabilityState", status, evse=connector.id)
        self.device.put("Connector", "AvailabilityState", status, evse=connector.id, connector=1)
        self._notify(connector.id, 0 if "connector-zero" in self.quirks else 1, status)

    def send_station_status(self) -> None:
        """The standard has no status for the whole station; some send one (quirk ``connector-zero``)."""
        self.device.put("ChargingStation", "AvailabilityState", self.station_status())
        if "connector-zero" in self.quirks:
            self._notify(0, 0, self.station_status())

    def _notify(self, evse: int, connector: int, status: str) -> None:
        payload = {
            "timestamp": self.stamp(),
            "connectorStatus": status,
            "evseId": evse,
            "connectorId": connector,
        }
        self.send("StatusNotification", payload, early="early-status" in self.quirks)

    def fault_event(self, connector: int, code: str, cleared: bool) -> None:
        """NotifyEvent: the variable Problem of the component."""
        component: Payload = {"name": "ChargingStation"}
        evse = plug = None
        if connector:
            evse, plug = connector, 1
            component = {"name": "Connector", "evse": {"id": connector, "connectorId": 1}}
        value = "false" if cleared else "true"
        self.device.put(component["name"], "Problem", value, None, evse, plug)
        event: Payload = {
            "eventId": next(self._events),
            "timestamp": self.stamp(),
            "trigger": "Delta",
            "actualValue": value,
            "techCode": code,
            "cleared": cleared,
            "eventNotificationType": "HardWiredNotification",
            "component": component,
            "variable": {"name": "Problem"},
        }
        self.send("NotifyEvent", {"generatedAt": self.stamp(), "tbc": False, "seqNo": 0, "eventData": [event]})

    def restarted(self) -> None:
        """After a restart transactions go on only if the restart promised it."""
        super().restarted()
        for connector, transaction in self.carried:
            self.after_boot.append(partial(self.tx_changed, connector, transaction, "TxResumed"))
        self.carried = []

    # Transactions

    def authorize(self, token: str, done: Callable[[Standing], None], failed: Callable[[str], None]) -> None:
        """Authorize."""
        payload = {"idToken": {"idToken": token, "type": TOKEN_TYPE}}
        self.send("Authorize", payload, lambda answer: done(standing(answer) or Standing("Invalid")), failed)

    def tx_started(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """TransactionEvent Started."""
        if "seqno-from-1" in self.quirks:
            transaction.seq = 1
        transaction.reported = "EVConnected"
        info: Payload = {"chargingState": "EVConnected"}
        if transaction.remote_start_id is not None:
            info["remoteStartId"] = transaction.remote_start_id
        token = {"idToken": transaction.token, "type": transaction.token_type}
        values = self._event_meter(connector, self.setting("started"), "Transaction.Begin")

        def judged(answer: Payload) -> None:
            if (known := standing(answer)) is not None:
                self.judged(connector, transaction, known)

        self._event(connector, transaction, "Started", trigger, info, values, {"idToken": token}, judged)

    def tx_changed(self, connector: Connector, transaction: Transaction, trigger: str) -> None:
        """TransactionEvent Updated with the charging state."""
        self._event(connector, transaction, "Updated", trigger, {"chargingState": self.state(connector)})

    def tx_ended(self, connector: Connector, transaction: Transaction, reason: str) -> None:
        """TransactionEvent Ended."""
        stopped, trigger = _STOPS[reason]
        fault = connector.fault or self.station_fault
        if reason == "Fault" and fault is not None:
            stopped = _FAULT_STOPS.get(fault, stopped)
        info: Payload = {
            "chargingState": "EVConnected" if connector.plugged else "Idle",
            "timeSpentCharging": int(self.now - transaction.started),
            "stoppedReason": stopped,
        }
        if "stop-without-reason" in self.quirks:
            del info["stoppedReason"]
        values = self._event_meter(connector, self.setting("ended"), "Transaction.End")
        token = {}
        if transaction.stop_token is not None:
            token = {"idToken": {"idToken": transaction.stop_token, "type": TOKEN_TYPE}}
        self._event(connector, transaction, "Ended", trigger, info, values, token)

    def tx_sample(self, connector: Connector, transaction: Transaction, wanted: str, context: str) -> None:
        """TransactionEvent Updated with readings."""
        triggers = {"Sample.Clock": "MeterValueClock", "Trigger": "Trigger"}
        values = self._event_meter(connector, wanted, context)
        if values:
            info = {"chargingState": self.state(connector)}
            trigger = triggers.get(context, "MeterValuePeriodic")
            self._event(connector, transaction, "Updated", trigger, info, values)

    def loose_sample(self, connector: Connector, wanted: str, context: str) -> None:
        """MeterValues outside a transaction."""
        if values := self._meter(self.readings(connector, wanted), context):
            if "empty-meter" in self.quirks:
                values = []
            payload = {"evseId": connector.id, "meterValue": values}
            self.send("MeterValues", payload, early=context == "Trigger")

    def _event(
        self,
        connector: Connector,
        transaction: Transaction,
        kind: str,
        trigger: str,
        info: Payload,
        values: list[Payload] | None = None,
        more: Payload | None = None,
        on_result: Callable[[Payload], None] | None = None,
    ) -> None:
        payload: Payload = {
            "eventType": kind,
            "timestamp": self.stamp(),
            "triggerReason": trigger,
            "seqNo": 0 if "seqno-zero" in self.quirks else transaction.seq,
            "transactionInfo": {"transactionId": transaction.uid, **info},
            "evse": {"id": connector.id, "connectorId": 0 if "connector-zero" in self.quirks else 1},
            **(more or {}),
        }
        transaction.seq += 1
        if not self.online():
            payload["offline"] = True
        if values:
            payload["meterValue"] = [] if "empty-meter" in self.quirks else values
        self.send("TransactionEvent", payload, on_result, kept=True)

    def _event_meter(self, connector: Connector, wanted: str, context: str) -> list[Payload]:
        found = self.readings(connector, wanted)
        return self._meter(in_kwh(found) if "kwh-in-events" in self.quirks else found, context)

    def _meter(self, found: list[Reading], context: str) -> list[Payload]:
        if not found:
            return []
        return [{"timestamp": self.stamp(), "sampledValue": [_sampled(one, context) for one in found]}]


class Charger21(Charger201):
    """OCPP 2.1."""

    KNOWN: ClassVar[frozenset[str]] = KNOWN_21


def _sampled(reading: Reading, context: str) -> Payload:
    value: Payload = {"value": reading.value, "context": context, "measurand": reading.measurand}
    if reading.phase is not None:
        value["phase"] = reading.phase
    value["location"] = "EV" if reading.measurand == "SoC" else "Outlet"
    value["unitOfMeasure"] = {"unit": reading.unit, "multiplier": 0}
    return value


def standing(answer: Payload) -> Standing | None:
    """The idTokenInfo of an answer, None where there is none."""
    info: Any = answer.get("idTokenInfo")
    if not isinstance(info, dict) or not isinstance(info.get("status"), str):
        return None
    group: Any = info.get("groupIdToken")
    name = group.get("idToken") if isinstance(group, dict) else None
    return Standing(info["status"], name if isinstance(name, str) else None)
