"""The listening socket of the mini-CSMS."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import NamedTuple

from techtool.csms.line import House, Line


class Listening(NamedTuple):
    """Where the laptop listens."""

    host: str
    port: int


class ListenError(Exception):
    """The port cannot be listened on; the text says why and what to do."""


class Listener:
    """Listens for chargers and gives each socket a :class:`Line`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._server: asyncio.Server | None = None

    async def listen(self, host: str, port: int) -> Listening:
        """Start to listen; port 0 takes a free one. Raises :class:`ListenError`."""
        try:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: Line(self._house), host, port, backlog=64, start_serving=True
            )
        except OSError as error:
            raise ListenError(_explain(error, host, port)) from error
        bound = self._server.sockets[0].getsockname()
        return Listening(host, int(bound[1]))

    async def close(self) -> None:
        """Take no more sockets. The open lines are closed by who owns them."""
        if self._server is not None:
            self._server.close()
            self._server = None


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be opened by this user; ports below 1024 need more rights. Try 9000."
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"This laptop has no address {host}. Give --listen PORT alone to listen on all of them."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."
