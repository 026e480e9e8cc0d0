"""One visit: the links, their stations, the journal. The only thing that the fronts hold.

It runs without any screen; fronts read :attr:`Session.picture` and watch what is taken into it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from techtool import __version__
from techtool.abilities import Abilities
from techtool.called_wire import Called
from techtool.csms import schemas, solicited
from techtool.csms.dialogue import Ended
from techtool.csms.frames import Parsed
from techtool.csms.policy import Policy
from techtool.csms.survey import Survey
from techtool.csms.version import StartKey
from techtool.jobs import calling, effects
from techtool.journal.store import Journal
from techtool.ledger import Ledger
from techtool.picture import Picture, Taken
from techtool.station.model import Station
from techtool.station.outcomes import NoLinkError, Outcome
from techtool.station.records import Direction, Kind, Record
from techtool.tape import Tape, lay_aside

if TYPE_CHECKING:  # importing websockets costs more than the first frame may wait
    from techtool.csms.line import Line
    from techtool.csms.listener import Listener, Listening
    from techtool.serviceport.chosen import Choice
    from techtool.serviceport.link import ServiceLine
    from techtool.serviceport.modbus.scanning import Scan
    from techtool.serviceport.port import Settings
    from techtool.serviceport.probing import Probed

CLOSING_S = 1.0
QUIET_S, LAST_WORDS_S = 0.3, 2.0
"""Before the laptop hangs up a charger may end what it is saying, if that does not take longer: some never send
again what was not answered, nor anything after it."""
ROUND_S, BOOT_ROUND_S = 1.0, 8.0
"""What it tells by itself after its boot is over when it was silent for so long, or so long after the boot."""
SWITCH_S = 0.0005
SLICE_S = 0.006
PAUSE_S = 0.002
"""An earlier visit is read in slices with pauses: drawing takes many turns of the loop."""
LAID_ASIDE = 10_000
"""After so many records the garbage collector is told that they stay."""


Watcher = Callable[[Taken], None]


class Session:
    """A visit to one charger, or to the few that call this laptop."""

    def __init__(self, journal: Journal | None, policy: Policy | None = None, *, title: str = "") -> None:
        self.journal = journal
        """None in a replay, which writes nothing."""
        self.visit = 0
        self.picture = Picture()
        self._ledger: Ledger | None = None
        if journal is not None:
            # The journal's thread would keep an answer waiting for the 5 ms that Python gives it at a time.
            sys.setswitchinterval(SWITCH_S)
            self.visit = journal.begin_visit(version=__version__, title=title)
            self._ledger = Ledger(journal, self.visit, self.picture.stations)
        self.policy = policy or Policy()
        self.tape = Tape()
        self.folded = 0
        """The number of the last record that is in the picture."""
        self._laid_aside = 0
        self.listening: Listening | None = None
        self._listener: Listener | None = None
        self.serial: ServiceLine | None = None
        """The service port, where one is used."""
        self.able = Abilities(lambda: self.serial, self._called)
        """What the charger can do beside answering messages."""
        self._plugged = asyncio.Lock()
        """One at a time: the next one is opened when the one before is closed."""
        self._lines: dict[str, Line] = {}
        self._all_lines: set[Line] = set()
        self._empty: asyncio.Event | None = None
        self._connections = 0
        self._spoken = float("-inf")
        """When a charger said something last: monotonic seconds."""
        self._warmed: dict[str, asyncio.Future[None]] = {}
        self._unsettled: deque[tuple[Record, Parsed | None]] = deque()
        self._watchers: list[Watcher] = []
        self._calls: dict[str, asyncio.Future[Ended]] = {}
        self._chargers: dict[str, Called] = {}
        """By identity: what was read is kept, for what is written next."""

    # --- life ----------------------------------------------------------------------------------------------

    async def listen(self, host: str, port: int) -> Listening:
        """Be the back office here. Raises :class:`techtool.csms.listener.ListenError`."""
        from techtool.csms.listener import Listener

        self._listener = Listener(self)
        self.listening = await self._listener.listen(host, port)
        return self.listening

    async def plug(self, settings: Settings, chosen: Choice | None = None) -> None:
        """Talk to the charger at a serial port, whenever it is there, until this is cancelled.

        ``chosen`` is the profile or the protocol that says what it is; without one it is an OpenEVSE.
        """
        from techtool.serviceport.lines import line_for

        async with self._plugged:
            line = self.serial = line_for(self, settings, chosen, self.policy.identity)
            try:
                await line.run()
            finally:
                self.serial = None

    async def unplugged(self) -> None:
        """Wait until no service port is used any more."""
        async with self._plugged:
            pass

    async def probe(self, settings: Settings) -> Probed:
        """What is at a serial port. Raises OpenError and LinkLost of :mod:`techtool.serviceport.port`."""
        from techtool.serviceport.probe_line import probe

        return await probe(self, settings)

    async def scan(self, device: str, wanted: Scan, told: Callable[[Scan], None]) -> Probed:
        """Who is on an RS-485 line. Raises OpenError and LinkLost of :mod:`techtool.serviceport.port`."""
        from techtool.serviceport.scan_line import scan

        return await scan(self, device, wanted, told)

    async def close(self) -> None:
        """Hang up, stop to listen, and see that the journal is written."""
        if self._listener is not None:
            await self._listener.close()
            self._listener = None
        if self._all_lines:
            await self._silence(QUIET_S, LAST_WORDS_S)
        for line in list(self._all_lines):
            line.hang_up(1001, "techtool stops")
        self.listening = None
        if self._all_lines:
            self._empty = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_S):
                    await self._empty.wait()
        if self._ledger is not None:
            self._ledger.write_findings(now=True)
        await self.warm()

    async def warm(self) -> None:
        """Wait until the schemas of the versions that are spoken here are compiled."""
        await asyncio.gather(*self._warmed.values())

    async def replay(self, records: Iterable[Record]) -> None:
        """Take an earlier visit's records in, a slice of time at once, so that a screen stays alive."""
        for record in _without_gaps(records):
            self.tape.append(record)
        end = time.monotonic() + SLICE_S
        lay_aside()
        for record in self.tape.since(0):
            taken = self.picture.take(record)
            self.folded = record.number
            for watcher in tuple(self._watchers):
                watcher(taken)
            if time.monotonic() > end:
                await asyncio.sleep(PAUSE_S)
                end = time.monotonic() + SLICE_S

    # --- looking -------------------------------------------------------------------------------------------

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have ``watcher`` called with everything that is taken in; calling the result ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    @property
    def station(self) -> Station | None:
        """The charger that this visit is about: at the cable, wanted, connected, or the last seen."""
        stations = self.picture.stations
        if self.serial is not None and self.serial.identity in stations:
            return stations[self.serial.identity]
        if self.policy.identity is not None:
            return stations.get(self.policy.identity)
        connected = self.picture.connected
        return connected[0] if connected else next(reversed(stations.values()), None)

    @property
    def trouble(self) -> str | None:
        """What is wrong with the journal, for the screen."""
        return self.journal.trouble if self.journal is not None else None

    @property
    def port_problem(self) -> str | None:
        """Why the service port is not open, for the screen."""
        return self.serial.problem if self.serial is not None else None

    @property
    def cannot_send(self) -> str | None:
        """Why no line can be typed here; None where it can."""
        if self.serial is None:
            return "Lines are typed into a console at a service port (--serial, --protocol console)."
        return self.able.cannot("type")

    @property
    def crowded(self) -> str | None:
        """Why no new charger can come in now, for the screen."""
        if self._listener is None or not self._listener.crowded:
            return None
        return (
            "Too many open connections: new chargers cannot come in until some close. If this is no test, "
            "something floods this port, or the system allows too few open files (ulimit -n)."
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        """The links that stand now."""
        return tuple(self._all_lines)

    def survey(self, identity: str) -> Survey:
        """How far it is known what connectors this charger has."""
        if self.serial is not None and identity == self.serial.identity:
            return Survey.DONE if self.serial.surveyed else Survey.OPEN  # it is that of one connector
        line = self._lines.get(identity)
        return line.survey if line is not None else Survey.UNSURE

    # --- doing ---------------------------------------------------------------------------------------------

    def set_policy(self, policy: Policy) -> None:
        """From now on this holds, also for chargers that are connected."""
        self.policy = policy
        for line in self._all_lines:
            line.set_policy(policy)

    async def call(
        self,
        action: str,
        payload: Any,
        *,
        identity: str | None = None,
        force: bool = False,
        within: float | None = None,
    ) -> Outcome:
        """Send any message to the charger and judge its answer.

        ``within`` is in seconds from the sending; each wire has its own if left out. Raises
        :class:`NoLinkError` and :class:`techtool.jobs.calling.CallRefusedError`.
        """
        wanted = identity or (self.station.identity if self.station else None)
        if self.serial is not None and wanted in (None, self.serial.identity):
            return await self._command(self.serial, action, payload, force, within)
        line = self.line(wanted)
        if action in solicited.TRIGGERS:
            await self._boot_round(line)
        first = self.tape.last + 1
        ended = await self.ask(line, action, payload, force=force, within=within)
        evidence = self._evidence(first, str(ended.call.id))
        shown = None
        if (promised := effects.effect(ended)) is not None and evidence:
            shown = await self._shown(promised, line, evidence[0])
        return calling.judge(ended, evidence, shown, lost=line not in self._all_lines)

    async def _boot_round(self, line: Line) -> None:
        """What it tells after its boot by itself would look like what it is asked for now."""
        station = self.known(line.identity or "")
        boot = station.boot if station is not None else None
        if boot is not None and (age_s := time.time() - boot.at.timestamp()) < BOOT_ROUND_S:
            await self._silence(ROUND_S, BOOT_ROUND_S - age_s)

    async def _silence(self, seconds: float, most: float) -> None:
        """Wait until no charger has said anything for so many seconds, at most for so long."""
        now = time.monotonic
        end = now() + most
        while (rest := min(self._spoken + seconds, end) - now()) > 0:  # noqa: ASYNC110  silence is no event
            await asyncio.sleep(rest)

    def line(self, identity: str | None) -> Line:
        """The link of a charger that is connected. Raises :class:`NoLinkError`."""
        line = self._lines.get(identity or "")
        if line is None or line.protocol is None or line.closing:
            raise NoLinkError(f"{identity} is not connected." if identity else "No charger is connected.")
        return line

    async def ask(
        self, line: Line, action: str, payload: Any, *, force: bool = False, within: float | None = None
    ) -> Ended:
        """Send a message over a link, and wait for its end.

        Raises :class:`techtool.jobs.calling.CallRefusedError`.
        """
        assert line.protocol is not None
        ready = calling.prepare(line.protocol, action, payload, force=force)
        if line.rejected and not force:
            raise calling.CallRefusedError(calling.REJECTED)
        future: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()
        id = line.call(action, ready, within)
        self._calls[id] = future
        try:
            return await future
        finally:
            self._calls.pop(id, None)

    def _called(self, identity: str | None) -> Called:
        """What a charger that calls this laptop is able to do. Raises :class:`NoLinkError`."""
        wanted = self.line(identity or (self.station.identity if self.station else None)).identity or ""
        return self._chargers.setdefault(wanted, Called(self, wanted))

    async def _shown(self, promised: effects.Effect, line: Line, asked: int) -> int | None:
        """The record with what the charger promised, since it was asked; None where it does not come in time."""
        came, first = asyncio.Event(), asked
        unwatch = self.watch(lambda taken: came.set())
        try:
            began = asyncio.get_running_loop().time()
            async with asyncio.timeout(effects.EFFECT_S) as limit:
                while True:
                    for record in self.tape.since(asked):
                        asked = record.number
                        if record.connection == line.number and effects.shows(record, promised):
                            return record.number
                    if line not in self._all_lines:
                        if not promised.outlives_link:
                            return None
                        limit.reschedule(began + effects.REBOOT_S)
                        if (again := self._lines.get(line.identity or "")) is not None:
                            line, asked = again, first
                            continue
                    came.clear()
                    await came.wait()
        except TimeoutError:
            return None
        finally:
            unwatch()

    async def _command(
        self, line: ServiceLine, action: str, payload: Any, force: bool, within: float | None
    ) -> Outcome:
        with self.able.link_needed():
            return await line.command(action, payload, force=force, within=within)

    def _evidence(self, first: int, id: str) -> tuple[int, ...]:
        sought = json.dumps(id).encode()
        return tuple(one.number for one in self.tape.since(first - 1) if sought in one.data[:200])

    def remark(self, text: str, about: int) -> None:
        """Write down what the technician noticed about a record; it goes wherever the records go."""
        note = json.dumps({"text": text, "record": about}).encode()
        self.record(self.tape[about].connection, Direction.NOTE, Kind.REMARK, note)
        self.settle()

    # --- for the lines -------------------------------------------------------------------------------------

    def enter(self, peer: str, local: str, wire: str = "ocpp", **more: str) -> int:
        """A socket was accepted, or a serial port opened."""
        self._connections += 1
        note = {"wire": wire, "peer": peer, "local": local, **more}
        self.record(self._connections, Direction.NOTE, Kind.OPENED, json.dumps(note).encode())
        return self._connections

    def record(
        self, connection: int, direction: Direction, kind: Kind, data: bytes, parsed: Parsed | None = None
    ) -> None:
        """Keep what passed: first on paper, then in the picture."""
        record = Record(self.tape.last + 1, connection, time.time_ns(), time.monotonic_ns(), direction, kind, data)
        self.tape.append(record)
        if direction is Direction.CHARGER:
            self._spoken = record.mono / 1e9
        if self.journal is not None:
            self.journal.write(record)
        self._unsettled.append((record, parsed))

    def settle(self) -> None:
        """Fold what was recorded into the picture, after the charger has its answer."""
        while self._unsettled:
            record, parsed = self._unsettled.popleft()
            taken = self.picture.take(record, parsed)
            self.folded = record.number
            if self._ledger is not None and taken.changes:
                self._ledger.keep(taken)
            for watcher in tuple(self._watchers):
                watcher(taken)
        if self.folded > self._laid_aside + LAID_ASIDE:
            self._laid_aside = self.folded
            lay_aside()
        if self._ledger is not None:
            self._ledger.write_findings()

    def transaction_id(self, identity: str, key: StartKey) -> int:
        """The id for a 1.6 transaction: the same for a start that is sent again, otherwise a new one."""
        assert self._ledger is not None, "a replay answers nobody"
        return self._ledger.transaction_id(identity, key, self.tape.last)

    def linked(self, line: Line) -> None:
        """A charger is in; the newest socket of an identity is the one that counts."""
        assert line.identity is not None
        if line.protocol is not None and line.protocol not in self._warmed:
            # compiled when first needed, the schema of a large message would hold the loop up
            loop = asyncio.get_running_loop()
            self._warmed[line.protocol] = loop.run_in_executor(None, schemas.warm, line.protocol)
        older = self._lines.get(line.identity)
        self._lines[line.identity] = line
        self._all_lines.add(line)
        if older is not None:
            older.hang_up(1000, "connected again")
        if self._ledger is not None:
            self._ledger.linked(line.identity)
            first = line.identity not in self.picture.stations  # to be told once is enough
            if first and (known := self._ledger.carried(line.identity)):
                self.record(line.number, Direction.NOTE, Kind.CARRIED, json.dumps(known).encode())

    def known(self, identity: str) -> Station | None:
        """What the records tell of this charger so far."""
        return self.picture.stations.get(identity)

    def left(self, line: Line) -> None:
        """A socket is gone."""
        self._all_lines.discard(line)
        if not self._all_lines and self._empty is not None:
            self._empty.set()
        if line.identity is not None and self._lines.get(line.identity) is line:
            del self._lines[line.identity]

    def ended(self, ended: Ended) -> None:
        """A call is over."""
        future = self._calls.get(str(ended.call.id))
        if future is not None and not future.done():
            future.set_result(ended)


def _without_gaps(records: Iterable[Record]) -> Iterator[Record]:
    """Records numbered one after the other: a file may lack lines."""
    last: int | None = None
    for record in records:
        last = record.number if last is None else last + 1
        yield record if record.number == last else record._replace(number=last)
