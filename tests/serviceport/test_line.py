"""A service port end to end: port, driver, journal, picture, trace."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.journal.store import Journal
from techtool.picture import fold
from techtool.serviceport.port import Settings
from techtool.session import Session
from techtool.station.findings import Code
from techtool.station.measure import CURRENT, at_phase
from techtool.station.model import LinkState, Station
from techtool.trace import Trace
from tests.serviceport.chargers import Charger, charger
from tests.serviceport.ptys import Cable, cable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


class Visit:
    """A session with a charger at its service port."""

    def __init__(self, session: Session, wire: Cable, there: Charger) -> None:
        self.session = session
        self.wire = wire
        self.charger = there

    @property
    def station(self) -> Station:
        return self.session.picture.stations["ttyUSB0"]

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something to become true; it is looked at whenever something came."""
        came = asyncio.Event()
        unwatch = self.session.watch(lambda taken: came.set())
        try:
            async with asyncio.timeout(20):
                while not true():
                    came.clear()
                    await came.wait()
        finally:
            unwatch()

    def known(self) -> bool:
        """Everything that is asked has been answered once."""
        if "ttyUSB0" not in self.session.picture.stations or 1 not in self.station.evses:
            return False
        return self.station.make.firmware is not None and len(self.station.evses[1].readings) == 5


@asynccontextmanager
async def plugged(folder: Path) -> AsyncIterator[Visit]:
    with cable(folder) as wire, Journal.open(folder / "j.sqlite3") as journal:
        session = Session(journal)
        async with charger(wire) as there, asyncio.TaskGroup() as group:
            plug = group.create_task(session.plug(Settings(str(wire.device))))
            try:
                yield Visit(session, wire, there)
            finally:
                plug.cancel()
        await session.close()


async def test_a_charger_at_a_cable_is_known_and_measured(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        station = visit.station
        assert (station.make.vendor, station.make.firmware) == ("OpenEVSE", "8.2.3.EU")
        assert (station.link.state, station.link.protocol) == (LinkState.CONNECTED, "openevse")
        assert station.evses[1].connectors[1].status == "Charging"
        current = at_phase(station.evses[1].readings, CURRENT, None)
        assert current is not None and current.value == 15.4
        visit.charger.say("$AT 06 03 16 0582")
        await visit.until(lambda: visit.station.faults)
        assert visit.station.faults[0][1].error == "GroundFailure"
        assert [one.sequence for one in visit.charger.asked][:3] == ["01", "02", "03"]
        live = visit.session.picture.stations
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = fold(list(archive.records(archive.latest().id))[: visit.session.folded])
    assert again.stations.keys() == live.keys()
    assert again.stations["ttyUSB0"].evses == visit.station.evses


async def test_an_unplugged_cable_is_lost_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        await visit.charger.unplug()
        await visit.until(lambda: visit.station.link.state is LinkState.LOST)
        loss = visit.station.link.loss
        assert loss is not None and "unplugged" in loss.reason and loss.by == "port"
        (tmp_path / "again").mkdir()
        with cable(tmp_path / "again") as other:
            visit.wire.device.symlink_to(other.name)
            async with charger(other):
                await visit.until(lambda: visit.station.link.state is LinkState.CONNECTED)
        assert visit.station.link.connections == 2


async def test_who_does_not_answer_is_told_of_and_asked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.rapi.dialogue.TIMEOUT_S", 0.05)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.charger.silent = True
        await visit.until(lambda: Code.NO_ANSWER in {one.code for one in visit.station.findings.values()})
        assert visit.station.link.state is LinkState.CONNECTED


async def test_noise_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        before = visit.station.evses[1].connectors
        visit.wire.say(b"\xff\x00\x81garble\r$OK 01 0 01^00\r\nrelayCloseMs: 100\r\n")
        visit.charger.say("$AN 1")
        await visit.until(lambda: Code.JUNK in {one.code for one in visit.station.findings.values()})
        assert visit.station.evses[1].connectors == before


async def test_the_trace_pairs_questions_and_answers(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        trace = Trace(visit.session.tape)
        trace.catch_up()
        rows = [trace.row(number) for number in range(1, trace.last + 1)]
        asked = next(row for row in rows if row.action == "$GS" and row.partner)
        answer = trace.row(asked.partner or 0)
        assert (asked.what, answer.label, answer.what) == (
            "which state?", "$GS.conf", "Charging   03 600 03 0540",
        )  # fmt: skip
        assert answer.ms is not None
        assert [row.action for row in rows[:1]] == ["port opened"]
        assert any(row.action == "answers" and row.what == "ttyUSB0  openevse" for row in rows)
