"""The edge: sockets and the real clock around a simulated charger."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from techtool.simulator import carrying
from techtool.simulator.build import charger
from techtool.simulator.charger import Charger
from techtool.simulator.effects import (
    Abandon,
    Abort,
    Close,
    Connect,
    Deliver,
    Effect,
    Fetch,
    Handshake,
    Ping,
    Quit,
    Report,
    Transmit,
)
from techtool.simulator.options import SimulatorOptions
from techtool.timeouts import timeout_at

CLOSE_TIMEOUT_S = 1.0
OPEN_TIMEOUT_S = 10.0
SEND_TIMEOUT_S = 10.0
MAX_BYTES = 16 * 1024 * 1024


class SimulatorEvent(NamedTuple):
    """What the simulated charger did or noticed."""

    at: float
    """Its own time, seconds since 1970 UTC."""
    kind: str
    """``link``, ``sent``, ``received``, ``state``, ``note``, ``problem`` or ``help``."""
    text: str


async def run(
    options: SimulatorOptions,
    lines: AsyncIterator[str] | None = None,
    on_event: Callable[[SimulatorEvent], None] | None = None,
) -> None:
    """Run one charger until a ``quit`` line or until it is cancelled; the end of ``lines`` ends nothing.

    A back office that cannot be reached is tried again and again, with growing pauses.
    """
    edge = _Edge(options, on_event or (lambda event: None))
    async with asyncio.TaskGroup() as group:
        await edge.drive(group, lines)


class _Deaf(ClientConnection):
    """Never sends a pong (quirk ``no-pong``)."""

    def send_data(self) -> None:
        # One item per frame; FIN and opcode 10 make the first byte of a pong.
        self.protocol.writes[:] = [data for data in self.protocol.writes if data[:1] != b"\x8a"]
        super().send_data()


@dataclass(slots=True)
class _Link:
    """One attempt to connect, and the socket that came of it."""

    handshake: Handshake
    socket: ClientConnection | None = None
    task: asyncio.Task[None] | None = None
    let_go: bool = False
    """What comes from it does not matter any more."""


@dataclass(slots=True)
class _Edge:
    options: SimulatorOptions
    on_event: Callable[[SimulatorEvent], None]
    inbox: asyncio.Queue[Callable[[float], list[Effect]]] = field(default_factory=asyncio.Queue)
    link: _Link | None = None
    links: list[_Link] = field(default_factory=list)
    born: float = field(default_factory=time.time)
    started: float = field(default_factory=time.monotonic)

    def now(self) -> float:
        """The charger's time."""
        return self.born + (time.monotonic() - self.started) * self.options.speed

    async def drive(self, group: asyncio.TaskGroup, lines: AsyncIterator[str] | None) -> None:
        """Feed the charger with what happens, and do what it wants."""
        core = charger(self.options, self.now())
        self.inbox.put_nowait(core.start)
        reader = None if lines is None else group.create_task(self._read_lines(core, lines))
        try:
            while True:
                act = await self._next(core.due()) or core.tick
                for effect in act(self.now()):
                    if isinstance(effect, Quit):
                        return
                    await self._do(group, core, effect)
        finally:
            if reader is not None:
                reader.cancel()
            for link in self.links:
                await self._end(link)

    async def _next(self, due: float | None) -> Callable[[float], list[Effect]] | None:
        """The next input, None when something is due before one comes."""
        at = None if due is None else time.monotonic() + (due - self.now()) / self.options.speed
        try:
            async with timeout_at(at):
                return await self.inbox.get()
        except TimeoutError:
            return None

    async def _read_lines(self, core: Charger, lines: AsyncIterator[str]) -> None:
        async for line in lines:
            self.inbox.put_nowait(partial(core.command, line=line))

    async def _do(self, group: asyncio.TaskGroup, core: Charger, effect: Effect) -> None:
        link = self.link
        match effect:
            case Report(kind, text):
                self.on_event(SimulatorEvent(self.now(), kind, text))
            case Connect(wanted):
                self.link = _Link(wanted)
                self.links = [one for one in self.links if one.task is not None and not one.task.done()]
                self.links.append(self.link)
                self.link.task = group.create_task(self._hold(core, self.link))
            case Transmit(data, text):
                if link is not None and link.socket is not None:
                    await self._send(link.socket, data, text)
            case Ping():
                if link is not None and link.socket is not None:
                    await self._ping(link.socket)
            case Close(code, reason):
                if link is not None:
                    link.let_go = True
                    if link.socket is not None:
                        await link.socket.close(code, reason)
            case Abort():
                if link is not None:
                    link.let_go = True
                    if link.socket is not None:
                        link.socket.transport.abort()
                    elif link.task is not None:
                        link.task.cancel()
            case Abandon():
                if link is not None:
                    link.let_go = True
            case Fetch(errand, url, ascii, any_answer):
                self._carry(core, errand, partial(carrying.fetch, url, ascii=ascii, any_answer=any_answer))
            case Deliver(errand, url, name, data):
                self._carry(core, errand, partial(carrying.deliver, url, name, data))
            case Quit():
                pass  # drive has taken it

    def _carry(self, core: Charger, errand: int, move: Callable[[], carrying.Moved]) -> None:
        """In a daemon thread: a server that says nothing does not hold up the end of the program."""
        loop = asyncio.get_running_loop()

        def carry() -> None:
            moved = move()
            # A closed loop: nobody waits for it any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self.inbox.put_nowait, partial(core.moved, errand=errand, moved=moved))

        threading.Thread(target=carry, name="simulator-file", daemon=True).start()

    async def _send(self, socket: ClientConnection, data: bytes, text: bool) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await socket.send(data, text=text)
        except (ConnectionClosed, TimeoutError):
            pass  # the reader of this socket tells the charger

    async def _ping(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            await socket.ping()

    async def _hold(self, core: Charger, link: _Link) -> None:
        """Open a socket and read it to its end."""
        try:
            link.socket = await self._open(link.handshake)
        except (OSError, TimeoutError, InvalidHandshake) as error:
            reason = str(error) or type(error).__name__
            self._tell(link, lambda now: core.disconnected(now, reason))
            return
        socket = link.socket
        self._tell(link, lambda now: core.connected(now, socket.subprotocol))
        try:
            while True:
                data = await socket.recv(decode=False)
                self._tell(link, partial(core.received, data=data))
        except ConnectionClosed as closed:
            reason = str(closed)
            self._tell(link, lambda now: core.disconnected(now, reason))

    def _tell(self, link: _Link, act: Callable[[float], list[Effect]]) -> None:
        self.inbox.put_nowait(lambda now: [] if link.let_go else act(now))

    async def _open(self, wanted: Handshake) -> ClientConnection:
        return await connect(
            wanted.url,
            subprotocols=[Subprotocol(name) for name in wanted.subprotocols] or None,
            additional_headers=list(wanted.headers),
            origin=None if wanted.origin is None else Origin(wanted.origin),
            user_agent_header="techtool-simulator",
            # A charger on the bench talks to the laptop beside it, never through a proxy.
            proxy=None,
            compression="deflate" if wanted.compress else None,
            open_timeout=OPEN_TIMEOUT_S,
            ping_interval=None,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=MAX_BYTES,
            create_connection=ClientConnection if wanted.answers_pings else _Deaf,
        )

    async def _end(self, link: _Link) -> None:
        """Leave nothing open."""
        link.let_go = True
        if link.socket is not None:
            await link.socket.close(1001, "the simulator ends")
        if link.task is not None:
            link.task.cancel()
