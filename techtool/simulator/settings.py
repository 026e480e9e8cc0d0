"""The settings that a simulated charger acts on: one name here, and where each version keeps it."""

from __future__ import annotations

KEYS_16: dict[str, str] = {
    "heartbeat": "HeartbeatInterval",
    "ping": "WebSocketPingInterval",
    "timeout": "MessageTimeout",
    "attempts": "TransactionMessageAttempts",
    "retry": "TransactionMessageRetryInterval",
    "sample_interval": "MeterValueSampleInterval",
    "sampled": "MeterValuesSampledData",
    "aligned_interval": "ClockAlignedDataInterval",
    "aligned": "MeterValuesAlignedData",
    "ended": "StopTxnSampledData",
    "connection_timeout": "ConnectionTimeOut",
    "authorize_remote": "AuthorizeRemoteTxRequests",
    "local_pre": "LocalPreAuthorize",
    "local_offline": "LocalAuthorizeOffline",
    "offline_unknown": "AllowOfflineTxForUnknownId",
    "stop_invalid": "StopTransactionOnInvalidId",
    "list_enabled": "LocalAuthListEnabled",
    "list_capacity": "LocalAuthListMaxLength",
    "cache_enabled": "AuthorizationCacheEnabled",
}
"""1.6 configuration keys."""

VARIABLES_2X: dict[str, tuple[str, str, str | None]] = {
    "heartbeat": ("OCPPCommCtrlr", "HeartbeatInterval", None),
    "ping": ("OCPPCommCtrlr", "WebSocketPingInterval", None),
    "timeout": ("OCPPCommCtrlr", "MessageTimeout", "Default"),
    "attempts": ("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
    "retry": ("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"),
    "sample_interval": ("SampledDataCtrlr", "TxUpdatedInterval", None),
    "sampled": ("SampledDataCtrlr", "TxUpdatedMeasurands", None),
    "started": ("SampledDataCtrlr", "TxStartedMeasurands", None),
    "aligned_interval": ("AlignedDataCtrlr", "Interval", None),
    "aligned": ("AlignedDataCtrlr", "Measurands", None),
    "ended": ("SampledDataCtrlr", "TxEndedMeasurands", None),
    "connection_timeout": ("TxCtrlr", "EVConnectionTimeOut", None),
    "authorize_remote": ("AuthCtrlr", "AuthorizeRemoteStart", None),
    "local_pre": ("AuthCtrlr", "LocalPreAuthorize", None),
    "local_offline": ("AuthCtrlr", "LocalAuthorizeOffline", None),
    "offline_unknown": ("AuthCtrlr", "OfflineTxForUnknownIdEnabled", None),
    "stop_invalid": ("TxCtrlr", "StopTxOnInvalidId", None),
    "list_enabled": ("LocalAuthListCtrlr", "Enabled", None),
    "list_capacity": ("LocalAuthListCtrlr", "Entries", None),
    "cache_enabled": ("AuthCacheCtrlr", "Enabled", None),
    "page": ("DeviceDataCtrlr", "ItemsPerMessage", "GetReport"),
}
"""2.x component, variable and instance of the variable."""
