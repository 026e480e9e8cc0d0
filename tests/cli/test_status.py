"""``techtool status`` with more chargers than one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chargers import AVAILABLE, BOOT
from tests.cli.waiting import Waiting


@pytest.mark.parametrize("option", [(), ("--json",)])
async def test_who_else_is_in_is_told_beside_the_snapshot(tmp_path: Path, option: tuple[str, ...]) -> None:
    async with (
        Waiting.begin(tmp_path / "j.sqlite3", "status", "--settle", "0.1", *option) as waiting,
        waiting.charger("RB16") as first,
        waiting.charger("RB201", "ocpp2.0.1"),
    ):
        await first.say("BootNotification", BOOT)
        await first.say("StatusNotification", AVAILABLE)
        ran = await waiting.ended()
    assert ran.code == 0
    assert "This is RB16. Also connected: RB201; --id chooses." in ran.err
    assert "RB201" not in ran.out
    assert ran.json["charger"]["identity"] == "RB16" if option else "RB16" in ran.out


async def test_one_charger_needs_no_such_words(tmp_path: Path) -> None:
    async with (
        Waiting.begin(tmp_path / "j.sqlite3", "status", "--settle", "0.1") as waiting,
        waiting.charger("RB16") as charger,
    ):
        await charger.say("BootNotification", BOOT)
        await charger.say("StatusNotification", AVAILABLE)
        ran = await waiting.ended()
    assert ran.code == 0 and "--id" not in ran.err
