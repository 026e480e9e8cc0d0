"""A service port end to end: port, driver, journal, picture, trace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from techtool.journal.reading import Archive
from techtool.picture import fold
from techtool.serviceport.adapters import Adapter
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.port_line import again_s
from techtool.serviceport.profiles import named
from techtool.simulator.console.menu import Menu
from techtool.station.findings import Code
from techtool.station.measure import CURRENT, at_phase
from techtool.station.model import LinkState
from techtool.station.outcomes import NoLinkError
from techtool.trace import Trace
from tests.serviceport.chargers import Charger, charger
from tests.serviceport.console.consoles import SMART
from tests.serviceport.console.consoles import wired as console
from tests.serviceport.far import Far
from tests.serviceport.modbus.boxes import HEIDELBERG
from tests.serviceport.modbus.boxes import wired as modbus_box
from tests.serviceport.ptys import Cable, cable, needs_terminals
from tests.serviceport.visits import Visit, plugged_in

pytestmark = needs_terminals


@asynccontextmanager
async def measured(folder: Path) -> AsyncIterator[Visit[Charger]]:
    """A charger that has answered once all that it is asked."""
    async with plugged_in(folder, charger) as visit:

        def complete() -> bool:
            evse = visit.station.evses.get(1) if visit.known() else None
            return evse is not None and len(evse.readings) == 5 and visit.station.make.firmware is not None

        await visit.until(complete)
        yield visit


async def test_a_charger_at_a_cable_is_known_and_measured(tmp_path: Path) -> None:
    async with measured(tmp_path) as visit:
        station = visit.station
        assert (station.make.vendor, station.make.firmware) == ("OpenEVSE", "8.2.3.EU")
        assert (station.link.state, station.link.protocol) == (LinkState.CONNECTED, "openevse")
        assert station.evses[1].connectors[1].status == "Charging"
        current = at_phase(station.evses[1].readings, CURRENT, None)
        assert current is not None and current.value == 15.4
        visit.there.say("$AT 06 03 16 0582")
        await visit.until(lambda: visit.station.faults)
        assert visit.station.faults[0][1].error == "GroundFailure"
        assert [one.sequence for one in visit.there.asked][:3] == ["01", "02", "03"]
        live = visit.session.picture.stations
    with Archive(tmp_path / "j.sqlite3") as archive:
        again = fold(list(archive.records(archive.latest().id))[: visit.session.folded])
    assert again.stations.keys() == live.keys()
    assert again.stations["ttyUSB0"].evses == visit.station.evses


@pytest.mark.parametrize(
    ("far", "profile", "action", "payload"),
    [
        pytest.param(charger, None, "GS", {}, id="openevse"),
        pytest.param(modbus_box, HEIDELBERG, "read", ["input", 5], id="modbus"),
        pytest.param(lambda wire: console(wire, Menu()), SMART, "STATE?", {}, id="console"),
    ],
)
async def test_an_unplugged_cable_is_told_within_a_second_and_comes_back(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    far: Callable[[Cable], AbstractAsyncContextManager[Far]],
    profile: str | None,
    action: str,
    payload: object,
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with plugged_in(tmp_path, far, Chosen(named(profile)) if profile else None) as visit:
        await visit.until(visit.known)
        loop = asyncio.get_running_loop()
        await visit.there.unplug()
        pulled = loop.time()
        await visit.until(lambda: visit.station.link.state is LinkState.LOST)
        assert loop.time() - pulled < 1
        loss = visit.station.link.loss
        assert loss is not None and "unplugged" in loss.reason and loss.by == "port"
        with pytest.raises(NoLinkError, match=r"is not (there|open)"):
            while True:
                await visit.session.call(action, payload)
        (tmp_path / "again").mkdir()
        with cable(tmp_path / "again") as other:
            visit.there.wire.device.symlink_to(other.name)
            async with far(other):
                await visit.until(lambda: visit.station.link.state is LinkState.CONNECTED)
        assert visit.station.link.connections == 2


async def test_an_adapter_that_comes_back_under_another_name_is_the_same_charger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {Adapter(0x0403, 0x6001, "A10KZP45"): str(tmp_path / "ttyUSB0")}
    monkeypatch.setattr("techtool.serviceport.adapters.adapters", lambda: there)
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    monkeypatch.setattr("techtool.serviceport.port_line.again_s", lambda gone_s: 3600.0)
    async with measured(tmp_path) as visit:
        await visit.there.unplug()
        await visit.until(lambda: visit.station.link.state is LinkState.LOST)
        (tmp_path / "again").mkdir()
        with cable(tmp_path / "again") as other:
            other.device.rename(tmp_path / "ttyUSB1")
            there[Adapter(0x0403, 0x6001, "another one")] = str(tmp_path / "nothing")
            there[Adapter(0x0403, 0x6001, "A10KZP45")] = str(tmp_path / "ttyUSB1")
            async with charger(other):
                await visit.until(lambda: visit.station.link.state is LinkState.CONNECTED)
                assert visit.session.serial is not None
                assert visit.session.serial.settings.device == str(tmp_path / "ttyUSB1")
        assert set(visit.session.picture.stations) == {"ttyUSB0"}, "it keeps the name that it had"


def test_a_port_that_stays_away_is_tried_less_often() -> None:
    assert [again_s(gone) for gone in (0, 15, 30, 60, 90, 150, 86_400)] == [1, 1, 1, 2, 3, 5, 5]


async def test_what_is_plugged_in_again_is_used_at_once_however_long_it_was_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    tried = asyncio.Event()

    def once(gone_s: float) -> float:
        """It is tried once in vain, and then not for an hour."""
        if not gone:
            gone.append(gone_s)
            return 0.0
        tried.set()
        return 3600.0

    gone: list[float] = []
    monkeypatch.setattr("techtool.serviceport.port_line.again_s", once)
    async with measured(tmp_path) as visit:
        await visit.there.unplug()
        await asyncio.wait_for(tried.wait(), 20)
        (tmp_path / "again").mkdir()
        with cable(tmp_path / "again") as other:
            visit.there.wire.device.symlink_to(other.name)
            async with charger(other):
                await visit.until(lambda: visit.station.link.state is LinkState.CONNECTED)


async def test_who_does_not_answer_is_told_of_and_asked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.rapi.dialogue.TIMEOUT_S", 0.05)
    async with measured(tmp_path) as visit:
        visit.there.silent = True
        await visit.until(lambda: Code.NO_ANSWER in visit.codes())
        assert visit.station.link.state is LinkState.CONNECTED


async def test_noise_is_told_and_changes_nothing(tmp_path: Path) -> None:
    async with measured(tmp_path) as visit:
        before = visit.station.evses[1].connectors
        visit.there.wire.say(b"\xff\x00\x81garble\r$OK 01 0 01^00\r\nrelayCloseMs: 100\r\n")
        visit.there.say("$AN 1")
        await visit.until(lambda: Code.JUNK in visit.codes())
        assert visit.station.evses[1].connectors == before


async def test_the_trace_pairs_questions_and_answers(tmp_path: Path) -> None:
    async with measured(tmp_path) as visit:
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
