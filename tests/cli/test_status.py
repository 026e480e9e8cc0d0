"""``techtool status`` with more chargers than one."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.cli import documents
from techtool.cli.status import incomplete, show
from tests.chargers import AVAILABLE, BOOT
from tests.cli.waiting import Waiting
from tests.csms.driving import Driver
from tests.csms.test_reading import started
from tests.station.test_consequences import energy


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


@pytest.mark.parametrize("option", [(), ("--json",)])
async def test_a_charger_that_leaves_before_the_snapshot_is_exit_4(
    tmp_path: Path, option: tuple[str, ...]
) -> None:
    async with Waiting.begin(tmp_path / "j.sqlite3", "status", "--settle", "1", *option) as waiting:
        async with waiting.charger("RB16") as charger:
            await charger.say("BootNotification", BOOT)
            await charger.say("StatusNotification", AVAILABLE)
        ran = await waiting.ended()
    assert ran.code == 4
    assert "It hung up before the snapshot was complete" in ran.err
    if option:
        assert (ran.json["verdict"], ran.json["error"]) == ("unanswered", None)
        assert ran.json["result"]["link"]["state"] == "lost"
        (evse,) = ran.json["result"]["evses"]
        assert evse["connectors"][0]["status"] == "Available", "what was known until then"
    else:
        assert "connector 1  Available" in ran.out


def test_a_charger_that_tells_no_status_is_no_proved_snapshot() -> None:
    driver = Driver()
    driver.boot()
    assert incomplete(driver.station) == (
        "No connector has told its status (techtool asked for it): what they do now is not known."
    )
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    driver.answer({"status": "Rejected"})
    assert "refuses to send it when asked" in (incomplete(driver.station) or "")
    driver.say("StatusNotification", AVAILABLE)
    assert incomplete(driver.station) is None


def test_updates_and_uploads_are_in_the_snapshot(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    driver.boot()
    document = documents.status(driver.station)
    assert (document["firmware"], document["logs"]) == (None, None)
    show(driver.station)
    assert "update" not in capsys.readouterr().out
    driver.say("FirmwareStatusNotification", {"status": "Installed"})
    driver.seconds += 60
    driver.say("DiagnosticsStatusNotification", {"status": "UploadFailed"})
    document = documents.status(driver.station)
    assert document["firmware"] == {"status": "Installed", "at": "2026-11-22T10:00:00.000Z"}
    assert document["logs"] == {"status": "UploadFailed", "at": "2026-11-22T10:01:00.000Z"}
    show(driver.station)
    said = capsys.readouterr().out
    assert "update    Installed  told 2026-11-22T10:00:00.000Z" in said
    assert "log       UploadFailed  told 2026-11-22T10:01:00.000Z" in said


def test_old_values_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", AVAILABLE)

    def meter(**values: str) -> None:
        sampled = [{"measurand": name.replace("_", "."), "value": value} for name, value in values.items()]
        meter = [{"timestamp": driver.stamp, "sampledValue": sampled}]
        driver.say("MeterValues", {"connectorId": 1, "meterValue": meter})

    meter(Power_Active_Import="3680", Energy_Active_Import_Register="1000")
    for _ in range(12):
        driver.seconds += 15
        meter(Energy_Active_Import_Register="1010")
    show(driver.station)
    said = capsys.readouterr().out
    assert "3.68 kW  (180 s older than its other values)" in said
    assert "1.010 kWh on the meter\n" in said


def test_an_energy_that_cannot_be_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    driver.boot()
    id = started(driver, meter=4000)
    energy(driver, "3000", transactionId=id)
    (evse,) = documents.status(driver.station)["evses"]
    assert evse["transaction"]["energy_wh"] is None
    show(driver.station)
    assert f"transaction {id}  token 04A1  energy unknown" in capsys.readouterr().out
    energy(driver, "4500", transactionId=id)
    show(driver.station)
    assert f"transaction {id}  token 04A1  0.500 kWh" in capsys.readouterr().out
