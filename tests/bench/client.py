"""One charger's round trips a second against any back office: the next CALL goes out when the answer is in.

A raw socket; the charger makes and reads JSON for every round trip, as a charger does.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import struct
import time
from typing import Any, NamedTuple

BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}
STAMP = "2026-11-22T10:00:00Z"


def heartbeat() -> tuple[str, dict[str, Any]]:
    return "Heartbeat", {}


def meter_values() -> tuple[str, dict[str, Any]]:
    """20 samples."""
    samples = [
        {
            "value": str(230 + number),
            "measurand": "Voltage" if number % 2 else "Current.Import",
            "phase": f"L{number % 3 + 1}",
            "unit": "V" if number % 2 else "A",
            "context": "Sample.Periodic",
            "location": "Outlet",
        }
        for number in range(20)
    ]
    return "MeterValues", {"connectorId": 1, "meterValue": [{"timestamp": STAMP, "sampledValue": samples}]}


class Measured(NamedTuple):
    per_second: float
    p50_us: float
    p99_us: float


def framed(text: str) -> bytes:
    """A masked text frame; the mask is zero, which is valid and costs the sender nothing."""
    data = text.encode()
    if len(data) < 126:
        size = bytes([0x80 | len(data)])
    elif len(data) < 65_536:
        size = b"\xfe" + struct.pack(">H", len(data))
    else:
        size = b"\xff" + struct.pack(">Q", len(data))
    return b"\x81" + size + b"\0\0\0\0" + data


class RawCharger:
    """A WebSocket client that does only what the measurement needs."""

    def __init__(self, port: int, path: str = "/BENCH", protocol: str = "ocpp1.6") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: {protocol}\r\n\r\n".encode()
        )
        self._rest = b""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(head.decode("latin-1"))

    def close(self) -> None:
        self.socket.close()

    def _more(self) -> bytes:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the back office hung up")
        return data

    def _need(self, size: int) -> None:
        while len(self._rest) < size:
            self._rest += self._more()

    def message(self) -> bytes:
        """The next text message; pings are answered on the way."""
        while True:
            self._need(2)
            opcode, size, start = self._rest[0] & 15, self._rest[1] & 127, 2
            if size == 126:
                self._need(4)
                size, start = struct.unpack(">H", self._rest[2:4])[0], 4
            elif size == 127:
                self._need(10)
                size, start = struct.unpack(">Q", self._rest[2:10])[0], 10
            self._need(start + size)
            data, self._rest = self._rest[start : start + size], self._rest[start + size :]
            if opcode == 1:
                return data
            if opcode == 9:
                self.socket.sendall(b"\x8a" + bytes([0x80 | len(data)]) + b"\0\0\0\0" + data)

    def exchange(self, id: str, action: str, payload: dict[str, Any]) -> None:
        """Send a CALL and wait for its answer; an echo will do. Calls of the back office are accepted."""
        self.socket.sendall(framed(json.dumps([2, id, action, payload])))
        while True:
            message = json.loads(self.message())
            if message[1] == id:
                return
            if message[0] == 2:
                self.socket.sendall(framed(json.dumps([3, message[1], {"status": "Accepted"}])))


def measure(port: int, action: str, payload: dict[str, Any], count: int) -> Measured:
    """``count`` round trips after a boot and a warm-up."""
    charger = RawCharger(port)
    try:
        charger.exchange("boot", "BootNotification", BOOT)
        for number in range(200):
            charger.exchange(f"warm{number}", action, payload)
        took = []
        began = time.perf_counter()
        for number in range(count):
            start = time.perf_counter()
            charger.exchange(str(number), action, payload)
            took.append(time.perf_counter() - start)
        seconds = time.perf_counter() - began
    finally:
        charger.close()
    took.sort()
    return Measured(count / seconds, took[count // 2] * 1e6, took[int(count * 0.99)] * 1e6)
