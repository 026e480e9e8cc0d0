"""The laptop's side of the link, as the screens see it: its addresses, and whether it listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from textual.dom import DOMNode

if TYPE_CHECKING:
    from techtool.interfaces import Holder, Interface, Seen

    from .desk import Desk

LOOK_S = 2.0
AGAIN_S = 5.0
"""A port that cannot be had is tried again so often: whoever holds it may go at any time."""

Start = Callable[[], Awaitable[object]]


class Network:
    """Opens the link once the first frame is drawn, and looks for addresses every two seconds.

    A port that cannot be had is tried again until it can, or until another is wanted.
    """

    def __init__(
        self, desk: Desk, start: Start | None, host: str, port: int, look: Callable[[], list[Seen]] | None
    ) -> None:
        self.start = start
        self.interfaces: Sequence[Interface] = ()
        self.problem: str | None = None
        """Why the port cannot be listened on."""
        self.holder: Holder | None = None
        """Who has the port instead."""
        self.tried = asyncio.Event()
        """The link was opened, or it is known why not."""
        self.changes = 0
        """Counts what changed here."""
        self._desk = desk
        self._node: DOMNode | None = None
        self._host, self._port = host, port
        self._look_for = look
        self._since: datetime | None = None
        self._opening: Start | None = start
        """How the link is opened: as it was asked for last."""
        self._one_at_a_time = asyncio.Lock()

    @property
    def port(self) -> int:
        """The port to tell chargers."""
        listening = self._desk.session.listening
        return listening.port if listening is not None else self._port

    @property
    def listening_s(self) -> float | None:
        """For how long chargers have been able to call."""
        if self._since is None and self._desk.session.listening is not None:
            self._since = self._desk.now
        return None if self._since is None else (self._desk.now - self._since).total_seconds()

    def begin(self, node: DOMNode) -> None:
        """The first frame is drawn: now what takes time. Its workers belong to ``node``."""
        self._node = node
        node.set_interval(LOOK_S, self.look)
        node.set_interval(AGAIN_S, self.try_again)
        if self.start is None:
            self.tried.set()
            self.look()
        else:
            self._run(self._listen(self.start))

    def listen_again(self, port: int) -> None:
        """Try a port after one that could not be had."""
        self._port = port
        self.problem = self.holder = None
        session, host = self._desk.session, self._host
        self._opening = lambda: session.listen(host, port)
        self._run(self._listen(self._opening))

    def try_again(self) -> None:
        """See whether a port that could not be had is free now, and take it; not while a service port is used."""
        if (
            self.problem is not None
            and self._opening is not None
            and self._desk.session.serial is None
            and not self._one_at_a_time.locked()
        ):
            self._run(self._listen(self._opening))

    def _run(self, work: Coroutine[None, None, None]) -> None:
        assert self._node is not None
        self._node.run_worker(work, group="link", exit_on_error=False)

    async def _listen(self, start: Start) -> None:
        # Importing it loads websockets: in a thread, so that keys are answered meanwhile.
        listener = await asyncio.to_thread(import_module, "techtool.csms.listener")
        async with self._one_at_a_time:
            if start is not self._opening or self._desk.session.listening is not None:
                return  # another port is wanted since, or one was opened meanwhile
            problem = None
            try:
                await start()
            except listener.ListenError as error:
                problem = str(error)
            finally:
                self.tried.set()
            self._take(problem, self.holder if problem is not None else None)
            if problem is not None:
                self._take(problem, await asyncio.to_thread(self._find_holder))
        self.look()

    def _take(self, problem: str | None, holder: Holder | None) -> None:
        """What came of it; where nothing changed, nothing need be drawn."""
        if (problem, holder) != (self.problem, self.holder) or problem is None:
            self.problem, self.holder = problem, holder
            self.changes += 1

    def _find_holder(self) -> Holder | None:
        from techtool.interfaces import holder

        return holder(self.port)

    def look(self) -> None:
        """See which addresses there are now."""
        assert self._node is not None
        self._node.run_worker(self._find(), group="interfaces", exclusive=True, exit_on_error=False)

    async def _find(self) -> None:
        def find() -> list[Interface]:
            from techtool import interfaces

            seen = (self._look_for or interfaces.look)()
            listening = self._desk.session.listening
            host = listening.host if listening is not None else self._host
            return interfaces.classify(seen, interfaces.resolve(host))

        found = await asyncio.to_thread(find)
        if found != self.interfaces:
            self.interfaces = found
            self.changes += 1
