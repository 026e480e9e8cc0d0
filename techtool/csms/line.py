"""One socket of the listener: asyncio on one side, the sans-I/O WebSocket and the attendant on the other.

An edge. What it decides is only what bytes these are; everything else is decided in pure modules.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from techtool.csms import clienthello, frames, handshake
from techtool.csms.attendant import Attendant, HangUp, Now, Ping, Say, TimedOut
from techtool.csms.dialogue import Ended
from techtool.csms.frames import Parsed
from techtool.csms.handshake import Admission, Refusal
from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from techtool.csms.version import StartKey
from techtool.station.changes import Found
from techtool.station.findings import Code, Severity
from techtool.station.records import Direction, Kind

HANDSHAKE_S = 10.0
CLIENT_HELLO_S = 1.0
MAX_HEAD = 32_768
CLOSING_S = 3.0
SLICE_S = 0.004
"""After so many seconds of one socket's messages, the rest of the program gets its turn."""

_METHOD = re.compile(rb"[A-Za-z]{0,16}( |$)")
_WELCOME = """techtool waits here for an EV charger.

A charging station connects to this address by WebSocket (OCPP 1.6J, 2.0.1 or 2.1).
That you can read this shows that the address can be reached.
"""


class House(Protocol):
    """What a line needs of the session that it belongs to."""

    policy: Policy

    def enter(self, peer: str, local: str) -> int:
        """A socket was accepted; its connection number."""

    def record(
        self, connection: int, direction: Direction, kind: Kind, data: bytes, parsed: Parsed | None = None
    ) -> None:
        """Keep what passed."""

    def settle(self) -> None:
        """Everything recorded so far may now be looked at."""

    def linked(self, line: Line) -> None:
        """The handshake is done."""

    def ended(self, ended: Ended) -> None:
        """A call is over."""

    def left(self, line: Line) -> None:
        """The socket is gone."""

    def transaction_id(self, identity: str, key: StartKey) -> int:
        """The id for a 1.6 transaction."""


def now() -> Now:
    """Both clocks."""
    return Now(datetime.now(UTC), time.monotonic())


