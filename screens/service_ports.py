"""The laptop's serial ports, as the screens see them: which there are, and the one that is used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.dom import DOMNode

if TYPE_CHECKING:
    from techtool.serviceport.chosen import Choice
    from techtool.serviceport.modbus.scanning import Scan
    from techtool.serviceport.port import Settings
    from techtool.serviceport.ports import PortSeen
    from techtool.serviceport.probing import Probed

    from .desk import Desk

LOOK_S = 2.0
GROUP = "service port"
"""The worker that keeps the port open."""


class ServicePorts:
    """Looks which ports there are every two seconds, and keeps one of them open."""

    def __init__(self, desk: Desk, look: Callable[[], list[PortSeen]] | None) -> None:
        self.seen: Sequence[PortSeen] = ()
        """The newest first."""
        self.probing: str | None = None
        """The port that is looked at now."""
        self.scan: Scan | None = None
        """How far the look along an RS-485 line is."""
        self.was: str | None = None
        """The port that was used last: what is there is not taken without asking any more."""
        self.wait_for: Callable[[PortSeen], None] | None = None
        """Told of the next port that is plugged in, once."""
        self.changes = 0
        """Counts what changed here."""
        self._desk = desk
        self._node: DOMNode | None = None
        self._look_for = look

    def begin(self, node: DOMNode) -> None:
        """The first frame is drawn: now what takes time. Its workers belong to ``node``."""
        self._node = node
        node.set_interval(LOOK_S, self.look)
        self.look()

    def look(self) -> None:
        """See which ports there are now."""
        assert self._node is not None
        self._node.run_worker(self._find(), group="ports", exclusive=True, exit_on_error=False)

    async def _find(self) -> None:
        def find() -> list[PortSeen]:
            from techtool.serviceport import ports

            return (self._look_for or ports.look)()

        await self._desk.network.tried.wait()  # what both import takes time: chargers come first
        found = await asyncio.to_thread(find)
        if found == list(self.seen):
            return
        known = {one.device for one in self.seen}
        self.seen = found
        self.changes += 1
        came = next((one for one in found if one.device not in known), None)
        if came is not None and self.wait_for is not None:
            tell, self.wait_for = self.wait_for, None
            tell(came)

    async def probe(self, settings: Settings) -> Probed:
        """What is at a port. Raises OpenError and LinkLost."""
        with self._looking(settings.device):
            await self._desk.session.unplugged()
            return await self._desk.session.probe(settings)

    async def scan_line(self, device: str, units: Sequence[int]) -> Probed:
        """Who is on an RS-485 line. Raises OpenError and LinkLost."""
        from techtool.serviceport.choosing import scan_of

        with self._looking(device):
            await self._desk.session.unplugged()
            wanted = await asyncio.to_thread(scan_of, units)
            return await self._desk.session.scan(device, wanted, self._scanned)

    def _scanned(self, scan: Scan) -> None:
        self.scan = scan
        self.changes += 1

    @contextmanager
    def _looking(self, device: str) -> Iterator[None]:
        self.probing = device
        self.changes += 1
        try:
            yield
        finally:
            self.probing = self.scan = None
            self.changes += 1

    def use(self, settings: Settings, chosen: Choice | None = None) -> None:
        """Keep this port open, until :meth:`leave`; ``chosen`` says what is there, None that it is an OpenEVSE."""
        assert self._node is not None
        self._desk.chosen = None
        plug = self._desk.session.plug(settings, chosen)
        self._node.run_worker(plug, group=GROUP, exclusive=True, exit_on_error=False)

    def leave(self) -> None:
        """Close the port that is used; whoever has not listened for calls does now."""
        assert self._node is not None
        if self._desk.session.serial is not None:
            self.was = self._desk.session.serial.settings.device
        self._node.workers.cancel_group(self._node, GROUP)
        if self._desk.session.listening is None:
            self._desk.network.listen_again(self._desk.network.port)
