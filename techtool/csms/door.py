"""A socket before it is a link: bytes in; what to keep, what to send, and a verdict out.

Pure. It answers HTTP, reads the ClientHello of who speaks TLS, and ends in exactly one :class:`Admitted`
or :class:`Refused`; after that it hears nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from websockets.server import ServerProtocol

from techtool.csms import clienthello, handshake, requests, upgrade
from techtool.csms.handshake import Admission, Refusal
from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from techtool.csms.requests import Request
from techtool.station.changes import Found
from techtool.station.findings import Code, Severity

HANDSHAKE_S = 10.0
"""For so long the handshake may take."""
CLIENT_HELLO_S = 1.0
"""For so long the rest of a ClientHello is waited for."""

_WELCOME = """techtool waits here for an EV charger.

A charging station connects to this address by WebSocket (OCPP 1.6J, 2.0.1 or 2.1).
That you can read this shows that the address can be reached.
"""
_PHRASES = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 426: "Upgrade Required"}


class Head(NamedTuple):
    """The head of an HTTP request, as it came."""

    data: bytes


class Noise(NamedTuple):
    """Bytes that are no HTTP, or not all of it."""

    data: bytes


class Answer(NamedTuple):
    """Send this HTTP answer."""

    data: bytes


class Farewell(NamedTuple):
    """Send these WebSocket bytes."""

    data: bytes


class Wait(NamedTuple):
    """Say :meth:`Door.expired` after so many seconds."""

    seconds: float


class Refused(NamedTuple):
    """Close the socket; this is why."""

    reason: Reason
    detail: str
    identity: str | None = None
    """Who it says it is, where it says so."""


class Admitted(NamedTuple):
    """The handshake is done."""

    admission: Admission
    websocket: ServerProtocol
    findings: list[Found]
    rest: bytes
    """What came after the handshake, for the WebSocket."""


Event = Head | Noise | Answer | Farewell | Wait | Refused | Admitted


class Door:
    """The part of a connection before its handshake is done."""

    def __init__(self, host: str) -> None:
        """``host`` is the address of who knocks, for the identity of a charger that tells none."""
        self.decided = False
        """The verdict was given."""
        self._host = host
        self._head = bytearray()
        self._looked = 0

    def heard(self, data: bytes, policy: Policy) -> list[Event]:
        """Bytes came."""
        return [] if self.decided else list(self._marked(self._heard(data, policy)))

    def expired(self) -> list[Event]:
        """It took too long."""
        return [] if self.decided else list(self._marked(self._ended(f"nothing more in {HANDSHAKE_S:.0f} s")))

    def lost(self) -> list[Event]:
        """The other side has gone."""
        return [] if self.decided else list(self._marked(self._ended("")))

    def _marked(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Admitted | Refused):
                self.decided = True
                self._head.clear()
            yield event

    def _heard(self, data: bytes, policy: Policy) -> Iterator[Event]:
        self._head += data
        head = self._head
        if clienthello.looks_like_tls(head[:2]):
            size = clienthello.size(head[:5])
            if size is None or len(head) < size:
                yield Wait(CLIENT_HELLO_S)
            else:
                yield from self._tls()
            return
        if not requests.may_be_http(bytes(head[:17])):
            yield Noise(bytes(head))
            yield Refused(Reason.NOT_HTTP, f"{len(head)} bytes, first {head[:8].hex(' ')}")
            return
        end = requests.end_of_head(head, self._looked)
        self._looked = len(head)
        if end is not None:
            whole, rest = bytes(head[:end]), bytes(head[end:])
            yield Head(whole)
            for event in self._shake_hands(whole, rest, policy):
                if isinstance(event, Refused) and rest:
                    yield Noise(rest)  # the body of a request, or what a charger said too soon
                yield event
        elif len(head) > requests.MAX_HEAD:
            yield Noise(bytes(head))
            yield Refused(Reason.BAD_HANDSHAKE, f"a request of more than {requests.MAX_HEAD:,} bytes")

    def _tls(self) -> Iterator[Event]:
        said = bytes(self._head)
        yield Noise(said)
        hello = clienthello.parse(said)
        yield Refused(Reason.TLS_ON_PLAIN, hello.text if hello else "")

    def _ended(self, detail: str) -> Iterator[Event]:
        if clienthello.looks_like_tls(self._head[:2]):
            yield from self._tls()
        elif self._head:
            yield Noise(bytes(self._head))
            yield Refused(Reason.CUT_OFF, detail)
        else:
            yield Refused(Reason.SILENT, detail)

    def _shake_hands(self, head: bytes, rest: bytes, policy: Policy) -> Iterator[Event]:
        request = requests.read(head)
        if request is None or (request.wants_websocket and not request.header("sec-websocket-key")):
            yield _answer(400, "This is no WebSocket handshake.\n")
            yield Refused(Reason.BAD_HANDSHAKE, head.split(b"\r\n")[0][:200].decode("latin-1"))
            return
        if not request.wants_websocket:
            yield _answer(426, _WELCOME)
            reason = Reason.SOAP if request.is_soap else Reason.NO_UPGRADE
            yield Refused(reason, f"{request.method} {handshake.shown_path(request.path)}"[:200])
            return
        verdict = handshake.decide(request.path, request.headers, self._host, policy)
        if isinstance(verdict, Refusal) and verdict.status is not None:
            yield _answer(verdict.status, "techtool does not let this charger in.\n")
            yield Refused(verdict.reason, verdict.detail, verdict.identity)
            return
        websocket = upgrade.upgraded(request, verdict if isinstance(verdict, Admission) else None)
        yield Answer(b"".join(websocket.data_to_send()))
        if isinstance(verdict, Refusal):
            websocket.send_close(1002, "no OCPP version in common")
            yield Farewell(b"".join(websocket.data_to_send()))
            yield Refused(verdict.reason, verdict.detail, verdict.identity)
            return
        yield Admitted(verdict, websocket, _findings(verdict, request), rest)


def _findings(admission: Admission, request: Request) -> list[Found]:
    odd = upgrade.oddities(request)
    return [
        *admission.findings,
        *(Found(Code.ODD_HANDSHAKE, f"The handshake has {one}.", one, Severity.INFO) for one in odd),
    ]


def _answer(status: int, text: str) -> Answer:
    body = text.encode()
    lines = [
        f"HTTP/1.1 {status} {_PHRASES[status]}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
    ]
    if status == 401:
        lines.append('WWW-Authenticate: Basic realm="techtool", charset="UTF-8"')
    if status == 426:
        lines.append("Upgrade: websocket")
    return Answer("\r\n".join([*lines, "", ""]).encode() + body)
