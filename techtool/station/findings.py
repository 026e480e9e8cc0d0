"""Findings: what is not as the standard or good practice wants it. They never stop anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

EVIDENCE = 8
"""Records kept with a finding: the first ones, and the newest in the last place."""


class Severity(StrEnum):
    """How much a finding matters to the technician."""

    INFO = "info"
    WARNING = "warning"
    FAULT = "fault"


class Code(StrEnum):
    """Every finding that techtool can make."""

    NO_SUBPROTOCOL = "no-subprotocol"
    NO_IDENTITY = "no-identity"
    ODD_PATH = "odd-path"
    ODD_HANDSHAKE = "odd-handshake"
    IDENTITY_MISMATCH = "identity-mismatch"
    UNCHECKED_PASSWORD = "unchecked-password"
    PASSWORD_MATCHED = "password-matched"
    TAKEOVER = "takeover"
    SHORT_LINKS = "short-links"
    CUT_FRAME = "cut-frame"
    BROKEN_WEBSOCKET = "broken-websocket"
    BINARY_FRAME = "binary-frame"
    NOT_JSON = "not-json"
    NOT_OCPP = "not-ocpp"
    REPAIRED = "repaired"
    ODD_FRAME = "odd-frame"
    ODD_ID = "odd-id"
    REUSED_ID = "reused-id"
    UNKNOWN_ACTION = "unknown-action"
    SCHEMA = "schema"
    OWN_SCHEMA = "own-schema"
    BEFORE_BOOT = "before-boot"
    REFUSED_EARLY = "refused-early"
    BOOT_MISSING = "boot-missing"
    HABITS = "habits"
    REBOOTS_WHEN_ASKED = "reboots-when-asked"
    CLOCK = "clock"
    TIMESTAMP = "timestamp"
    FLOOD = "flood"
    NO_ANSWER = "no-answer"
    LATE_ANSWER = "late-answer"
    STRAY_ANSWER = "stray-answer"
    ERROR_ANSWER = "error-answer"
    DEAF = "deaf"
    REPLAYED = "replayed"
    MISSING_STOP = "missing-stop"
    METER_BACKWARDS = "meter-backwards"
    WRONG_UNIT = "wrong-unit"
    TRIGGER_REFUSED = "trigger-refused"
    TRIGGER_UNKEPT = "trigger-unkept"
    UNKNOWN_TRANSACTION = "unknown-transaction"
    SEQUENCE_GAP = "sequence-gap"
    SECURITY_EVENT = "security-event"
    NOT_UNDERSTOOD = "not-understood"
    ODD_PLACE = "odd-place"
    UPDATE_FAILED = "update-failed"
    UPLOAD_FAILED = "upload-failed"
    CHARGER_FAULT = "charger-fault"
    CHARGER_EVENT = "charger-event"
    CHECK_OFF = "check-off"
    TRIPS = "trips"
    ECHO = "echo"
    WRONG_PROFILE = "wrong-profile"
    JUNK = "junk"


@dataclass(frozen=True)
class Finding:
    """One deviation, however often it was seen."""

    code: Code
    subject: str
    """What it is about, so that the same deviation elsewhere is a finding of its own."""
    severity: Severity
    text: str
    first: datetime
    last: datetime
    count: int
    records: tuple[int, ...]
    """Numbers of records that show it."""