class Line(asyncio.Protocol):
    """One connection, from its first byte to its last."""

    identity: str | None = None
    protocol: str | None = None

    def __init__(self, house: House) -> None:
        self._house = house
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._number = 0
        self._head = b""
        self._knocked = False
        self._websocket: ServerProtocol | None = None
        self._attendant: Attendant | None = None
        self._fragments: list[bytes] = []
        self._opcode = Opcode.TEXT
        self._partial: list[bytes] = []
        self._pending: deque[Frame] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._hung_up: tuple[int, str] | None = None
        self._peer = "?"

    # --- asyncio -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A socket was accepted."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._peer = _address(transport.get_extra_info("peername"))
        self._number = self._house.enter(self._peer, _address(transport.get_extra_info("sockname")))
        self._set_timer(self._loop.time() + HANDSHAKE_S)
        self._house.settle()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._knocked:
            return
        if self._attendant is None:
            self._knocking(data)
        else:
            self._receive(data)
        self._house.settle()

    def eof_received(self) -> bool:
        """The other side will send no more."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        self._stop_timer()
        while self._pending:
            self._frame(self._pending.popleft())
        if self._attendant is not None:
            self._attendant.closed(now())
            self._act()
            if self._partial and self._hung_up is None and not self._closed_by_charger:
                self._note_bytes(Kind.NOISE, b"".join(self._partial))
        elif not self._knocked:
            if self._head:
                self._note_bytes(Kind.NOISE, self._head)
            self._knock(Reason.CUT_OFF if self._head else Reason.SILENT, "")
        self._record(Direction.NOTE, Kind.CLOSED, json.dumps(self._ending(error)).encode())
        self._house.left(self)
        self._house.settle()

    def pause_writing(self) -> None:
        """The charger reads too slowly: it must not make us collect answers without limit."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It has caught up."""
        if self._transport is not None and not self._pending:
            self._transport.resume_reading()

    # --- for the session ---------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The connection number."""
        return self._number

    def set_policy(self, policy: Policy) -> None:
        """From now on this holds."""
        if self._attendant is not None:
            self._attendant.policy = policy

    def call(self, action: str, payload: Any, timeout: float) -> str:
        """Queue a call; its end is told to the session under the id that this returns."""
        assert self._attendant is not None
        id = self._attendant.call(action, payload, now(), timeout)
        self._act()
        self._house.settle()
        return id

    def hang_up(self, code: int, reason: str) -> None:
        """Close the link, politely at first."""
        websocket, transport = self._websocket, self._transport
        if transport is None or transport.is_closing():
            return
        self._hung_up = self._hung_up or (code, reason)
        if websocket is None or self._attendant is None:
            transport.close()
            return
        if websocket.state is OPEN:
            websocket.send_close(code, reason)
        self._flush()
        self._stop_timer()
        self._timer = self._loop.call_later(CLOSING_S, transport.abort)

    # --- before the handshake ----------------------------------------------------------------------------

    def _knocking(self, data: bytes) -> None:
        self._head += data
        head = self._head
        if clienthello.looks_like_tls(head):
            size = clienthello.size(head)
            if size is None or len(head) < size:
                self._set_timer(self._loop.time() + CLIENT_HELLO_S)
            else:
                self._tls()
        elif not _METHOD.match(head[:17].split(b"\r")[0]):
            self._note_bytes(Kind.NOISE, head)
            self._refuse(Reason.NOT_HTTP, f"{len(head)} bytes, first {head[:8].hex(' ')}")
        elif b"\r\n\r\n" in head or b"\n\n" in head:
            end = head.index(b"\n\r\n" if b"\r\n\r\n" in head else b"\n\n") + (3 if b"\r\n\r\n" in head else 2)
            self._record(Direction.CHARGER, Kind.REQUEST, head[:end])
            self._shake_hands(head[:end])
            if self._attendant is not None and len(head) > end:
                self._receive(head[end:])
        elif len(head) > MAX_HEAD:
            self._note_bytes(Kind.NOISE, head)
            self._refuse(Reason.BAD_HANDSHAKE, f"a request of more than {MAX_HEAD:,} bytes")

    def _tls(self) -> None:
        self._note_bytes(Kind.NOISE, self._head)
        hello = clienthello.parse(self._head)
        self._refuse(Reason.TLS_ON_PLAIN, hello.text if hello else "")

    def _shake_hands(self, head: bytes) -> None:
        websocket = ServerProtocol(max_size=frames.MAX_BYTES + 1024)
        websocket.receive_data(head)
        events = websocket.events_received()
        if not events:
            problem = websocket.handshake_exc or websocket.parser_exc
            self._refuse_unreadable(head, str(problem or "unreadable")[:200])
            return
        request = events[0]
        assert isinstance(request, Request)
        headers: dict[str, list[str]] = {}
        for name, value in request.headers.raw_items():
            headers.setdefault(name.lower(), []).append(value)
        if "websocket" not in ",".join(headers.get("upgrade", ())).lower():
            self._answer_http(websocket, 426, _WELCOME)
            self._refuse(Reason.NO_UPGRADE, f"{request.method} {request.path}"[:200])
            return
        verdict = handshake.decide(request.path, headers, self._peer.rsplit(":", 1)[0], self._house.policy)
        if isinstance(verdict, Refusal) and verdict.status is not None:
            self._answer_http(websocket, verdict.status, "techtool does not let this charger in.\n")
            self._refuse(verdict.reason, verdict.detail)
            return
        self._upgrade(websocket, request, verdict)

    def _upgrade(self, websocket: ServerProtocol, request: Request, verdict: Admission | Refusal) -> None:
        findings = list(verdict.findings) if isinstance(verdict, Admission) else []
        if request.protocol == "HTTP/1.0":
            findings.append(
                Found(Code.LEGACY_HTTP, "Asked for the upgrade with HTTP/1.0.", severity=Severity.INFO)
            )
            request.protocol = "HTTP/1.1"
        if isinstance(verdict, Admission) and verdict.protocol != "ocpp1.6":
            # compression is mandatory for a 2.x back office, and unheard of in 1.6
            websocket.available_extensions = [ServerPerMessageDeflateFactory()]
        response = websocket.accept(request)
        if isinstance(verdict, Admission) and verdict.subprotocol and response.status_code == 101:
            # set here, so that a header which the library would refuse does not keep the charger out
            response.headers["Sec-WebSocket-Protocol"] = verdict.subprotocol
        websocket.send_response(response)
        self._websocket = websocket
        if response.status_code != 101:
            self._flush(Kind.RESPONSE)
            self._refuse(Reason.BAD_HANDSHAKE, str(websocket.handshake_exc)[:200])
            return
        self._flush(Kind.RESPONSE)
        if isinstance(verdict, Refusal):
            websocket.send_close(1002, "no OCPP version in common")
            self._flush()
            self._refuse(verdict.reason, verdict.detail)
            return
        self._admit(verdict, findings)

    def _admit(self, admission: Admission, findings: list[Found]) -> None:
        self.identity = admission.identity
        self.protocol = admission.protocol
        note = {
            "identity": admission.identity,
            "protocol": admission.protocol,
            "offered": admission.offered,
            "path": admission.path,
            "user": admission.user,
            "findings": [
                {"code": one.code, "text": one.text, "subject": one.subject, "severity": one.severity}
                for one in findings
            ],
        }
        self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())
        identity = admission.identity
        self._attendant = Attendant(
            admission.protocol,
            self._house.policy,
            lambda key: self._house.transaction_id(identity, key),
            now(),
        )
        self._head = b""
        self._house.linked(self)
        self._set_timer(self._attendant.deadline)

    def _answer_http(self, websocket: ServerProtocol, status: int, text: str) -> None:
        response = websocket.reject(status, text)
        if status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="techtool", charset="UTF-8"'
        websocket.send_response(response)
        self._websocket = websocket
        self._flush(Kind.RESPONSE)

    def _refuse_unreadable(self, head: bytes, problem: str) -> None:
        """A request that the library does not read; so it cannot answer it either."""
        answer = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        self._record(Direction.LAPTOP, Kind.RESPONSE, answer)
        if self._transport is not None:
            self._transport.write(answer)
        if b"websocket" in head.lower():
            self._refuse(Reason.BAD_HANDSHAKE, problem)
        else:
            self._refuse(Reason.NO_UPGRADE, head.split(b"\r\n")[0][:200].decode("latin-1"))

    def _refuse(self, reason: Reason, detail: str) -> None:
        self._knock(reason, detail)
        if self._transport is not None:
            self._transport.close()

    def _knock(self, reason: Reason, detail: str) -> None:
        self._knocked = True
        note = {"reason": reason.value, "detail": detail}
        self._record(Direction.NOTE, Kind.KNOCK, json.dumps(note).encode())

    # --- the link ----------------------------------------------------------------------------------------

    def _receive(self, data: bytes) -> None:
        websocket = self._websocket
        assert websocket is not None
        self._partial.append(data)
        websocket.receive_data(data)
        events = websocket.events_received()
        if events:
            rest = bytes(websocket.reader.buffer)
            self._partial = [rest] if rest else []
        self._take_in(events)
        if websocket.parser_exc is not None and self._hung_up is None and not self._closed_by_charger:
            self._note_bytes(Kind.NOISE, b"".join(self._partial)[:MAX_HEAD])
            code = websocket.close_sent.code if websocket.close_sent else 1002
            self._hung_up = (code, f"broken WebSocket framing: {websocket.parser_exc}")

    def _take_in(self, events: Sequence[Any]) -> None:
        self._pending.extend(events)
        self._work()

    def _work(self) -> None:
        """Handle messages for a slice of time; the rest waits for the next turn of the loop."""
        end = self._loop.time() + SLICE_S
        while self._pending:
            self._frame(self._pending.popleft())
            if self._pending and self._loop.time() > end:
                if self._transport is not None:
                    self._transport.pause_reading()
                self._loop.call_soon(self._resume)
                break
        self._flush()
        if self._websocket is not None and self._websocket.close_expected() and self._transport is not None:
            self._stop_timer()
            self._timer = self._loop.call_later(CLOSING_S, self._transport.abort)

    def _resume(self) -> None:
        if not self._pending:
            return
        self._work()
        self._house.settle()
        if not self._pending and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _frame(self, frame: Frame) -> None:
        assert self._attendant is not None
        match frame.opcode:
            case Opcode.TEXT | Opcode.BINARY | Opcode.CONT:
                if frame.opcode is not Opcode.CONT:
                    self._opcode = frame.opcode
                if frame.fin and not self._fragments:
                    self._message(bytes(frame.data))
                    return
                self._fragments.append(bytes(frame.data))
                if frame.fin:
                    whole = b"".join(self._fragments)
                    self._fragments.clear()
                    self._message(whole)
            case Opcode.PING:
                self._record(Direction.CHARGER, Kind.PING, bytes(frame.data))
                self._record(Direction.LAPTOP, Kind.PONG, bytes(frame.data))
            case Opcode.PONG:
                self._record(Direction.CHARGER, Kind.PONG, bytes(frame.data))
                self._attendant.ponged(now())
            case _:
                pass

    def _message(self, data: bytes) -> None:
        assert self._attendant is not None
        kind = Kind.TEXT if self._opcode is Opcode.TEXT else Kind.BINARY
        parsed = frames.parse(data)
        self._house.record(self._number, Direction.CHARGER, kind, data, parsed)
        if self._attendant.heard(parsed, now()):
            self._set_timer(self._attendant.deadline)
        self._do()

    def _act(self) -> None:
        """Do what the attendant wants, send it, and wake up when it wants to be asked again."""
        self._do()
        self._flush()
        if self._hung_up is None and self._attendant is not None:
            self._set_timer(self._attendant.deadline)

    def _do(self) -> None:
        """Do what the attendant wants, in its order."""
        attendant, websocket = self._attendant, self._websocket
        assert attendant is not None and websocket is not None
        for effect in attendant.take():
            match effect:
                case Say(frame):
                    if websocket.state is OPEN:
                        data = effect.data
                        websocket.send_text(data)
                        self._house.record(self._number, Direction.LAPTOP, Kind.TEXT, data, Parsed(frame))
                case Ping():
                    if websocket.state is OPEN:
                        websocket.send_ping(b"techtool")
                        self._record(Direction.LAPTOP, Kind.PING, b"techtool")
                case HangUp(code, reason):
                    self.hang_up(code, reason)
                case TimedOut(note):
                    self._record(Direction.NOTE, Kind.TIMEOUT, note)
                case Ended():
                    self._house.ended(effect)
                case _:
                    pass  # a late answer is told by the reading of the records

    @property
    def _closed_by_charger(self) -> bool:
        websocket = self._websocket
        return (
            websocket is not None and websocket.close_rcvd is not None and websocket.close_rcvd_then_sent is True
        )

    def _ending(self, error: Exception | None) -> dict[str, Any]:
        websocket = self._websocket
        received = websocket.close_rcvd if websocket is not None else None
        if received is not None and self._hung_up is None:
            return {"code": received.code, "reason": received.reason, "by": "charger"}
        if self._hung_up is not None:
            code, reason = self._hung_up
            return {"code": code, "reason": reason, "by": "laptop"}
        if self._knocked:
            return {"code": None, "reason": "", "by": "laptop"}
        reason = f"no close frame{f' ({error.__class__.__name__})' if error else ''}"
        return {"code": 1006, "reason": reason, "by": "network"}

    # --- small change ------------------------------------------------------------------------------------

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self._number, direction, kind, data)

    def _note_bytes(self, kind: Kind, data: bytes) -> None:
        self._record(Direction.CHARGER, kind, data)

    def _flush(self, kind: Kind | None = None) -> None:
        websocket, transport = self._websocket, self._transport
        if websocket is None or transport is None:
            return
        out = websocket.data_to_send()
        if not out:
            return
        data = b"".join(out)
        if kind is not None:
            self._record(Direction.LAPTOP, kind, data)
        if transport.is_closing():
            return
        transport.write(data)
        if b"" in out and transport.can_write_eof():
            transport.write_eof()

    def _set_timer(self, when: float | None) -> None:
        """Wake up at ``when`` at the latest; waking up too early does no harm."""
        if when is None or self._hung_up is not None:
            return
        if self._timer is not None:
            if self._timer.when() <= when and not self._timer.cancelled():
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._wake)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        if self._attendant is not None:
            self._attendant.tick(now())
            self._act()
        elif self._head and clienthello.looks_like_tls(self._head):
            self._tls()
        elif not self._knocked:
            if self._head:
                self._note_bytes(Kind.NOISE, self._head)
            seconds = f"nothing more in {HANDSHAKE_S:.0f} s"
            self._refuse(Reason.CUT_OFF if self._head else Reason.SILENT, seconds)
        self._house.settle()


def _address(name: Any) -> str:
    if not isinstance(name, tuple) or len(name) < 2:
        return "?"
    host = f"[{name[0]}]" if ":" in str(name[0]) else name[0]
    return f"{host}:{name[1]}"
