"""Settings of a menu at a service port."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.abilities import UnableError
from techtool.station.outcomes import CallRefusedError, DangerousError, Verdict
from tests.serviceport.console.consoles import ANY, SMART, ZEPHYR, plugged
from tests.serviceport.ptys import needs_terminals

pytestmark = needs_terminals


async def test_a_menu_is_read_written_and_looked_at(tmp_path: Path) -> None:
    async with plugged(tmp_path, SMART) as visit:
        await visit.until(visit.known)
        session = visit.session
        listed = await session.able.read_settings()
        there = {one.name: one for one in listed.settings}
        assert there["MIN"].value == "6 A" and there["MIN"].takes is not None and there["MIN"].type == "number"
        assert "RFID" in listed.unknown, "the menu shows it only in some modes"
        assert listed.silent == ()
        assert (await session.able.read_settings(["MIN", "NONSENSE"])).unknown == ("NONSENSE",)
        with pytest.raises(CallRefusedError, match="--force writes it"):
            await session.able.write_setting("MAX", "16")
        with pytest.raises(DangerousError) as caught:
            session.able.check_setting("MAX", "16")
        assert "does not know its fuse" in caught.value.danger
        with pytest.raises(CallRefusedError, match="6 to 16 A"):
            session.able.check_setting("MIN", "17")
        assert ("SMART", "Smart") in there["MODE"].choices and there["MODE"].value == "Normal"
        outcome = await session.able.write_setting("MIN", "8")
        assert (outcome.verdict, outcome.result) == (Verdict.PROVED, {"written": "8", "read": "8 A"})
        visit.there.menu.stubborn = True
        assert (await session.able.write_setting("MIN", "9")).verdict is Verdict.CONTRADICTED
        visit.there.console.silent = True
        names = [one.name for one in listed.settings]
        assert set((await session.able.read_settings(names)).silent) == set(names)


@pytest.mark.parametrize(("name", "why"), [(ZEPHYR, "settings"), (ANY, "write a profile for it")])
async def test_what_has_no_settings_says_why(tmp_path: Path, name: str, why: str) -> None:
    async with plugged(tmp_path, name) as visit:
        await visit.until(visit.known)
        with pytest.raises(UnableError, match=why):
            await visit.session.able.read_settings()
