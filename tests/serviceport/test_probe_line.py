"""A port that is looked at: pseudo terminal, journal, picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.journal.store import Journal
from techtool.serviceport.port import LinkLost, OpenError, Settings
from techtool.serviceport.probing import QUESTIONS
from techtool.session import Session
from techtool.station.records import Direction, Kind
from tests.serviceport.chargers import charger
from tests.serviceport.ptys import cable, needs_terminals

pytestmark = needs_terminals


async def test_an_openevse_is_found_and_every_byte_is_kept(tmp_path: Path) -> None:
    with cable(tmp_path) as wire, Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)
        async with charger(wire):
            found = await session.probe(Settings(str(wire.device)))
        assert found.likeliest is not None and found.likeliest.name == "OpenEVSE"
        kept = [(one.direction, one.kind) for one in session.tape.since(0)]
        assert kept == [
            (Direction.NOTE, Kind.OPENED),
            (Direction.LAPTOP, Kind.RAPI),
            (Direction.CHARGER, Kind.RAPI),
            (Direction.NOTE, Kind.CLOSED),
        ]
        assert session.picture.stations == {} and session.picture.knocks == [], "it was only looked at"


async def test_a_cable_that_is_pulled_meanwhile_is_told(tmp_path: Path) -> None:
    with cable(tmp_path) as wire, Journal.open(tmp_path / "j.sqlite3") as journal:
        session = Session(journal)

        async def pull() -> None:
            await wire.hear(len(QUESTIONS[0].data))
            wire.say(b"booting\r\nhalf a li")
            await asyncio.wait_for(heard.wait(), 20)
            wire.unplug()

        heard = asyncio.Event()
        session.watch(lambda taken: heard.set() if taken.record.direction is Direction.CHARGER else None)
        async with asyncio.TaskGroup() as group:
            group.create_task(pull())
            with pytest.raises(LinkLost, match="unplugged"):
                await session.probe(Settings(str(wire.device)))
        last = list(session.tape.since(0))[-1]
        assert last.kind is Kind.CLOSED and last.note["by"] == "port"
        assert b"half a li" in b"".join(one.data for one in session.tape.since(0))


async def test_a_port_that_is_not_there_is_told(tmp_path: Path) -> None:
    with (
        Journal.open(tmp_path / "j.sqlite3") as journal,
        pytest.raises(OpenError, match="is not there: plug the cable in"),
    ):
        await Session(journal).probe(Settings(str(tmp_path / "none")))
