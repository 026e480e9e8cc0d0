"""What technicians have an SMP device do, over a cable, and how it is judged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.simulator.smp.device import SmpDevice
from techtool.station.outcomes import CallRefusedError, Verdict
from techtool.station.records import Direction, Kind
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.smp.devices import call, kinds_of, plugged, plugged_again, with_two_images

pytestmark = needs_terminals


async def test_questions_are_answered_and_their_records_show_it(tmp_path: Path) -> None:
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("images", {})
        assert outcome.verdict is Verdict.PROVED
        assert [(one["slot"], one["version"]) for one in outcome.result] == [(0, "1.0.0"), (1, "1.1.0")]
        assert kinds_of(visit, outcome.records) == [(Direction.LAPTOP, Kind.SMP), (Direction.CHARGER, Kind.SMP)]
        info = await visit.session.call("info", {})
        assert info.result["bootloader"] == "MCUboot" and info.result["mode"] == "swap without scratch"
        assert "cortex-m4" in info.result["output"] and len(info.records) == 6
        assert (await visit.session.call("params", {})).result == {"buf_size": 384, "buf_count": 4}
        assert (await visit.session.call("echo", ["Grüße"])).result == "Grüße"
        assert (await visit.session.call("stats", [])).result == ["charger", "smp"]
        assert (await visit.session.call("stats", ["charger"])).result["sessions"] == 42
        assert (await visit.session.call("get", ["charger/name"])).result == {"charger/name": "Garage"}
        current = (await visit.session.call("get", ["charger/max_current"])).result
        assert current == {"charger/max_current": {"hex": "10 00 00 00"}}
        refused = await visit.session.call("stats", ["nothing"])
        assert refused.verdict is Verdict.REFUSED and refused.result == {"rc": 2, "group": 2}
        assert 'it says "invalid group" (2)' in refused.text


async def test_a_shell_command_is_answered_but_not_checked(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("shell", "kernel version")
        assert outcome.verdict is Verdict.ACCEPTED
        assert outcome.result == {"ret": 0, "output": ["Zephyr version 4.4.0"]}
        outcome = await visit.session.call("shell", ["nonsense"])
        assert outcome.verdict is Verdict.REFUSED and outcome.result["ret"] == -8


async def test_a_setting_is_what_reads_back(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        settings = visit.there.server.settings
        with pytest.raises(CallRefusedError, match="--force"):
            await visit.session.call("set", ["charger/name", "Hof"])
        outcome = await call(visit, "set", ["charger/name", "Hof"])
        assert outcome.verdict is Verdict.PROVED and outcome.result == {"written": "Hof", "read": "Hof"}
        assert settings.values["charger/name"] == b"Hof" and len(outcome.records) == 4
        outcome = await call(visit, "set", ["charger/max_current", {"hex": "20 00 00 00"}])
        assert outcome.verdict is Verdict.PROVED and outcome.result["read"] == "20 00 00 00"
        outcome = await call(visit, "set", ["charger/serial", "X"])
        assert outcome.verdict is Verdict.REFUSED and "It reads as CC-0042 now." in outcome.text
        settings.stubborn = True
        outcome = await call(visit, "set", ["charger/name", "Keller"])
        assert outcome.verdict is Verdict.CONTRADICTED and "but reads as Hof" in outcome.text
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.CONTRADICTED
        settings.stubborn = False
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.PROVED
        assert (await call(visit, "delete", ["charger/name"])).verdict is Verdict.REFUSED
        assert (await call(visit, "save")).verdict is Verdict.ACCEPTED and "charger/name" not in settings.saved


async def test_an_image_is_tested_started_and_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.driver.BOOT_S", 0.1)
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        images = (await visit.session.call("images", {})).result
        outcome = await visit.session.call("test", [images[1]["hash"][:8]])
        assert outcome.verdict is Verdict.PROVED and "starts on trial at the next reset" in outcome.text
        assert outcome.result[1]["pending"] and len(outcome.records) == 6
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.PROVED, outcome.text
        assert "it said that it starts" in outcome.text
        assert (Direction.CHARGER, Kind.CHATTER) in kinds_of(visit, outcome.records)
        await visit.until(lambda: visit.station.make.firmware == "1.1.0")
        assert visit.station.boot is not None and visit.station.boot.count == 1
        with pytest.raises(CallRefusedError, match="--force"):
            await visit.session.call("confirm", {})
        outcome = await call(visit, "confirm")
        assert outcome.verdict is Verdict.PROVED and outcome.result[0]["confirmed"]
        outcome = await call(visit, "erase")
        assert outcome.verdict is Verdict.PROVED and len(outcome.result) == 1


async def test_what_an_image_list_does_not_show_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with plugged(tmp_path, with_two_images) as visit:
        await visit.until(visit.known)
        flash = visit.there.server.flash
        digits = flash.slots[1].hash.hex() if flash.slots[1] is not None else ""
        with pytest.raises(CallRefusedError, match="fits no image, or several"):
            await visit.session.call("test", ["000000000"])
        active = await visit.session.call("test", [flash.slots[0].hash.hex() if flash.slots[0] else ""])
        assert active.verdict is Verdict.REFUSED and "image setting test to active denied" in active.text
        monkeypatch.setattr(flash, "mark", lambda *given, **more: None)
        monkeypatch.setattr(flash, "erase", lambda *given: None)
        assert (await visit.session.call("test", [digits])).verdict is Verdict.CONTRADICTED
        assert (await call(visit, "confirm", [digits])).verdict is Verdict.CONTRADICTED
        assert (await call(visit, "erase", [1])).verdict is Verdict.CONTRADICTED
        visit.there.server.lacks.add(1)
        lacking = await visit.session.call("test", [digits])
        assert lacking.verdict is Verdict.REFUSED and "does not have this command" in lacking.text


async def test_a_reset_without_a_banner_is_proved_by_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.restarting.PROBE_S", 0.1)
    async with plugged(tmp_path, lambda: SmpDevice(banner=False, boot_s=0.4)) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.PROVED and "it was silent for 0." in outcome.text
        assert (Direction.NOTE, Kind.TIMEOUT) in kinds_of(visit, outcome.records)
        assert visit.station.boot is not None and visit.station.findings == {}


async def test_a_reset_that_nothing_shows_is_only_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.restarting.STEADY_S", 0.3)
    monkeypatch.setattr("techtool.simulator.smp.device.RESET_S", 1000.0)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {})
        assert outcome.verdict is Verdict.ACCEPTED and "was not seen" in outcome.text


async def test_who_does_not_come_back_from_a_reset_is_not_answered(tmp_path: Path) -> None:
    async with plugged(tmp_path, lambda: SmpDevice(boot_s=1000.0)) as visit:
        await visit.until(visit.known)
        outcome = await visit.session.call("reset", {}, within=0.6)
        assert outcome.verdict is Verdict.UNANSWERED and "has not come back" in outcome.text


async def test_a_port_that_goes_and_comes_with_a_reset_may_have_been_unplugged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with plugged(tmp_path, lambda: SmpDevice(banner=False, boot_s=0.0)) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            before = len(visit.heard(Kind.SMP))
            reset = group.create_task(visit.session.call("reset", {}))
            await visit.until(lambda: len(visit.heard(Kind.SMP)) > before + 2)
            await visit.there.unplug()
            async with plugged_again(visit, tmp_path):
                outcome = await reset
        assert outcome.verdict is Verdict.ACCEPTED and "the port went away and came back" in outcome.text
        assert "whether it started anew, or the cable was out, is not known" in outcome.text
        assert (Direction.NOTE, Kind.CLOSED) in kinds_of(visit, outcome.records)
