"""The variables of a simulated 2.x charging station, as the appendices of 2.0.1 part 2 name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from techtool.simulator.options import SimulatorOptions
from techtool.simulator.readings import MEASURANDS

RO, RW, WO = "ReadOnly", "ReadWrite", "WriteOnly"
_MEASURANDS = ",".join(MEASURANDS)
_SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC"
_STATES = "Available,Occupied,Reserved,Unavailable,Faulted"
_STOP_POINT = "EVConnected,Authorized"
_ORDER = "SequenceList"


@dataclass(slots=True)
class Variable:
    """One variable with its Actual attribute."""

    component: str
    name: str
    value: str
    kind: str = "string"
    """dataType: string, integer, decimal, boolean, OptionList, MemberList, SequenceList, dateTime."""
    mutability: str = RO
    instance: str | None = None
    unit: str | None = None
    least: float | None = None
    most: float | None = None
    values: str | None = None
    reboot: bool = False
    evse: int | None = None
    connector: int | None = None


def _flag(component: str, name: str, value: str, mutability: str = RW) -> Variable:
    return Variable(component, name, value, "boolean", mutability)


def _count(
    component: str,
    name: str,
    value: int,
    mutability: str = RW,
    unit: str | None = None,
    instance: str | None = None,
    least: float = 0,
    most: float = 86400,
) -> Variable:
    return Variable(component, name, str(value), "integer", mutability, instance, unit, least, most)


def _members(component: str, name: str, value: str, values: str, kind: str = "MemberList") -> Variable:
    return Variable(component, name, value, kind, RW, values=values)


def _station(options: SimulatorOptions) -> Iterator[Variable]:
    yield from (
        _count("AlignedDataCtrlr", "Interval", 0, unit="s"),
        _members("AlignedDataCtrlr", "Measurands", "Energy.Active.Import.Register", _MEASURANDS),
        _count("AlignedDataCtrlr", "TxEndedInterval", 0, unit="s"),
        _members("AlignedDataCtrlr", "TxEndedMeasurands", "", _MEASURANDS),
        _flag("AuthCacheCtrlr", "Available", "true", RO),
        _flag("AuthCacheCtrlr", "Enabled", "true"),
        _count("AuthCacheCtrlr", "LifeTime", 86400, unit="s", most=31_536_000),
        _flag("AuthCtrlr", "Enabled", "true"),
        _flag("AuthCtrlr", "AuthorizeRemoteStart", "false"),
        _flag("AuthCtrlr", "LocalAuthorizeOffline", "true"),
        _flag("AuthCtrlr", "LocalPreAuthorize", "false"),
        _flag("AuthCtrlr", "OfflineTxForUnknownIdEnabled", "true"),
        Variable("ChargingStation", "VendorName", "Techtool"),
        Variable("ChargingStation", "Model", "Simulator"),
        Variable("ChargingStation", "AvailabilityState", "Available", "OptionList", values=_STATES),
        _flag("ChargingStation", "Available", "true", RO),
        _flag("ChargingStation", "Problem", "false", RO),
        _count("ChargingStation", "SupplyPhases", 3, RO, most=3),
        Variable("ClockCtrlr", "DateTime", "", "dateTime"),
        _members("ClockCtrlr", "TimeSource", "Heartbeat", "Heartbeat,NTP,RealTimeClock", "SequenceList"),
        _count("DeviceDataCtrlr", "BytesPerMessage", 65000, RO, instance="GetReport", most=10**6),
        _count("DeviceDataCtrlr", "BytesPerMessage", 65000, RO, instance="GetVariables", most=10**6),
        _count("DeviceDataCtrlr", "BytesPerMessage", 65000, RO, instance="SetVariables", most=10**6),
        _count("DeviceDataCtrlr", "ItemsPerMessage", 50, RO, instance="GetReport", most=1000),
        _count("DeviceDataCtrlr", "ItemsPerMessage", 50, RO, instance="GetVariables", most=1000),
        _count("DeviceDataCtrlr", "ItemsPerMessage", 50, RO, instance="SetVariables", most=1000),
        _flag("LocalAuthListCtrlr", "Available", "true", RO),
        _flag("LocalAuthListCtrlr", "Enabled", "true"),
        _count("LocalAuthListCtrlr", "Entries", 0, RO, most=500),
        _count("LocalAuthListCtrlr", "ItemsPerMessage", 100, RO, most=100),
        _count("LocalAuthListCtrlr", "BytesPerMessage", 65000, RO, most=10**6),
        _flag("MonitoringCtrlr", "Available", "false", RO),
        _members("OCPPCommCtrlr", "FileTransferProtocols", "HTTP,HTTPS,FTP", "HTTP,HTTPS,FTP,FTPS,SFTP"),
        _count("OCPPCommCtrlr", "HeartbeatInterval", 300, unit="s", least=1),
        _count("OCPPCommCtrlr", "MessageAttemptInterval", 60, unit="s", instance="TransactionEvent"),
        _count("OCPPCommCtrlr", "MessageAttempts", 3, instance="TransactionEvent", most=100),
        _count("OCPPCommCtrlr", "MessageTimeout", 30, unit="s", instance="Default", least=1, most=600),
        Variable("OCPPCommCtrlr", "NetworkConfigurationPriority", "1", _ORDER, RW, values="1,2,3", reboot=True),
        _count("OCPPCommCtrlr", "NetworkProfileConnectionAttempts", 3, most=100),
        _count("OCPPCommCtrlr", "OfflineThreshold", 300, unit="s"),
        _count("OCPPCommCtrlr", "ResetRetries", 3, most=10),
        _count("OCPPCommCtrlr", "RetryBackOffRandomRange", 10, unit="s"),
        _count("OCPPCommCtrlr", "RetryBackOffRepeatTimes", 4, most=100),
        _count("OCPPCommCtrlr", "RetryBackOffWaitMinimum", 1, unit="s"),
        _flag("OCPPCommCtrlr", "UnlockOnEVSideDisconnect", "true"),
        _count("OCPPCommCtrlr", "WebSocketPingInterval", 0, unit="s", most=3600),
        _flag("ReservationCtrlr", "Available", "true", RO),
        _flag("ReservationCtrlr", "Enabled", "true"),
        _flag("SampledDataCtrlr", "Enabled", "true"),
        _count("SampledDataCtrlr", "TxEndedInterval", 0, unit="s"),
        _members("SampledDataCtrlr", "TxEndedMeasurands", "Energy.Active.Import.Register", _MEASURANDS),
        _members("SampledDataCtrlr", "TxStartedMeasurands", "Energy.Active.Import.Register", _MEASURANDS),
        _count("SampledDataCtrlr", "TxUpdatedInterval", options.meter_interval, unit="s"),
        _members("SampledDataCtrlr", "TxUpdatedMeasurands", _SAMPLED, _MEASURANDS),
        Variable("SecurityCtrlr", "BasicAuthPassword", options.password or "", "string", WO, least=16, most=64),
        Variable("SecurityCtrlr", "Identity", options.identity),
        Variable("SecurityCtrlr", "OrganizationName", "", "string", RW, most=64),
        _count("SecurityCtrlr", "CertificateEntries", 0, RO, most=10),
        _count("SecurityCtrlr", "SecurityProfile", 0, RO, most=3),
        _flag("SmartChargingCtrlr", "Available", "true", RO),
        _flag("SmartChargingCtrlr", "Enabled", "true"),
        _count("SmartChargingCtrlr", "Entries", 0, RO, instance="ChargingProfiles", most=10),
        Variable("SmartChargingCtrlr", "LimitChangeSignificance", "1.0", "decimal", RW, unit="Percent", most=100),
        _count("SmartChargingCtrlr", "PeriodsPerSchedule", 24, RO, most=1024),
        _count("SmartChargingCtrlr", "ProfileStackLevel", 10, RO, most=100),
        Variable("SmartChargingCtrlr", "RateUnit", "A,W", "MemberList", values="A,W"),
        _flag("TariffCostCtrlr", "Available", "false", RO) if options.version == "2.0.1"
        else Variable("TariffCostCtrlr", "Available", "false", "boolean", instance="Tariff"),
        _count("TxCtrlr", "EVConnectionTimeOut", 60, unit="s", most=3600),
        _flag("TxCtrlr", "StopTxOnEVSideDisconnect", "true", RO),
        _flag("TxCtrlr", "StopTxOnInvalidId", "true"),
        Variable("TxCtrlr", "TxStartPoint", "PowerPathClosed", "MemberList", values="PowerPathClosed"),
        Variable("TxCtrlr", "TxStopPoint", _STOP_POINT, "MemberList", values=_STOP_POINT),
    )  # fmt: skip


def _places(options: SimulatorOptions) -> Iterator[Variable]:
    for n in range(1, options.connectors + 1):
        for name, value, kind in (
            ("AvailabilityState", "Available", "OptionList"),
            ("Available", "true", "boolean"),
            ("Problem", "false", "boolean"),
        ):
            yield Variable("EVSE", name, value, kind, evse=n)
            yield Variable("Connector", name, value, kind, evse=n, connector=1)
        yield Variable("EVSE", "SupplyPhases", "3", "integer", evse=n)
        yield Variable("EVSE", "Power", "0", "decimal", unit="W", most=11040, evse=n)
        yield Variable("Connector", "ConnectorType", "sType2", "string", evse=n, connector=1)
        yield Variable("Connector", "SupplyPhases", "3", "integer", evse=n, connector=1)


def inventory(options: SimulatorOptions) -> list[Variable]:
    """All variables of a station with these options, the vendor's own ones last."""
    vendor = (
        _count(f"VendorCtrlr{n // 100:02}", f"Setting{n:04}", n, unit="s", most=10**6)
        for n in range(1, options.variables + 1)
    )
    every = (*_station(options), *_places(options), *vendor)
    return [one for one in every if one.name != "Available" or "no-available-variable" not in options.quirks]
