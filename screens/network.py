"""The laptop's side of the link, as the screens see it: its addresses, and whether it listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from techtool.interfaces import Holder, Interface, Seen

    from .app import TechtoolApp

LOOK_S = 2.0

Start = Callable[[], Awaitable[object]]


class Network:
    """Opens the link once the first frame is drawn, and looks for addresses every two seconds."""

    def __init__(
        self, app: TechtoolApp, start: Start | None, host: str, port: int, look: Callable[[], list[Seen]] | None
    ) -> None:
        self.start = start
        self.interfaces: Sequence[Interface] = ()
        self.problem: str | None = None
        """Why the port cannot be listened on."""
        self.holder: Holder | None = None
        """Who has the port instead."""
        self._app = app
        self._host, self._port = host, port
        self._look_for = look
        self._since: datetime | None = None

    @property
    def port(self) -> int:
        """The port to tell chargers."""
        listening = self._app.session.listening
        return listening.port if listening is not None else self._port

    @property
    def listening_s(self) -> float | None:
        """For how long chargers have been able to call."""
        return None if self._since is None else (self._app.now - self._since).total_seconds()

    def begin(self) -> None:
        """The first frame is drawn: now what takes time."""
        self._app.set_interval(LOOK_S, self.look)
        self.look()
        if self.start is not None:
            self._app.run_worker(self._listen(self.start), group="link", exit_on_error=False)

    def tick(self) -> None:
        """Notice when the port was opened."""
        if self._app.session.listening is not None and self._since is None:
            self._since = self._app.now

    def listen_again(self, port: int) -> None:
        """Try a port after one that could not be had."""
        self._port = port
        self.problem = self.holder = None
        session, host = self._app.session, self._host
        self._app.run_worker(self._listen(lambda: session.listen(host, port)), group="link", exit_on_error=False)

    async def _listen(self, start: Start) -> None:
        # Importing it loads websockets: in a thread, so that keys are answered meanwhile.
        from importlib import import_module

        listener = await asyncio.to_thread(import_module, "techtool.csms.listener")
        try:
            await start()
        except listener.ListenError as error:
            self.problem = str(error)
            self.holder = await asyncio.to_thread(self._find_holder)
        self.look()
        self._app.tick()

    def _find_holder(self) -> Holder | None:
        from techtool.interfaces import holder

        return holder(self.port)

    def look(self) -> None:
        """See which addresses there are now."""
        self._app.run_worker(self._find(), group="interfaces", exclusive=True, exit_on_error=False)

    async def _find(self) -> None:
        def find() -> list[Interface]:
            from techtool import interfaces

            seen = (self._look_for or interfaces.look)()
            listening = self._app.session.listening
            return interfaces.classify(seen, listening.host if listening is not None else self._host)

        found = await asyncio.to_thread(find)
        if found != self.interfaces:
            self.interfaces = found
            self._app.tick()
