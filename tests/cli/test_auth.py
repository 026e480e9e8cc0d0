"""``techtool auth test`` at service ports, in another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.abilities import UnableError
from techtool.serviceport.profiles import named
from techtool.serviceport.profiles.registers import Space
from techtool.session import Session
from techtool.simulator.modbus.box import Box
from tests.cli.ports import journal_at, run_at, simulated
from tests.cli.started import started
from tests.serviceport.modbus.boxes import Wired, profile_of, wired
from tests.serviceport.ptys import cable, needs_terminals

PHOENIX = "phoenix-ev-ser"
COIL = (Space.COIL, 20000)


class Deaf(Wired):
    """A box that answers nothing about its release."""

    def received(self, data: bytes) -> bytes:
        return b"" if data[1] in (1, 5) else super().received(data)


@needs_terminals
async def test_a_release_is_proved_refused_and_not_tried_while_a_car_charges(tmp_path: Path) -> None:
    async with simulated(tmp_path, PHOENIX, "modbus", PHOENIX) as there:
        ran = await there.run("auth", "test", "--json")
        assert (ran.code, ran.json["verdict"], ran.json["command"]) == (0, "proved", "auth test"), ran.err
        result = ran.json["result"]
        assert set(result) == {"proves", "steps", "restored"} and result["restored"] is True
        assert result["proves"] == "may it charge, not whether a card is accepted"
        assert [one["name"] for one in result["steps"]] == ["found", "block", "release", "charge", "put back"]
        assert all(set(one) == {"name", "expected", "seen", "verdict", "records"} for one in result["steps"])
        assert result["steps"][3]["verdict"] == "not applicable" and result["steps"][1]["records"]
        await there.do("car C")
        ran = await there.run("auth", "test", "--json")
        assert ran.code == 2 and ran.json["error"]["code"] == "refused"
        assert ran.json["charger"]["protocol"] == "modbus"
        assert "would end somebody's session. --force does it." in ran.json["error"]["text"]
        await there.do("fault")
        ran = await there.run("auth", "test")
        assert ran.code == 1 and ran.out.startswith("contradicted    found     a fault")
        assert "What this tests: may it charge, not whether a card is accepted." in ran.err


@needs_terminals
async def test_ctrl_c_puts_back_what_was_found_and_says_so(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        async with wired(wire, PHOENIX) as there:
            memory = there.box.memory
            memory.put(*COIL, [0])
            there.box.car = "B"
            there.box.measure()
            where = ("--serial", str(wire.device), "--journal", str(journal_at(wire.device)))
            async with started("auth", "test", "--json", "--profile", PHOENIX, *where) as test:
                await test.words_with("release")
                assert memory.get(*COIL, 1) == [1]
                test.interrupt()
                ran = await test.ended()
            assert ran.code == 130 and memory.get(*COIL, 1) == [0]
            assert "Interrupted: what was found is put back now." in ran.err
            assert "put back  reads as deny" in ran.err
            assert ran.json["error"]["code"] == "interrupted" and ran.json["result"]["restored"] is True


@needs_terminals
async def test_without_an_answer_it_is_exit_4_and_without_a_proof_5(tmp_path: Path) -> None:
    profile, text = tmp_path / "box.toml", named(PHOENIX).text.replace("timeout_ms = 1000", "timeout_ms = 100")
    profile.write_text(text)
    with cable(tmp_path) as wire:
        async with Deaf(wire, Box(profile_of(PHOENIX))).alive():
            ran = await run_at(wire.device, "auth", "test", "--profile", str(profile), "--json")
            assert (ran.code, ran.json["verdict"]) == (4, "unanswered") and ran.json["result"]["restored"] is True
        (there := tmp_path / "x").mkdir()
    profile.write_text(text.replace('undo = "previous"\nsource = "page 60"', 'undo = "grant"\nwrite_only = true'))
    with cable(there) as wire:
        async with wired(wire, PHOENIX):
            ran = await run_at(wire.device, "auth", "test", "--profile", str(profile), "--json")
            assert (ran.code, ran.json["verdict"]) == (5, "accepted"), ran.err
            assert "PERHAPS NOT PUT BACK. By hand: " in ran.err and ran.json["result"]["restored"] is False


async def test_over_ocpp_it_says_what_to_do_instead() -> None:
    session = Session(None)
    with pytest.raises(UnableError, match=r"not part of this version yet.*RemoteStartTransaction"):
        await session.able.test_release()
