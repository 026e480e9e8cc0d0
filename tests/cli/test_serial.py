"""Commands at a service port, in another process; the test is the charger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from techtool.serviceport.naming import never
from tests.cli.ports import journal_at, listening_at, run_at, simulated
from tests.cli.running import techtool
from tests.serviceport.chargers import Charger, charger, line
from tests.serviceport.ptys import cable, needs_terminals

pytestmark = needs_terminals


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Charger]:
    with cable(tmp_path) as wire:
        async with charger(wire) as plugged:
            yield plugged


async def test_status_is_the_same_document_as_of_ocpp(there: Charger) -> None:
    ran = await run_at(there.wire.device, "status", "--json", "--settle", "0.2")
    assert ran.code == 0, ran.err
    told = ran.json
    assert (told["command"], told["verdict"]) == ("status", "proved")
    assert told["charger"]["protocol"] == "openevse" and told["charger"]["firmware"] == "8.2.3.EU"
    (evse,) = told["result"]["evses"]
    assert evse["connectors"][0]["status"] == "Charging" and evse["transaction"] is None
    assert {"measurand": "Current.Import", "value": 15.4, "unit": "A"}.items() <= evse["meter"][0].items()


async def test_a_raw_command_is_checked_sent_and_judged(there: Charger) -> None:
    ran = await run_at(there.wire.device, "call", "GC", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["result"]) == (0, "proved", ["6", "32", "16", "32"])
    there.answers["SC"] = "16"
    ran = await run_at(there.wire.device, "call", "SC", '[16, "V"]')
    assert ran.code == 0 and "$SC was accepted, and read back: $GE tells 16 0021." in ran.err
    there.answers["GE"] = "32 0021"
    ran = await run_at(there.wire.device, "call", "SC", '[16, "V"]', "--json")
    assert (ran.code, ran.json["verdict"], ran.json["result"]) == (1, "contradicted", ["32", "0021"])
    ran = await run_at(there.wire.device, "call", "SC", '["x"]')
    assert ran.code == 2 and "$SC takes 6 to 80 A;" in ran.err
    assert "x" not in [word for frame in there.asked for word in frame.arguments]
    ran = await run_at(there.wire.device, "call", "G4")
    assert ran.code == 1 and "was refused ($NK)" in ran.err


@pytest.mark.parametrize("name", ["FR", "FS", "FD"])
async def test_a_raw_command_ends_no_session_without_force(there: Charger, name: str) -> None:
    there.answers["GS"] = "03 60 03 0540"
    ran = await run_at(there.wire.device, "call", name)
    assert ran.code == 2 and f"${name} would end somebody's session. --force does it." in ran.err
    assert name not in [frame.name for frame in there.asked]


async def test_who_reads_nothing_is_told_so(there: Charger) -> None:
    there.silent = True
    ran = await run_at(there.wire.device, "status", "--wait", "1.5", "--json")
    assert ran.code == 3 and ran.json["error"]["code"] == "no-charger"
    assert "Nothing came: are RX and TX crossed" in ran.json["error"]["text"]


async def test_one_that_talks_and_answers_nothing_is_no_dead_line(there: Charger) -> None:
    there.deaf = True
    ran = await run_at(there.wire.device, "status", "--wait", "4", "--json")
    assert ran.code == 3 and "It talks by itself, but answers no question" in ran.json["error"]["text"]


async def test_what_only_talks_is_no_proved_snapshot(there: Charger) -> None:
    there.deaf = True
    there.wire.say(line("$AB 00 8.2.3.EU"))
    ran = await run_at(there.wire.device, "status", "--settle", "2.5", "--json")
    assert (ran.code, ran.json["verdict"]) == (5, "accepted")
    ran = await run_at(there.wire.device, "status", "--settle", "2.5")
    assert "half-open wiring" in ran.err


async def test_events_come_and_the_port_is_told_of(there: Charger) -> None:
    async with listening_at(there.wire.device) as listener:
        assert (await listener.event("listening"))["device"] == str(there.wire.device)
        assert (await listener.event("connected"))["protocol"] == "openevse"
        assert (await listener.event("status"))["status"] == "Charging"
        there.say("$AT 06 03 16 0582")
        assert (await listener.event("status"))["error"] == "GroundFailure"
        await there.unplug()
        assert (await listener.event("disconnected"))["by"] == "port"
        await listener.words_with("is not there")
        listener.interrupt()
        assert (await listener.ended()).code == 130


@pytest.mark.parametrize("more", [("--demo", "1.6"), ("--ocpp", "1.6"), ("--password", "x")])
def test_what_only_ocpp_has_is_refused(more: tuple[str, ...]) -> None:
    ran = techtool("status", "--serial", "/dev/ttyUSB0", *more)
    assert ran.code == 2 and "service port" in ran.err


@pytest.mark.parametrize("name", ["", "socket://127.0.0.1", "http://h/", "/", __file__])
@pytest.mark.parametrize("words", [("status", "--serial"), ("probe",)])
def test_what_can_never_be_a_port_is_wrong_usage_at_once(words: tuple[str, ...], name: str) -> None:
    ran = techtool(*words, name, "--json")
    assert ran.code == 2 and (never(name) or "?") in ran.json["error"]["text"]


def test_a_port_that_is_not_there_is_exit_3(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB9"
    ran = techtool("status", "--serial", str(port), "--wait", "0.2", journal=tmp_path / "j.sqlite3")
    assert ran.code == 3 and "is not there: plug the cable in" in ran.err


def test_the_demo_shows_an_openevse_too(tmp_path: Path) -> None:
    ran = techtool("status", "--demo", "openevse", "--settle", "0.2", journal=tmp_path / "j.sqlite3")
    assert ran.code == 0, ran.err
    assert "DEMO-001  OpenEVSE" in ran.out and "openevse  socket://127.0.0.1:" in ran.out
    assert "\nboot      told 20" in ran.out, "it told its boot, and no answer is due"


@pytest.mark.parametrize(
    "more", [("--boot", "pending"), ("--strict",), ("--ocpp", "1.6"), ("--serial", "/dev/ttyUSB0")]
)
def test_the_openevse_of_the_demo_speaks_no_ocpp(more: tuple[str, ...]) -> None:
    assert techtool("status", "--demo", "openevse", *more).code == 2


@needs_terminals
async def test_old_firmware_that_knows_no_sequence_ids_is_served(tmp_path: Path) -> None:
    """Also when its boot is long over, and for what it is told."""
    async with simulated(tmp_path, "", "openevse", "--quirk", "no-sequence") as there:
        for _ in range(2):
            ran = await run_at(there.device, "status", "--wait", "20", "--json")
            assert ran.code == 0, ran.err
            (evse,) = ran.json["result"]["evses"]
            assert ran.json["charger"]["firmware"] and evse["connectors"][0]["status"] == "Available"
        ran = await run_at(there.device, "config", "set", "current_a", "16", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), ran.err
        ran = await run_at(there.device, "config", "set", "display", "mono", "--json")
        assert (ran.code, ran.json["verdict"]) == (0, "proved"), "with a sequence id it would have been refused"
        shown = techtool("trace", "show", journal=journal_at(there.device)).out
        assert "$S0.conf" in shown
