"""What the pages look at: one session, its trace, the laptop's network, and the technician's choice of charger."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from textual.dom import DOMNode

from techtool.session import Session
from techtool.station.model import LinkState, Station

from .network import Network, Start

if TYPE_CHECKING:
    from techtool.interfaces import Seen
    from techtool.trace import Trace


FAULTS_KEPT = 1_000


class Desk:
    """A session as the screens see it.

    ``start`` opens the link; whoever gave it closes the session. Without ``start`` and without a listening
    session this is a visit from the journal. ``demo`` starts a simulated charger. ``clock``, ``zone`` and
    ``look_for_interfaces`` are for pictures and tests.
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
        folder: Path | None = None,
        journal: Path | None = None,
    ) -> None:
        self.session = session
        self.demo = demo
        self.zone = zone
        """None is the laptop's own."""
        self.folder = folder
        """Where exports go; None is where techtool was started."""
        self.journal = journal
        """Where visits to open are looked for; None is the user's data folder."""
        self.chosen: str | None = None
        """The identity of the charger that the technician wants to see."""
        self.network = Network(self, start, host, port, look_for_interfaces)
        self._clock = clock
        self._faults: dict[Hashable, str] = {}
        """The faults that were seen to begin, with the charger's identity."""
        self._seen_faults: set[Hashable] = set()

    @cached_property
    def trace(self) -> Trace:
        """What passed. The pages need it, the listening does not: imported when it is looked at."""
        from techtool.trace import Trace

        return Trace(self.session.tape)

    def begin(self, node: DOMNode) -> None:
        """Open the link, or the earlier visit; what runs from now on belongs to ``node``."""
        start = self.network.start
        if start is not None and self.session.journal is None:
            self.network.tried.set()
            node.run_worker(_awaited(start), group="replay", exit_on_error=False)
        else:
            self.network.begin(node)

    @property
    def version(self) -> Hashable:
        """Differs when there is something new to draw: a record, a second gone by, another network."""
        return self.session.tape.last, self.session.folded, int(self._clock().timestamp()), self.network.changes

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
        nobody_listens = self.network.start is None and self.session.listening is None
        return self.session.journal is None or nobody_listens

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

    @property
    def connected(self) -> list[Station]:
        """The chargers whose link stands now."""
        stations = self.session.picture.stations.values()
        return [one for one in stations if one.link.state is LinkState.CONNECTED]

    def unseen_faults(self) -> list[str]:
        """The identities of the chargers with a fault that nobody has opened yet, also one that is over."""
        if self.replay or len(self._faults) > FAULTS_KEPT:
            self._faults.clear()  # an earlier visit shows how it ended
        for name, one in self.session.picture.stations.items():
            for key in _fault_keys(one):
                self._faults.setdefault(key, name)
        return list(dict.fromkeys(name for key, name in self._faults.items() if key not in self._seen_faults))

    def see_faults(self) -> None:
        """The technician has opened one: the header need not shout any more."""
        if self.station is not None:
            self._seen_faults |= {key for key, name in self._faults.items() if name == self.station.identity}


async def _awaited(start: Start) -> None:
    await start()


def _fault_keys(station: Station) -> list[Hashable]:
    """What tells the faults of a charger from later ones."""
    return [
        (station.identity, evse.id, connector.id, connector.error, connector.vendor_error, connector.since)
        for evse, connector in station.faults
    ]
