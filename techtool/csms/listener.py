"""The listening socket of the mini-CSMS."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from techtool.csms.house import House
from techtool.csms.line import Line

CROWDED_S = 3.0
"""asyncio tries again after a second."""


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
        self._turned_away: float | None = None
        """When a socket could last not be accepted, monotonic seconds."""

    async def listen(self, host: str, port: int) -> Listening:
        """Start to listen; port 0 takes a free one. Raises :class:`ListenError`."""
        self._server = await _server(lambda: Line(self._house), host, port)
        asyncio.get_running_loop().set_exception_handler(self._handle)
        bound = self._server.sockets[0].getsockname()
        return Listening(host, int(bound[1]))

    @property
    def crowded(self) -> bool:
        """New sockets cannot be accepted, because this program has too many open ones."""
        return self._turned_away is not None and time.monotonic() - self._turned_away < CROWDED_S

    def _handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self._turned_away = time.monotonic()  # said in words where it is seen, not as a thousand tracebacks
        else:
            loop.default_exception_handler(context)

    async def close(self) -> None:
        """Take no more sockets. The open lines are closed by who owns them."""
        if self._server is not None:
            self._server.close()
            self._server = None
            asyncio.get_running_loop().set_exception_handler(None)


async def check(host: str, port: int) -> None:
    """Whether this can be listened on now; nobody is heard. Raises :class:`ListenError`."""
    server = await _server(asyncio.Protocol, host, port, serve=False)
    server.close()


async def _server(
    make: Callable[[], asyncio.Protocol], host: str, port: int, *, serve: bool = True
) -> asyncio.Server:
    try:
        where: dict[str, Any] = {"host": host, "port": port}
        if host == "::" and socket.has_dualstack_ipv6():
            # asyncio would take IPv6 alone, and chargers speak IPv4
            both = socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
            where = {"sock": both}
        loop = asyncio.get_running_loop()
        return await loop.create_server(make, backlog=64, start_serving=serve, **where)
    except (OSError, UnicodeError) as error:
        raise ListenError(_explain(error, host, port)) from error


def in_use(error: BaseException | None) -> bool:
    """Whether somebody else has the port; only then it helps to know who listens there."""
    return isinstance(error, OSError) and error.errno == errno.EADDRINUSE


def _explain(error: OSError | UnicodeError, host: str, port: int) -> str:
    if isinstance(error, UnicodeError):
        return f"{host!r} is no host name."
    if in_use(error):
        return f"Port {port} is in use by another program."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may not be opened by this user; ports below 1024 need more rights. Try 9000."
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"This laptop has no address {host}. Give --listen PORT alone to listen on all of them."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}."
