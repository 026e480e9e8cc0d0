"""The configuration of a 1.6 charger: keys with types, as 1.6 section 9 and the security whitepaper have them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from techtool.simulator.options import SimulatorOptions
from techtool.simulator.outbox import Payload
from techtool.simulator.readings import NAMES

FEATURES = (
    "Core",
    "FirmwareManagement",
    "LocalAuthListManagement",
    "Reservation",
    "SmartCharging",
    "RemoteTrigger",
)
_ROTATION = re.compile(r"\d+\.(NotApplicable|Unknown|RST|RTS|SRT|STR|TRS|TSR)")
_HIDDEN = ("VendorDisplayText", "VendorLimitAmps")
"""Quirk ``hidden-keys``."""
_LIST_ITEMS = 12
"""How many measurands a list may hold."""


class Key(NamedTuple):
    """A row of the table."""

    name: str
    kind: str
    """``bool``, ``int``, ``text``, ``measurands``, ``rotation`` or ``key``."""
    value: str
    readonly: bool = False
    reboot: bool = False
    """A new value counts after a restart only."""
    most: int = 2**31 - 1
    least: int = 0


TABLE: tuple[Key, ...] = (
    Key("AllowOfflineTxForUnknownId", "bool", "true"),
    Key("AuthorizationCacheEnabled", "bool", "true"),
    Key("AuthorizeRemoteTxRequests", "bool", "false"),
    Key("BlinkRepeat", "int", "3", most=20),
    Key("ClockAlignedDataInterval", "int", "0", most=86400),
    Key("ConnectionTimeOut", "int", "60", most=3600),
    Key("ConnectorPhaseRotation", "rotation", "", reboot=True),
    Key("ConnectorPhaseRotationMaxLength", "int", "65", True),
    Key("GetConfigurationMaxKeys", "int", "50", True),
    Key("HeartbeatInterval", "int", "300", least=1, most=86400),
    Key("LightIntensity", "int", "80", most=100),
    Key("LocalAuthorizeOffline", "bool", "true"),
    Key("LocalPreAuthorize", "bool", "false"),
    Key("MaxEnergyOnInvalidId", "int", "0"),
    Key("MessageTimeout", "int", "30", least=1, most=600),
    Key("MeterValuesAlignedData", "measurands", "Energy.Active.Import.Register"),
    Key("MeterValuesAlignedDataMaxLength", "int", str(_LIST_ITEMS), True),
    Key(
        "MeterValuesSampledData",
        "measurands",
        "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC",
    ),
    Key("MeterValuesSampledDataMaxLength", "int", str(_LIST_ITEMS), True),
    Key("MeterValueSampleInterval", "int", "10", most=86400),
    Key("MinimumStatusDuration", "int", "0", most=600),
    Key("NumberOfConnectors", "int", "2", True),
    Key("ResetRetries", "int", "3", most=10),
    Key("StopTransactionMaxMeterValues", "int", "20", True),
    Key("StopTransactionOnEVSideDisconnect", "bool", "true", True),
    Key("StopTransactionOnInvalidId", "bool", "true"),
    Key("StopTxnAlignedData", "measurands", ""),
    Key("StopTxnAlignedDataMaxLength", "int", str(_LIST_ITEMS), True),
    Key("StopTxnSampledData", "measurands", "Energy.Active.Import.Register"),
    Key("StopTxnSampledDataMaxLength", "int", str(_LIST_ITEMS), True),
    Key("SupportedFeatureProfiles", "text", ",".join(FEATURES), True),
    Key("SupportedFeatureProfilesMaxLength", "int", str(len(FEATURES)), True),
    Key("TransactionMessageAttempts", "int", "3", most=65535),
    Key("TransactionMessageRetryInterval", "int", "60", most=3600),
    Key("UnlockConnectorOnEVSideDisconnect", "bool", "true"),
    Key("WebSocketPingInterval", "int", "0", most=3600),
    Key("LocalAuthListEnabled", "bool", "true"),
    Key("LocalAuthListMaxLength", "int", "500", True),
    Key("SendLocalListMaxLength", "int", "100", True),
    Key("ReserveConnectorZeroSupported", "bool", "false", True),
    Key("ChargeProfileMaxStackLevel", "int", "10", True),
    Key("ChargingScheduleAllowedChargingRateUnit", "text", "Current,Power", True),
    Key("ChargingScheduleMaxPeriods", "int", "24", True),
    Key("ConnectorSwitch3to1PhaseSupported", "bool", "false", True),
    Key("MaxChargingProfilesInstalled", "int", "10", True),
    Key("SupportedFileTransferProtocols", "text", "FTP,HTTP,HTTPS", True),
    Key("AuthorizationKey", "key", ""),
    Key("CpoName", "text", "", most=64),
    Key("SecurityProfile", "int", "0", True),
    Key("VendorDisplayText", "text", "Welcome", most=40),
    Key("VendorLimitAmps", "int", "16", reboot=True, least=6, most=16),
)


@dataclass(slots=True)
class _Entry:
    key: Key
    value: str


class Configuration:
    """What is set. Keys are found without regard to case (1.6: CiString)."""

    def __init__(self, options: SimulatorOptions) -> None:
        self._quirks = options.quirks
        extra = [Key(f"VendorSetting{n:04}", "int", str(n)) for n in range(1, options.variables + 1)]
        self._entries = {key.name.lower(): _Entry(key, key.value) for key in (*TABLE, *extra)}
        rotation = ",".join(f"{n}.RST" for n in range(options.connectors + 1))
        for name, value in (
            ("NumberOfConnectors", str(options.connectors)),
            ("MeterValueSampleInterval", str(options.meter_interval)),
            ("ConnectorPhaseRotation", rotation),
            ("AuthorizationKey", options.password or ""),
        ):
            self.put(name, value)
        if "getconfig-maxkeys" in options.quirks:
            self.put("GetConfigurationMaxKeys", "4")
        if "local-list-disabled" in options.quirks:
            self.put("LocalAuthListEnabled", "false")

    def value(self, name: str) -> str:
        """The value of a key that is there; empty for others."""
        entry = self._entries.get(name.lower())
        return entry.value if entry else ""

    def put(self, name: str, value: str) -> None:
        """Give a key a value, unasked and unchecked."""
        entry = self._entries.setdefault(name.lower(), _Entry(Key(name, "text", ""), ""))
        entry.value = value

    def change(self, name: str, value: str) -> str:
        """ChangeConfiguration: the status to answer."""
        entry = self._entries.get(name.lower())
        if "ignores-writes" in self._quirks:
            return "Accepted"
        if "accepts-everything" in self._quirks:
            self.put(name, value)
            return "Accepted"
        if entry is None:
            return "NotSupported"
        fits = _fits(entry.key, value, self._quirks)
        junk = entry.key.kind == "bool" and "stores-junk" in self._quirks and not fits
        if entry.key.readonly or not (fits or junk):
            return "Rejected"
        entry.value = "false" if junk else value
        return "RebootRequired" if entry.key.reboot else "Accepted"

    def report(self, names: list[str]) -> Payload:
        """GetConfiguration: the whole answer; all keys where none is named."""
        if "getconfig-ignores-keys" in self._quirks:
            names = []
        most = 4 if "getconfig-maxkeys" in self._quirks else len(names)
        hidden = _HIDDEN if "hidden-keys" in self._quirks else ()
        every = [entry.key.name for entry in self._entries.values() if entry.key.name not in hidden]
        wanted = names[:most] if names else every
        found = [self._entries[name.lower()] for name in wanted if name.lower() in self._entries]
        answer: Payload = {"configurationKey": [_row(entry) for entry in found]}
        if unknown := [name for name in wanted if name.lower() not in self._entries]:
            answer["unknownKey"] = unknown
        return answer

    def unreadable(self, answer: Payload) -> bool:
        """Whether a GetConfiguration answer tells of a measurand that the meter does not have."""
        told = [self._entries[row["key"].lower()] for row in answer["configurationKey"]]
        return not all(_measured(one.value) for one in told if one.key.kind == "measurands")


def _row(entry: _Entry) -> Payload:
    row: Payload = {"key": entry.key.name, "readonly": entry.key.readonly}
    if entry.key.kind != "key":  # write-only: security whitepaper, section 2.1
        row["value"] = entry.value
    return row


def _measured(value: str) -> bool:
    """Whether the meter has all measurands of a list."""
    return all(item.strip() in NAMES for item in value.split(",")) if value else True


def _fits(key: Key, value: str, quirks: frozenset[str]) -> bool:
    match key.kind:
        case "bool":
            return (value if "lower-case-only" in quirks else value.lower()) in ("true", "false")
        case "int":
            return re.fullmatch(r"\d{1,10}", value, re.ASCII) is not None and key.least <= int(value) <= key.most
        case "measurands":
            known = _measured(value) or "measurand-boot-loop" in quirks
            return known and value.count(",") < _LIST_ITEMS
        case "rotation":
            return all(_ROTATION.fullmatch(item.strip()) for item in value.split(","))
        case "key":
            return 16 <= len(value) <= 40
    return len(value) <= min(key.most, 500)
