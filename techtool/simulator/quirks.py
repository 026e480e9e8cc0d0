"""Misbehaviour on demand: each name is a deviation that a real charger showed on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

QUIRKS: dict[str, str] = {
    # the handshake
    "no-subprotocol": "offers no Sec-WebSocket-Protocol",
    "tls-on-plain": "speaks TLS at a ws:// address",
    "identity-url": "sends a full URL where the identity belongs",
    "double-slash": "doubles the slashes of the path",
    "extra-path": "puts a part of its own into the path: /ocpp/ and then the identity",
    "percent-identity": "percent-encodes every character of the identity",
    "no-identity": "leaves the identity out of the path",
    "origin-header": "sends Origin and Cache-Control like a browser",
    "basic-hex": "sends the password hex-decoded, as raw bytes",
    "basic-text": "sends the hex digits of the password as text",
    "probe-connection": "opens an ocpp1.6 connection for 3 s before the real one (2.x)",
    "half-open": "leaves the old socket open when it goes offline and comes back on a new one",
    "no-pong": "never answers WebSocket pings",
    "compression": "offers permessage-deflate",
    "no-close-frame": "drops the TCP connection instead of closing the WebSocket",
    # boot and heartbeat
    "boot-missing": "never sends BootNotification unless it is triggered",
    "boot-always": "sends BootNotification on every reconnect, though it did not reboot",
    "boot-loop": "reboots 10 s after every accepted boot",
    "early-status": "sends StatusNotification before the boot is accepted",
    "security-event-early": "sends SecurityEventNotification before the boot is accepted",
    "boots-when-asked-early": "boots 3 s after the socket opens, and again if a CALL came before the answer",
    "heartbeat-flood": "sends the next Heartbeat as soon as the last is answered",
    "reboot-on-trigger": "really reboots when BootNotification is triggered",
    # bytes and frames
    "bad-json": "every fourth message lacks commas and is not JSON",
    "cut-frames": "every fifth message is cut off in the middle",
    "two-in-one": "puts an answer and the CALL that follows it into one WebSocket message",
    "nul-bytes": "ends every message with a NUL byte",
    "unclosed-reply": "leaves the last bracket off its answers",
    "spaced-json": "puts spaces into the JSON",
    "integer-ids": "message ids are numbers",
    "reused-ids": "message ids start at 1 on every connection",
    "four-element-error": "CALLERROR without details",
    "wordy-error": "CALLERROR with more than 255 characters, line breaks and details",
    "formation-violation": "CALLERROR with the code FormationViolation of 1.6 (2.x)",
    "null-payload": "sends null instead of an empty payload",
    "binary-frames": "sends binary WebSocket messages instead of text",
    # values
    "error-code-enum": "faults have a code that is not in the standard: Error",
    "unit-hz": "reports Frequency with the unit Hz, which 1.6 does not have",
    "kwh-energy": "sends kWh under the label Wh",
    "kwh-in-events": "reports kWh in TransactionEvent, but Wh in MeterValues (2.x)",
    "export-register": "reports the energy that it gives as Energy.Active.Export.Register",
    "bare-values": "readings without unit, the energy register without measurand, too",
    "uid-crc": "the last byte of a card's UID is the CRC of the reader",
    "numbers-for-strings": "sends numbers and booleans where 1.6 wants text",
    "strings-for-numbers": "sends text where numbers are due",
    "empty-strings": "sends optional fields that it does not have as empty text",
    "long-decimals": "readings with all the digits that a float has",
    "local-time": "timestamps in local time without a zone",
    "offset-time": "timestamps with +02:00",
    "long-fraction": "timestamps with 7 fraction digits",
    "clock-wrong": "the clock is one hour fast and cannot be set",
    "connector-zero": "transactions and readings name connector 0; in 2.x statuses, too",
    "seqno-from-1": "seqNo of reports and transactions starts at 1 (2.x)",
    "seqno-zero": "seqNo of TransactionEvent is always 0 (2.x)",
    "empty-report": "answers a report request with one empty NotifyReport with seqNo 1 (2.x)",
    "empty-meter": "sends MeterValues without values",
    # answers
    "deaf": "ignores every CALL",
    "deaf-after-idle": "ignores every CALL after a minute without traffic, until it reconnects",
    "dies-on-unknown": "drops the connection at an action that it cannot do",
    "strict-time": "drops the connection at a currentTime without Z or with more than 3 fraction digits",
    "reserve-authorizes-first": "answers ReserveNow only after its own Authorize is answered (1.6)",
    "slow-answers": "answers after 8 s",
    "late-answers": "answers after 40 s",
    "effect-before-answer": "sends what a CALL causes ahead of its answer",
    "reset-unanswered": "resets without an answer",
    "keeps-socket": "resets without closing the socket",
    "custom-operation": "accepts a trigger it cannot do and sends the action CustomOperation",
    "lying-features": "lists features that it then answers with NotImplemented",
    # configuration
    "getconfig-silent": "does not answer a request for all settings",
    "getconfig-maxkeys": "answers only the first 4 of the settings that it is asked for",
    "getconfig-ignores-keys": "answers all settings whichever it is asked for (1.6)",
    "hidden-keys": "answers some settings only where they are asked for by name",
    "no-available-variable": "lacks the optional variables Available (2.x)",
    "lower-case-only": "rejects True and FALSE, takes true and false (1.6)",
    "stores-junk": "accepts what is no boolean, and stores it as false",
    "measurand-boot-loop": "accepts any measurand, and reboots when it is asked what it has accepted (1.6)",
    "local-list-disabled": "offers local lists, but SendLocalList is Failed until they are enabled",
    "accepts-everything": "accepts and stores any value, also of unknown settings",
    "ignores-writes": "accepts a new value, but keeps the old one",
    # files
    "download-not-fetched": "reports Downloaded and Uploaded without fetching or sending anything",
    "error-page-downloaded": "takes the page of a 404 for the file, and installs it",
    "ftp-ascii": "fetches over FTP without TYPE I, so that a server may translate the ends of lines",
    "only-ftp": "fetches from and brings to FTP servers only",
    "only-http": "fetches from and brings to plain HTTP servers only",
    "firmware-status-missing": "never says how far an update is",
    "firmware-status-flood": "says a hundred times how far an update is",
    "unavailable-before-update": "reports itself Unavailable before it downloads firmware",
    "signed-update-only": "answers UpdateFirmware with NotSupported unless the firmware is signed",
    "picky-retrieve-date": "refuses an UpdateFirmware whose retrieve date is in the past by its clock",
    "zero-retries-never": "does not even try once where retries is 0",
    "no-diagnostics": "answers GetDiagnostics and GetLog with NotImplemented",
    # conduct
    "replays-doubled": "delivers what it queued while offline twice, the second time with the same message ids",
    "replays-new-ids": "delivers what it queued while offline twice, the second time with new message ids",
    "stop-without-start": "loses the start of a transaction that begins offline, delivers its end",
    "profile-lost": "forgets charging profiles with the connection",
    "stop-without-reason": "leaves the reason out of the end of a transaction",
    "negative-transaction-id": "StopTransaction with transactionId -1 (1.6)",
    "status-flood": "repeats every StatusNotification a hundred times",
    "status-missing": "never sends StatusNotification unless it is triggered",
    "hides-faults": "does not report faults",
    "remote-needs-connector": "rejects a remote start that names no connector",
    "own-whitelist": "lets in the first card of its own list without asking: 04A1B2C3, online and offline",
    "hex-only-tags": "rejects a remote start and a local list with cards that are not hexadecimal",
    "ignores-profiles": "accepts charging profiles and ignores them",
    "stack-zero-only": "rejects charging profiles with a stackLevel above 0",
}
"""Name and what it does, one line each, for ``--help``."""


def checked(names: Iterable[str], known: Mapping[str, str] = QUIRKS) -> frozenset[str]:
    """The names as a set.

    Raises:
        ValueError: there is no such quirk; the text lists those that there are.
    """
    wanted = frozenset(names)
    if unknown := sorted(wanted - known.keys()):
        raise ValueError(f"no such quirk: {', '.join(unknown)}. There are: {', '.join(sorted(known))}")
    return wanted
