"""``techtool status`` with more chargers than one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from techtool.cli import documents
from techtool.cli.exits import Exit
from techtool.cli.snapshot import show
from techtool.cli.status import judged, settled
from techtool.csms.survey import Survey
from techtool.station.outcomes import Verdict
from tests.chargers import AVAILABLE, BOOT, Visit
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


async def test_a_charger_that_is_kept_pending_is_not_waited_for(tmp_path: Path) -> None:
    words = ("status", "--settle", "0.1", "--boot", "pending:20", "--json")
    async with (
        Waiting.begin(tmp_path / "j.sqlite3", *words) as waiting,
        waiting.charger("RB16") as charger,
    ):
        answer = await charger.say("BootNotification", BOOT)
        assert (answer["status"], answer["interval"]) == ("Pending", 20)
        ran = await waiting.ended()
    assert (ran.code, ran.json["verdict"]) == (5, "accepted")
    assert "Its boot was answered Pending (--boot): it tells its statuses when it is accepted." in ran.err


def lacking(driver: Driver) -> str | None:
    return judged(driver.station, driver.attendant.survey)[2]


def test_a_charger_that_tells_no_status_is_no_proved_snapshot() -> None:
    driver = Driver()
    driver.boot()
    assert lacking(driver) == (
        "No connector has told its status (techtool asked for it): what they do now is not known."
    )
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    driver.answer({"status": "Rejected"})
    assert "refuses to send it when asked" in (lacking(driver) or "")
    driver.say("StatusNotification", AVAILABLE)
    assert lacking(driver) is None


def test_a_charger_that_refuses_when_it_is_asked_lacks_something() -> None:
    driver = Driver()
    driver.say("StatusNotification", AVAILABLE)
    assert judged(driver.station, driver.attendant.survey) == (
        Verdict.ACCEPTED,
        Exit.UNPROVED,
        "There may be more connectors: the charger was not asked yet, or has not answered.",
    )
    driver.wait(10.1)
    driver.answer({"status": "Rejected"})
    assert lacking(driver) == "It refuses to send a BootNotification when asked: what it is is not known."
    driver.answer({"status": "Rejected"})
    assert "there may be more connectors than those that changed" in (lacking(driver) or "")
    assert judged(driver.station, driver.attendant.survey)[:2] == (Verdict.ACCEPTED, Exit.UNPROVED)
    driver.boot()
    assert judged(driver.station, driver.attendant.survey) == (Verdict.PROVED, Exit.DONE, None), "as is usual"


async def test_every_outlet_of_a_2x_charger_is_asked_for_before_the_snapshot(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A faulted second connector is known, though the charger comes without a word on any."""
    monkeypatch.setattr("techtool.csms.attendant.GREETING_S", 0.1)
    outlets = {(1, 1): "Available", (1, 2): "Faulted"}
    asked: list[tuple[int, int]] = []
    async with visit.charger(protocol="ocpp2.0.1") as charger, asyncio.TaskGroup() as group:
        await charger.say("Heartbeat", {})
        snapshot = group.create_task(settled(visit.session, "CP1", 0))
        while (2, 1) not in asked:
            assert not snapshot.done()
            call = await charger.called()
            place = call[3].get("evse", {})
            asked.append((place.get("id", 0), place.get("connectorId", 0)))
            status = outlets.get(asked[-1])
            await charger.answer(call, {"status": "Accepted" if status else "Rejected"})
            if status is not None:
                told = {"evseId": 1, "connectorId": asked[-1][1], "connectorStatus": status}
                await charger.say("StatusNotification", {**told, "timestamp": "2026-11-22T10:00:00Z"})
        await snapshot
        known = visit.station.evses[1].connectors
        assert {number: one.status for number, one in known.items()} == {1: "Available", 2: "Faulted"}
        assert visit.session.survey("CP1") is Survey.DONE


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
    meter(Power_Active_Import="-1e300", Energy_Active_Import_Register="1e300")
    show(driver.station)
    said = capsys.readouterr().out
    assert "-1.0e+297 kW" in said and "1.0e+297 kWh on the meter" in said


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


def test_a_fault_is_explained_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", {**AVAILABLE, "status": "Faulted", "errorCode": "GroundFailure"})
    show(driver.station)
    said = capsys.readouterr().out
    assert "connector 1  Faulted  GroundFailure\n" in said
    assert "Residual-current" in said and "Likely: " in said and "Check first: " in said
    (evse,) = documents.status(driver.station)["evses"]
    told = evse["connectors"][0]["explanation"]
    assert told["meaning"] in said and told["causes"] in said and told["check"] in said
    driver.say("StatusNotification", AVAILABLE)
    (evse,) = documents.status(driver.station)["evses"]
    assert evse["connectors"][0]["explanation"] is None


def test_all_that_is_measured_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", {**AVAILABLE, "status": "Charging"})
    sampled = [
        {"measurand": "Current.Import", "phase": "L1", "value": "15.94", "unit": "A"},
        {"measurand": "Voltage", "phase": "L1-N", "value": "231.2", "unit": "V"},
        {"measurand": "Current.Import", "phase": "L2", "value": "15.9", "unit": "A"},
        {"measurand": "SoC", "value": "64", "unit": "Percent"},
    ]
    driver.say(
        "MeterValues", {"connectorId": 1, "meterValue": [{"timestamp": driver.stamp, "sampledValue": sampled}]}
    )
    show(driver.station)
    said = capsys.readouterr().out
    assert "L1  15.9 A  231 V\n" in said and "L2  15.9 A\n" in said and "64 % in the car\n" in said


def test_an_evse_whose_connector_told_nothing_has_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    status = {"evseId": 3, "connectorId": 1, "connectorStatus": "Available", "timestamp": driver.stamp}
    driver.say("StatusNotification", status)
    for number in (1, 2):
        event = {
            "eventType": "Started",
            "timestamp": driver.stamp,
            "triggerReason": "CablePluggedIn",
            "seqNo": 0,
            "transactionInfo": {"transactionId": f"T{number}", "chargingState": "Charging"},
            "evse": {"id": number},
        }
        driver.say("TransactionEvent", event)
    show(driver.station)
    said = capsys.readouterr().out
    for number in (1, 2):
        told = f"EVSE {number}    no connector told its status\n          transaction T{number}  Charging"
        assert told in said
    assert lacking(driver) == "EVSEs 1, 2 have told no status of their connectors."
    assert judged(driver.station, driver.attendant.survey)[:2] == (Verdict.ACCEPTED, Exit.UNPROVED)
