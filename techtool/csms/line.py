"""One socket of the listener: asyncio on one side, the sans-I/O WebSocket and the attendant on the other.

An edge. It knows what bytes these are and when they may be sent; everything else is decided in pure
modules. A line is in one of four states: knocking, linked, closing (no message is answered any more),
gone (nothing is sent any more).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections import deque
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from techtool.csms import door, frames
from techtool.csms.assembly import Assembly, Message, TooManyFragmentsError
from techtool.csms.attendant import Attendant, HangUp, Now, Ping, Say, TimedOut
from techtool.csms.dialogue import Ended
from techtool.csms.door import HANDSHAKE_S, Door
from techtool.csms.frames import Parsed
from techtool.csms.house import House
from techtool.csms.policy import Policy
from techtool.csms.survey import Survey
from techtool.station.records import Direction, Kind

CLOSING_S = 3.0
SLICE_S = 0.001
"""After so many seconds of one socket's messages they are folded, which takes up to four times as long, and the
rest of the program gets its turn."""
NOISE_KEPT = 65_536
LATE_KEPT = 1_000_000
"""Bytes of messages that come after our close: nothing slows their sender down then."""
UNREAD_BYTES = 4 * 1024 * 1024
"""Answers that a charger may leave unread, while it empties a queue of its own, before we stop reading."""


class State(Enum):
    """How far a line is."""

    KNOCKING = 1
    LINKED = 2
    CLOSING = 3
    GONE = 4


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
        self._state = State.KNOCKING
        self._number = 0
        self._door: Door | None = None
        self._websocket: ServerProtocol | None = None
        self._attendant: Attendant | None = None
        self._assembly = Assembly()
        self._partial: list[bytes] = []
        self._omitted = 0
        """Bytes of the charger that are in no record."""
        self._late_bytes = 0
        """Of messages that came after our close."""
        self._pending: deque[Frame] = deque()
        self._write_paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._abort_timer: asyncio.TimerHandle | None = None
        self._hung_up: tuple[int, str] | None = None

    # --- asyncio -----------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A socket was accepted."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=UNREAD_BYTES)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        peer = _address(transport.get_extra_info("peername"))
        self._door = Door(peer.rsplit(":", 1)[0])
        self._number = self._house.enter(peer, _address(transport.get_extra_info("sockname")))
        self._set_timer(self._loop.time() + HANDSHAKE_S)
        self._house.settle()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._state is not State.KNOCKING:
            self._receive(data)
        elif self._door is not None:
            self._at_the_door(self._door.heard(data, self._house.policy))
        self._house.settle()

    def eof_received(self) -> bool:
        """The other side will send no more."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        knocking = self._state is State.KNOCKING
        ending = self._ending(error)
        if self._attendant is not None:
            ending["silent_s"] = round(self._attendant.silent_s(now()), 3)
        self._state = State.GONE
        for timer in (self._timer, self._abort_timer):
            if timer is not None:
                timer.cancel()
        while self._pending:  # it was said, though nobody can be answered any more
            self._frame(self._pending.popleft())
        self._end_calls()
        if not knocking and self._partial and self._hung_up is None and not self._closed_by_charger:
            self._note_bytes(b"".join(self._partial))
        elif knocking and self._door is not None:
            self._at_the_door(self._door.lost())
        if self._omitted:
            self._record(Direction.NOTE, Kind.OMITTED, json.dumps({"bytes": self._omitted}).encode())
        self._record(Direction.NOTE, Kind.CLOSED, json.dumps(ending).encode())
        self._house.left(self)
        self._house.settle()
        # what holds each other would stay for ever, with all its bytes, where the collector does not look
        self._attendant = self._websocket = self._door = None
        self._assembly = Assembly()
        self._partial.clear()

    def pause_writing(self) -> None:
        """The charger reads too slowly: it must not make us collect answers without limit."""
        self._write_paused = True
        self._let_read()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._write_paused = False
        self._loop.call_soon(self._resume)

    # --- for the session ---------------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The connection number."""
        return self._number

    @property
    def waits_for_reader(self) -> bool:
        """The charger does not read its answers, so nothing more is taken from it."""
        return self._write_paused

    @property
    def survey(self) -> Survey:
        """How far it is known what connectors there are."""
        return self._attendant.survey if self._attendant is not None else Survey.UNSURE

    def set_policy(self, policy: Policy) -> None:
        """From now on this holds."""
        if self._attendant is not None:
            self._attendant.policy = policy

    @property
    def closing(self) -> bool:
        """It is ending, or over: no message goes out any more."""
        return self._state in (State.CLOSING, State.GONE)

    @property
    def rejected(self) -> bool:
        """Its boot was answered Rejected: it must not answer."""
        return self._attendant is not None and self._attendant.rejected

    def call(self, action: str, payload: Any, timeout: float | None) -> str:
        """Queue a call; its end is told to the session under the id that this returns."""
        assert self._attendant is not None
        id = self._attendant.call(action, payload, now(), timeout)
        self._act()
        self._house.settle()
        return id

    def hang_up(self, code: int, reason: str) -> None:
        """Close the link, politely at first. Its open calls end at once."""
        transport = self._transport
        if transport is None or self._state is State.GONE:
            return
        self._hung_up = self._hung_up or (code, reason)
        if self._websocket is None or self._state is State.KNOCKING:
            transport.close()
            return
        if self._websocket.state is OPEN:
            self._websocket.send_close(code, reason)
        self._flush()
        self._start_closing()

    # --- before the handshake ----------------------------------------------------------------------------

    def _at_the_door(self, events: list[door.Event]) -> None:
        for event in events:
            match event:
                case door.Head(data):
                    self._record(Direction.CHARGER, Kind.REQUEST, data)
                case door.Noise(data):
                    self._note_bytes(data)
                case door.Answer(data):
                    self._record(Direction.LAPTOP, Kind.RESPONSE, data)
                    self._write(data)
                case door.Farewell(data):
                    self._record(Direction.LAPTOP, Kind.CLOSE, data)
                    self._write(data)
                case door.Wait(seconds):
                    self._set_timer(self._loop.time() + seconds)
                case door.Refused(reason, detail, told):
                    note = {"reason": reason.value, "detail": detail}
                    if told is not None:
                        note["identity"] = told
                    self._record(Direction.NOTE, Kind.KNOCK, json.dumps(note).encode())
                    if self._transport is not None:
                        self._transport.close()
                case door.Admitted():
                    self._admit(event)

    def _admit(self, admitted: door.Admitted) -> None:
        admission = admitted.admission
        identity = self.identity = admission.identity
        self.protocol = admission.protocol
        note = {
            "identity": identity,
            "protocol": admission.protocol,
            "offered": admission.offered,
            "path": admission.path,
            "user": admission.user,
            "findings": [
                {"code": one.code, "text": one.text, "subject": one.subject, "severity": one.severity}
                for one in admitted.findings
            ],
        }
        self._record(Direction.NOTE, Kind.LINKED, json.dumps(note).encode())
        self._websocket = admitted.websocket
        self._attendant = Attendant(
            admission.protocol,
            self._house.policy,
            lambda key: self._house.transaction_id(identity, key),
            now(),
            known=lambda: self._house.known(identity),
        )
        self._state = State.LINKED
        self._house.linked(self)
        self._set_timer(self._attendant.deadline)
        if admitted.rest:
            self._receive(admitted.rest)

    # --- the link ----------------------------------------------------------------------------------------

    def _receive(self, data: bytes) -> None:
        websocket = self._websocket
        assert websocket is not None
        websocket.receive_data(data)
        events = websocket.events_received()
        if self._state is not State.LINKED:
            messages = (one for one in events if isinstance(one, Frame) and one.opcode in DATA_OPCODES)
            if websocket.parser_exc:
                self._omitted += len(data)
            for one in messages:
                self._too_late(one)
            if websocket.close_rcvd is not None and self._transport is not None:
                self._transport.close()  # its close was all that was waited for
            return
        self._partial.append(data)
        if events:
            rest = bytes(websocket.reader.buffer)
            self._partial = [rest] if rest else []
        self._pending.extend(event for event in events if isinstance(event, Frame))
        self._work()
        if websocket.parser_exc is not None and not self._closed_by_charger:
            self._note_bytes(b"".join(self._partial))
            code = websocket.close_sent.code if websocket.close_sent else 1002
            self._hung_up = self._hung_up or (code, f"broken WebSocket framing: {websocket.parser_exc}")
        if websocket.close_expected():
            self._flush()
            self._start_closing()

    def _too_late(self, frame: Frame) -> None:
        """It was on its way when we closed: kept, and understood, though nobody can be answered any more."""
        self._late_bytes += len(frame.data)
        if self._late_bytes > LATE_KEPT:
            self._omitted += len(frame.data)
            return
        with contextlib.suppress(TooManyFragmentsError):
            if (message := self._assembly.add(frame)) is not None:
                self._house.record(self._number, Direction.CHARGER, message.kind, message.data)

    def _work(self) -> None:
        """Handle messages for a slice of time; the rest waits for the next turn of the loop."""
        end = self._loop.time() + SLICE_S
        while self._pending and not self._write_paused and self._state is State.LINKED:
            self._frame(self._pending.popleft())
            if self._loop.time() > end:
                self._loop.call_soon(self._resume)
                break
        self._flush()
        self._let_read()

    def _resume(self) -> None:
        if self._state is State.LINKED:
            self._work()
            self._house.settle()

    def _let_read(self) -> None:
        """Read on only when everything that came is handled and its answers can go out."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if (self._pending or self._write_paused) and self._state is State.LINKED:
            transport.pause_reading()
        else:
            transport.resume_reading()

    def _frame(self, frame: Frame) -> None:
        assert self._attendant is not None
        match frame.opcode:
            case Opcode.TEXT | Opcode.BINARY | Opcode.CONT:
                self._part(frame)
            case Opcode.PING:
                self._record(Direction.CHARGER, Kind.PING, bytes(frame.data))
                self._record(Direction.LAPTOP, Kind.PONG, bytes(frame.data))
                self._attendant.seen(now())
            case Opcode.PONG:
                self._record(Direction.CHARGER, Kind.PONG, bytes(frame.data))
                self._attendant.ponged(now())
            case _:
                pass

    def _part(self, frame: Frame) -> None:
        try:
            message = self._assembly.add(frame)
        except TooManyFragmentsError as error:
            self.hang_up(1009, str(error))
            return
        if message is not None:
            self._message(message)

    def _message(self, message: Message) -> None:
        assert self._attendant is not None
        parsed = frames.parse(message.data)
        self._house.record(self._number, Direction.CHARGER, message.kind, message.data, parsed)
        if self._state is not State.LINKED:
            return
        if self._attendant.heard(parsed, now()):
            self._set_timer(self._attendant.deadline)
        self._do()

    def _act(self) -> None:
        """Do what the attendant wants, send it, and wake up when it wants to be asked again."""
        self._do()
        self._flush()
        if self._attendant is not None:
            self._set_timer(self._attendant.deadline)

    def _do(self) -> None:
        """Do what the attendant wants, in its order."""
        attendant, websocket = self._attendant, self._websocket
        assert attendant is not None and websocket is not None
        for effect in attendant.take():
            sendable = self._state is State.LINKED and websocket.state is OPEN
            match effect:
                case Say(frame) if sendable:
                    data = effect.data
                    websocket.send_text(data)
                    if not self._pending:  # otherwise more answers go out together
                        self._flush()
                    self._house.record(self._number, Direction.LAPTOP, Kind.TEXT, data, Parsed(frame))
                case Ping() if sendable:
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

    def _start_closing(self) -> None:
        """No message is answered any more; who does not close in time is cut off."""
        if self._state is not State.LINKED:
            return
        self._state = State.CLOSING
        self._end_calls()
        if self._transport is not None:
            self._let_read()
            self._abort_timer = self._loop.call_later(CLOSING_S, self._transport.abort)

    def _end_calls(self) -> None:
        if self._attendant is not None:
            self._attendant.closed(now())
            self._do()

    @property
    def _closed_by_charger(self) -> bool:
        return self._websocket is not None and self._websocket.close_rcvd_then_sent is True

    def _ending(self, error: Exception | None) -> dict[str, Any]:
        received = self._websocket.close_rcvd if self._websocket is not None else None
        if received is not None and self._hung_up is None:
            return {"code": received.code, "reason": received.reason, "by": "charger"}
        if self._hung_up is not None:
            code, reason = self._hung_up
            return {"code": code, "reason": reason, "by": "laptop"}
        if self._state is State.KNOCKING and self._door is not None and self._door.decided:
            return {"code": None, "reason": "", "by": "laptop"}
        reason = f"no close frame{f' ({error.__class__.__name__})' if error else ''}"
        return {"code": 1006, "reason": reason, "by": "network"}

    # --- small change ------------------------------------------------------------------------------------

    def _record(self, direction: Direction, kind: Kind, data: bytes) -> None:
        self._house.record(self._number, direction, kind, data)

    def _note_bytes(self, data: bytes) -> None:
        self._record(Direction.CHARGER, Kind.NOISE, data[:NOISE_KEPT])
        self._omitted += max(0, len(data) - NOISE_KEPT)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _flush(self) -> None:
        websocket, transport = self._websocket, self._transport
        if websocket is None or transport is None or self._state is State.GONE:
            return
        out = websocket.data_to_send()
        if not out or transport.is_closing():
            return
        transport.write(b"".join(out))
        if b"" in out and transport.can_write_eof():
            transport.write_eof()

    def _set_timer(self, when: float | None) -> None:
        """Wake up at ``when`` at the latest; waking up too early does no harm."""
        if when is None or self._state in (State.CLOSING, State.GONE):
            return
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._wake)

    def _wake(self) -> None:
        self._timer = None
        if self._state is State.LINKED and self._attendant is not None:
            self._attendant.tick(now())
            self._act()
        elif self._state is State.KNOCKING and self._door is not None:
            self._at_the_door(self._door.expired())
        self._house.settle()


def _address(name: Any) -> str:
    if not isinstance(name, tuple) or len(name) < 2:
        return "?"
    host = f"[{name[0]}]" if ":" in str(name[0]) else name[0]
    return f"{host}:{name[1]}"
