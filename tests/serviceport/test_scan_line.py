"""An RS-485 line that is looked through, with a box that takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from techtool.journal.store import Journal
from techtool.serviceport import scan_line
from techtool.serviceport.modbus.scanning import FITS, Scan
from techtool.serviceport.probing import Probed
from techtool.serviceport.traits import Where
from techtool.session import Session
from techtool.simulator.modbus.box import Box
from tests.serviceport.modbus.boxes import HEIDELBERG, Wired, profile_of
from tests.serviceport.ptys import Cable, cable, needs_terminals

pytestmark = needs_terminals
LATE_S = 0.12


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_line, "ANSWER_S", 0.1)
    monkeypatch.setattr(scan_line, "PATIENT_S", 0.5)


async def looked(folder: Path, box: Wired, names: Sequence[str] = (HEIDELBERG,)) -> Probed:
    with Journal.open(folder / "j.sqlite3") as journal:
        async with box.alive():
            wanted = Scan([profile_of(name) for name in names], (1, 2, 3))
            return await Session(journal).scan(str(box.wire.device), wanted, lambda scan: None)


class Slow(Wired):
    """Its answers come when the next question was asked already."""

    def __init__(self, wire: Cable, unit: int) -> None:
        super().__init__(wire, Box(profile_of(HEIDELBERG), unit))
        self.carry = self.say_later

    def say_later(self, data: bytes) -> None:
        asyncio.get_running_loop().call_later(LATE_S, self.wire.say, data)


@pytest.mark.parametrize("unit", [1, 2])
async def test_a_box_that_answers_late_is_found(tmp_path: Path, unit: int) -> None:
    with cable(tmp_path) as wire:
        found = await looked(tmp_path, Slow(wire, unit))
    (box,) = [one for one in found.candidates if one.sure == FITS]
    assert (box.profile, box.where) == (HEIDELBERG, Where(unit, 19_200, "8E1")) and found.advice is None


class Odd(Wired):
    """What it says fits no question."""

    def received(self, data: bytes) -> bytes:
        return b"\x81\x00\xfe\x07"


async def test_where_something_came_the_advice_is_not_that_nobody_answered(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        found = await looked(tmp_path, Odd(wire, Box(profile_of(HEIDELBERG))))
    assert not found.candidates and found.heard and found.advice == scan_line.STRANGE
    assert "too late or not as expected" in found.advice and "--profile" in found.advice


class Echo(Wired):
    """An adapter that hears itself, and nobody else."""

    def received(self, data: bytes) -> bytes:
        return data


async def test_silence_and_an_echo_of_ours_are_nobody(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        found = await looked(tmp_path, Echo(wire, Box(profile_of(HEIDELBERG))))
    assert found.heard and found.advice == scan_line.NOBODY
