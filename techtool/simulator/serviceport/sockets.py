"""A serial port that is given out over TCP, as serial servers do, where there are no pseudo terminals. An edge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from techtool.simulator.serviceport.ends import DeviceError

HOST = "127.0.0.1"
MOST_UNREAD = 65_536
"""Bytes; what nobody reads is lost then, as on a real line."""


class Socket:
    """Listens on the loopback address; one caller at a time, as a port is for one program."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        self._caller: asyncio.Transport | None = None

    @property
    def name(self) -> str:
        """What to open."""
        return f"socket://{HOST}:{self._port}"

    async def open(self, hear: Callable[[bytes], None]) -> None:
        """Listen. Raises DeviceError."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Caller(self, hear), HOST, self._port)
        except OSError as error:
            raise DeviceError(f"{self.name} cannot be given out: {error.strerror}.") from error
        self._port = self._server.sockets[0].getsockname()[1]

    def write(self, data: bytes) -> None:
        """Say it."""
        if self._caller is not None and self._caller.get_write_buffer_size() < MOST_UNREAD:
            self._caller.write(data)

    def close(self) -> None:
        """Listen no more, and hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._caller is not None:
            self._caller.abort()
            self._caller = None

    def called(self, caller: asyncio.Transport) -> bool:
        """Whether a caller may have the port."""
        if self._caller is not None:
            return False
        self._caller = caller
        return True

    def left(self, caller: asyncio.Transport) -> None:
        """A caller has gone."""
        if self._caller is caller:
            self._caller = None


class _Caller(asyncio.Protocol):
    def __init__(self, port: Socket, hear: Callable[[bytes], None]) -> None:
        self._port, self._hear = port, hear
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._port.called(transport):
            self._transport = transport
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._transport is not None:
            self._hear(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._transport is not None:
            self._port.left(self._transport)
