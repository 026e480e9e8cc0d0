"""What the pages look at: one session, its trace, the laptop's network, and the technician's choice of charger."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from techtool.session import Session
from techtool.station.model import Station

from .network import Network, Start
from .service_ports import ServicePorts

if TYPE_CHECKING:
    from techtool.interfaces import Seen
    from techtool.serviceport.ports import PortSeen
    from techtool.trace import Trace

    from .jobs import Jobs


class Desk:
    """A session as the screens see it.

    ``start`` opens the link; whoever gave it closes the session. Without ``start`` and without a listening
    session this is a visit from the journal. ``demo`` starts a simulated charger. ``clock``, ``zone``,
    ``look_for_interfaces`` and ``look_for_ports`` are for pictures and tests.
    """

    def __init__(
        self,
        session: Session,
        start: Start | None = None,
        *,
        host: str = "0.0.0.0",
        port: int = 9000,
        demo: Start | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        look_for_interfaces: Callable[[], list[Seen]] | None = None,
        look_for_ports: Callable[[], list[PortSeen]] | None = None,
        folder: Path | None = None,
        journal: Path | None = None,
        below: Desk | None = None,
    ) -> None:
        self.session = session
        self.demo = demo
        self.zone = zone
        """None is the laptop's own."""
        self.folder = folder
        """Where exports go; None is where techtool was started."""
        self.live: Desk = below.live if below is not None else self
        """Where something can go on: the desk over which an earlier visit was opened, or this one."""
        self.journal = journal
        """Where visits to open are looked for; None is the user's data folder."""
        self.chosen: str | None = None
        """The identity of the charger that the technician wants to see."""
        self._replayed = start if session.journal is None else None
        self.network = Network(self, start if self._replayed is None else None, host, port, look_for_interfaces)
        self.ports = ServicePorts(self, look_for_ports)
        self._clock = clock
        self._node: DOMNode | None = None
        """What jobs belong to; None in an earlier visit, where nothing can be done."""
        self._faulty: set[str] = set()
        """The chargers with a fault that nobody has opened, also one that is over."""
        self._seen_faults: dict[str, frozenset[Hashable]] = {}
        """What stood there when the technician opened a charger's fault."""

    @cached_property
    def trace(self) -> Trace:
        """What passed. The pages need it, the listening does not: imported when it is looked at."""
        from techtool.trace import Trace

        return Trace(self.session.tape)

    @cached_property
    def jobs(self) -> Jobs:
        """What goes on at a charger beside the pages; imported like the trace."""
        from .jobs import Jobs

        return Jobs(self, self._node)

    def begin(self, node: DOMNode) -> None:
        """Open the link, or the earlier visit; what runs from now on belongs to ``node``."""
        if self._replayed is not None:
            node.run_worker(_awaited(self._replayed), group="replay", exit_on_error=False)
        else:
            self.network.begin(node)
        if not self.replay:
            self._node = node
            self.ports.begin(node)

    @property
    def version(self) -> Hashable:
        """Differs when there is something new to draw: a record, a second gone by, another network."""
        beside = self.network.changes, self.ports.changes, self.live.jobs.changes
        return self.session.tape.last, self.session.folded, int(self._clock().timestamp()), beside

    @property
    def wall(self) -> datetime:
        """The time of day."""
        return self._clock()

    @property
    def now(self) -> datetime:
        """The time; in a replay, when the last thing happened, so that ages are what they were."""
        if self.replay and self.trace.last:
            return self.trace.records[self.trace.last].time
        return self._clock()

    @property
    def replay(self) -> bool:
        """This is a visit from the journal."""
        return self.network.start is None and self.session.listening is None

    @property
    def reading(self) -> int | None:
        """Percent of an opened visit that are in the picture; None when all are."""
        last, folded = self.session.tape.last, self.session.folded
        return folded * 100 // last if self.replay and folded < last else None

    @property
    def station(self) -> Station | None:
        """The charger that is shown."""
        if self.chosen is not None:
            station = self.session.picture.stations.get(self.chosen)
            if station is not None:
                return station
        return self.session.station

    def cannot(self, ability: str) -> str | None:
        """Why the link to the charger that is shown is not able to do this; None where it is."""
        return self.session.able.cannot(ability, self.station.identity if self.station is not None else None)

    def offers(self, ability: str) -> bool:
        """Whether there may be anything to do with this ability here; :meth:`cannot` says why there is not."""
        return not self.replay and self.session.able.offers(ability)

    def unseen_faults(self) -> list[str]:
        """The identities of the chargers with a fault that nobody has opened yet, also one that is over."""
        stations = self.session.picture.stations
        none: frozenset[Hashable] = frozenset()
        now = {name for name, one in stations.items() if _faults(one) - self._seen_faults.get(name, none)}
        self._faulty = now if self.replay else self._faulty | now  # an earlier visit shows how it ended
        return [name for name in stations if name in self._faulty]

    def see_faults(self) -> None:
        """The technician has opened one: the header need not shout any more."""
        station = self.station
        if station is not None:
            self._seen_faults[station.identity] = _faults(station)
            self._faulty.discard(station.identity)


async def _awaited(start: Start) -> None:
    await start()


def _faults(station: Station) -> frozenset[Hashable]:
    """What tells the faults of a charger from later ones."""
    return frozenset(
        (evse.id, connector.id, connector.error, connector.vendor_error, connector.since)
        for evse, connector in station.faults
    )
