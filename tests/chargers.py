"""A listening session, and raw sockets and WebSocket clients that call it, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from techtool.csms.knocks import Knock
from techtool.csms.policy import Policy
from techtool.journal.store import Journal
from techtool.session import Session
from techtool.station.model import Station

BOOT = {"chargePointVendor": "ACME", "chargePointModel": "WallBox 22"}
AVAILABLE = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


class Visit:
    """A session under test."""

    def __init__(self, session: Session, port: int) -> None:
        self.session = session
        self.port = port
        self._came = asyncio.Event()
        session.watch(lambda taken: self._came.set())

    @classmethod
    @contextlib.asynccontextmanager
    async def begin(cls, journal: Path, policy: Policy | None = None, port: int = 0) -> AsyncIterator[Visit]:
        with Journal.open(journal) as opened:
            session = Session(opened, policy)
            listening = await session.listen("127.0.0.1", port)
            try:
                yield cls(session, listening.port)
            finally:
                await session.close()

    async def until(self, true: Callable[[], Any], seconds: float = 30.0) -> None:
        """Wait until something is true of the session."""
        async with asyncio.timeout(seconds):
            while not true():
                self._came.clear()
                await self._came.wait()

    @property
    def station(self) -> Station:
        station = self.session.station
        assert station is not None
        return station

    @property
    def knocks(self) -> list[Knock]:
        return self.session.picture.knocks

    async def knock(self, data: bytes, *, hang_up: bool = False) -> bytes:
        """Send bytes on a raw socket; everything that comes back until the end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        if hang_up:
            await writer.drain()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            return b""
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = await reader.read()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        return answer

    @contextlib.asynccontextmanager
    async def charger(
        self, path: str = "/CP1", protocol: str | None = "ocpp1.6", **options: Any
    ) -> AsyncIterator[Charger]:
        offered = [Subprotocol(protocol)] if protocol else None
        uri = f"ws://127.0.0.1:{self.port}{path}"
        async with connect(uri, subprotocols=offered, ping_interval=None, **options) as socket:
            yield Charger(socket)


class Charger:
    """A charger that says what it is told to, in whatever order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.calls: list[list[Any]] = []
        self._ids = 0

    async def say(self, action: str, payload: Any) -> Any:
        """Send a CALL; its answer's payload."""
        self._ids += 1
        id = f"{action}-{self._ids}"
        await self.socket.send(json.dumps([2, id, action, payload]))
        while True:
            message = json.loads(await self.socket.recv())
            if message[0] == 2:
                self.calls.append(message)
            elif message[1] == id:
                return message[2]

    async def called(self) -> list[Any]:
        """The next CALL of the back office."""
        if self.calls:
            return self.calls.pop(0)
        message: list[Any] = json.loads(await self.socket.recv())
        assert message[0] == 2, message
        return message

    async def answer(self, call: list[Any], payload: Any) -> None:
        await self.socket.send(json.dumps([3, call[1], payload]))
