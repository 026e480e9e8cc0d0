"""SMP devices, as values and at the other end of a cable."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from techtool.serviceport.chosen import Bare
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.framing import wrap
from techtool.serviceport.smp.line import SmpLine
from techtool.serviceport.smp.messages import packet_of
from techtool.simulator.serviceport.device import Effect, Say
from techtool.simulator.smp.device import SmpDevice
from techtool.simulator.smp.images import made
from techtool.simulator.smp.lines import Receiver, packed
from techtool.simulator.smp.server import Server
from techtool.station.outcomes import Outcome
from techtool.station.records import Direction, Kind, Record
from tests.serviceport.far import Far
from tests.serviceport.ptys import Cable, cable
from tests.serviceport.recorded import Said
from tests.serviceport.visits import Visit, plugged_in

# The body of an image list that a device with Zephyr 2.7 sent; logged in apache/mynewt-mcumgr, pull request 148.
IMAGE_LIST = bytes.fromhex(
    "bf66696d616765739fbf64736c6f74006776657273696f6e65302e302e3064686173685820d35d18c969e78df881770303ab048e3a"
    "c2f32be860759d59dcf47a3901c0fb4568626f6f7461626c65f569636f6e6669726d6564f566616374697665f5ffbf64736c6f7401"
    "6776657273696f6e65302e302e3064686173685820e2103357b5466e7c2f9ab23c349caf371165b3bee1108767198ce0a23871cb43"
    "68626f6f7461626c65f5ffffff"
)
FIRST_HASH = "d35d18c969e78df881770303ab048e3ac2f32be860759d59dcf47a3901c0fb45"


def request(ask: Ask, sequence: int = 1) -> bytes:
    """The lines that go out."""
    return wrap(packet_of(ask.message(sequence)))


def answer(server: Server, lines: bytes) -> bytes:
    """The lines that come back; none where the server says nothing."""
    said = [server.answer(one) for one in Receiver().feed(lines)]
    return b"".join(map(packed, filter(None, said)))


def exchange(server: Server, ask: Ask, sequence: int = 1) -> list[Said]:
    """A request and its answer."""
    sent = request(ask, sequence)
    return [(Direction.LAPTOP, Kind.SMP, sent), (Direction.CHARGER, Kind.SMP, answer(server, sent))]


def timeout(ask: Ask, sequence: int = 1) -> Said:
    note = {"id": ask.message(sequence).id, "action": ask.words, "seconds": 2.5}
    return Direction.NOTE, Kind.TIMEOUT, json.dumps(note).encode()


def records(said: Iterable[Said], *, linked: bool = True) -> list[Record]:
    """A visit to somebody who answers: what was said, a tenth of a second apart."""
    opened = {"wire": "smp", "peer": "ttyUSB0", "local": ""}
    whole: list[Said] = [(Direction.NOTE, Kind.OPENED, json.dumps(opened).encode())]
    if linked:
        note = {"identity": "box", "protocol": "smp", "path": "ttyUSB0"}
        whole.append((Direction.NOTE, Kind.LINKED, json.dumps(note).encode()))
    return [
        Record(number, 1, 1_777_891_200_000_000_000 + number * 100_000_000, number * 100_000_000, *one)
        for number, one in enumerate([*whole, *said], 1)
    ]


class Wired(Far):
    """A device at this end of a cable, with its own clock."""

    def __init__(self, wire: Cable, device: SmpDevice) -> None:
        super().__init__(wire)
        self.device, self.server = device, device.server
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._said([])

    async def unplug(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await super().unplug()

    def received(self, data: bytes) -> bytes:
        return self._said(self.device.received(self._loop.time(), data))

    def do(self, line: str) -> None:
        """One of its own commands."""
        if said := self._said(self.device.command(self._loop.time(), line)):
            self.carry(said)

    def _tick(self) -> None:
        if said := self._said(self.device.tick(self._loop.time())):
            self.carry(said)

    def _said(self, effects: list[Effect]) -> bytes:
        if self._timer is not None:
            self._timer.cancel()
        due = self.device.due()
        self._timer = self._loop.call_at(due, self._tick) if due != float("inf") else None
        return b"".join(one.data for one in effects if isinstance(one, Say))


def wired(wire: Cable, device: SmpDevice) -> AbstractAsyncContextManager[Wired]:
    return Wired(wire, device).alive()


def plugged(
    folder: Path, device: Callable[[], SmpDevice] = lambda: SmpDevice(boot_s=0.3)
) -> AbstractAsyncContextManager[Visit[Wired]]:
    return plugged_in(folder, lambda wire: wired(wire, device()), Bare("smp"))


@asynccontextmanager
async def plugged_again(visit: Visit[Wired], folder: Path) -> AsyncIterator[Wired]:
    """The same device, at a port that was unplugged and has its name again."""
    (folder / "again").mkdir()
    with cable(folder / "again") as other:
        visit.there.wire.device.symlink_to(other.name)
        async with wired(other, visit.there.device) as there:
            yield there


def line_of(visit: Visit[Wired]) -> SmpLine:
    line = visit.session.serial
    assert isinstance(line, SmpLine)
    return line


def with_two_images() -> SmpDevice:
    """The second slot has one, too, which does not run yet."""
    device, new = SmpDevice(Server(), boot_s=0.2), made((1, 1, 0))
    device.server.flash.upload({"off": 0, "len": len(new), "data": new})
    return device


def kinds_of(visit: Visit[Wired], records: tuple[int, ...]) -> list[tuple[Direction, Kind]]:
    return [(visit.session.tape[one].direction, visit.session.tape[one].kind) for one in records]


async def call(visit: Visit[Wired], action: str, payload: Any = None, *, within: float | None = None) -> Outcome:
    """As the technician does it who insists."""
    given = {} if payload is None else payload
    return await visit.session.call(action, given, force=True, within=within)
