"""Knocks: connection attempts that came to nothing, each with its reason and its cure in plain words."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why an attempt came to nothing."""

    TLS_ON_PLAIN = "tls-on-plain"
    NO_UPGRADE = "no-upgrade"
    SOAP = "soap"
    BAD_HANDSHAKE = "bad-handshake"
    UNKNOWN_SUBPROTOCOL = "unknown-subprotocol"
    OTHER_IDENTITY = "other-identity"
    WRONG_PASSWORD = "wrong-password"
    NO_PASSWORD = "no-password"
    NOT_HTTP = "not-http"
    SILENT = "silent"
    CUT_OFF = "cut-off"
    NO_BOOT = "no-boot"
    NOT_UNDERSTOOD = "not-understood"


SENTENCES: dict[Reason, str] = {
    Reason.TLS_ON_PLAIN: "spoke TLS on a plain port",
    Reason.NO_UPGRADE: "asked for a web page, not for a WebSocket",
    Reason.SOAP: "speaks OCPP over SOAP",
    Reason.BAD_HANDSHAKE: "sent a WebSocket handshake that is not valid",
    Reason.UNKNOWN_SUBPROTOCOL: "offered no OCPP version that is allowed here",
    Reason.OTHER_IDENTITY: "is not the charger that techtool waits for",
    Reason.WRONG_PASSWORD: "sent a wrong user name or password",
    Reason.NO_PASSWORD: "sent no password",
    Reason.NOT_HTTP: "sent bytes that are no HTTP",
    Reason.SILENT: "connected and said nothing",
    Reason.CUT_OFF: "hung up before its request was complete",
    Reason.NO_BOOT: "hung up without a BootNotification",
    Reason.NOT_UNDERSTOOD: "did something that techtool did not understand",
}

CURES: dict[Reason, str] = {
    Reason.TLS_ON_PLAIN: "The charger says wss://. Set its URL to ws://, and its security profile to 0 or 1.",
    Reason.NO_UPGRADE: "If this was the charger, something between strips the upgrade (a proxy?). "
    "If it was a browser: all is well, a charger can reach this address.",
    Reason.SOAP: "Set the charger to OCPP 1.6J (JSON), 2.0.1 or 2.1: SOAP is not spoken here.",
    Reason.BAD_HANDSHAKE: "Open it to see the request. A proxy may have changed it.",
    Reason.UNKNOWN_SUBPROTOCOL: "Set the charger to OCPP 1.6J, 2.0.1 or 2.1; if --ocpp is given, it must fit.",
    Reason.OTHER_IDENTITY: "Start techtool without --id to let it in.",
    Reason.WRONG_PASSWORD: "Compare the charger's AuthorizationKey or BasicAuthPassword with --password; "
    "the user name must be the charger's identity.",
    Reason.NO_PASSWORD: "Set the charger to security profile 1, or start techtool without --password.",
    Reason.NOT_HTTP: "Is this port meant for it? Other protocols than OCPP do not work here.",
    Reason.SILENT: "A port scan or a check by a modem does this. If it was the charger: does its URL say wss://?",
    Reason.CUT_OFF: "A bad cable or a modem that reconnects does this. It will try again.",
    Reason.NO_BOOT: "Many chargers try out a version like this and call again. If it repeats, look at the trace.",
    Reason.NOT_UNDERSTOOD: "This is a fault of techtool. Please send the redacted trace.",
}


class Knock(NamedTuple):
    """One attempt that came to nothing."""

    at: datetime
    connection: int
    address: str
    reason: Reason
    detail: str
    """What was seen, for instance the TLS versions offered; charger's text, untrusted."""
    record: int
    identity: str | None = None
    """Who it was, where that is known beside the detail; untrusted, too."""

    @property
    def text(self) -> str:
        """What happened, in one sentence."""
        # where the identity is all that was wrong, it is the detail, too
        seen = ", ".join(dict.fromkeys(part for part in (self.identity, self.detail) if part))
        return f"{SENTENCES[self.reason]} ({seen})" if seen else SENTENCES[self.reason]

    @property
    def cure(self) -> str:
        """What to do about it, in one or two sentences."""
        return CURES[self.reason]
