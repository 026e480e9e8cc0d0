"""Who may be asked for a BootNotification: never a charger in a session, never one that reboots on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from techtool.station.findings import Code, Severity
from tests.chargers import AVAILABLE, BOOT, Visit
from tests.csms.driving import Driver

START = {"connectorId": 1, "idTag": "AA", "meterStart": 1000, "timestamp": "2026-11-22T10:00:00Z"}


def asked(driver: Driver) -> list[str]:
    """What the charger is asked for on its own account after ten seconds without a word."""
    before = len(driver.calls())
    driver.wait(10.1)
    answered = before
    while len(driver.calls()) > answered:
        answered = len(driver.calls())
        driver.answer({"status": "Accepted"})
    return [call.payload["requestedMessage"] for call in driver.calls()[before:]]


def reboots(driver: Driver, *, after_s: float = 1.0, code: int | None = 1006, by: str = "network") -> None:
    """It is asked for its boot, accepts, and its link ends."""
    driver.wait(10.1)
    assert driver.calls()[-1].payload == {"requestedMessage": "BootNotification"}
    driver.answer({"status": "Accepted"})
    driver.seconds += after_s
    driver.disconnect(code, by)


def test_a_charger_in_a_session_is_asked_for_its_status_alone() -> None:
    driver = Driver()
    driver.say("StartTransaction", START)
    assert asked(driver) == ["StatusNotification"]


def test_a_session_that_runs_on_over_a_reconnect_spares_the_charger() -> None:
    driver = Driver()
    driver.boot()
    driver.say("StartTransaction", START)
    driver.disconnect()
    driver.connect()
    assert asked(driver) == ["StatusNotification"]


@pytest.mark.parametrize("status", ["Charging", "SuspendedEV", "SuspendedEVSE"])
def test_a_connector_in_a_session_is_enough_to_be_spared(status: str) -> None:
    driver = Driver()
    driver.say("StatusNotification", {**AVAILABLE, "status": status})
    assert asked(driver) == ["StatusNotification"]


def test_a_session_that_is_over_does_not_spare_the_charger() -> None:
    driver = Driver()
    id = driver.say("StartTransaction", START)["transactionId"]
    driver.say("StopTransaction", {"transactionId": id, "meterStop": 2000, "timestamp": driver.stamp})
    assert asked(driver) == ["BootNotification", "StatusNotification"]


def test_who_rebooted_when_asked_is_not_asked_again() -> None:
    driver = Driver()
    reboots(driver)
    driver.connect()
    driver.boot()
    finding = driver.finding(Code.REBOOTS_WHEN_ASKED)
    assert finding.severity is Severity.WARNING
    assert finding.text.startswith("It rebooted when techtool asked it for a BootNotification; techtool will not")
    driver.disconnect()
    driver.connect()
    assert asked(driver) == ["StatusNotification"]


def test_who_left_when_asked_and_does_not_boot_is_only_suspected() -> None:
    driver = Driver()
    reboots(driver)
    driver.connect()
    assert asked(driver) == ["StatusNotification"], "in this visit it is spared"
    finding = driver.finding(Code.REBOOTS_WHEN_ASKED)
    assert finding.severity is Severity.INFO and finding.text.startswith("Its link ended when techtool asked")
    driver.seconds += 181
    driver.boot()
    assert driver.finding(Code.REBOOTS_WHEN_ASKED).severity is Severity.INFO, "a boot so late has another reason"


def test_who_reboots_so_that_its_old_link_stands_is_found_out_too() -> None:
    driver = Driver()
    driver.wait(10.1)
    driver.answer({"status": "Accepted"})
    old, attendant = driver.connection, driver.attendant
    driver.seconds += 12
    driver.connect()
    new, driver.connection, driver.attendant = driver.connection, old, attendant
    driver.disconnect(1000, "laptop")
    driver.connection = new
    assert Code.REBOOTS_WHEN_ASKED in driver.codes()


def test_links_that_end_for_another_reason_are_no_reboots() -> None:
    too_late = Driver()
    reboots(too_late, after_s=31)

    hung_up = Driver()
    reboots(hung_up, code=1001, by="laptop")

    booted = Driver()
    booted.wait(10.1)
    booted.answer({"status": "Accepted"})
    booted.boot()
    booted.disconnect()

    refused = Driver()
    refused.wait(10.1)
    refused.answer({"status": "Rejected"})
    refused.disconnect()

    reset = Driver()
    reset.wait(10.1)
    reset.answer({"status": "Accepted"})
    reset.answer({"status": "Accepted"})
    reset.call("Reset", {"type": "Soft"})
    reset.answer({"status": "Accepted"})
    reset.disconnect()

    for driver in (too_late, hung_up, booted, refused, reset):
        assert Code.REBOOTS_WHEN_ASKED not in driver.codes()


async def test_later_visits_know_who_reboots_and_whose_session_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.csms.attendant.GREETING_S", 0.1)
    journal = tmp_path / "j.sqlite3"
    async with Visit.begin(journal) as visit:
        async with visit.charger("/LOOPS") as charger:
            call = await charger.called()
            assert call[3] == {"requestedMessage": "BootNotification"}
            await charger.answer(call, {"status": "Accepted"})
        async with visit.charger("/LOOPS") as charger:
            await charger.say("BootNotification", BOOT)
        async with visit.charger("/CHARGES") as charger:
            await charger.say("StartTransaction", START)
            assert (await charger.called())[3] == {"requestedMessage": "StatusNotification"}
    for _ in range(2):  # also what a visit knows from an earlier one
        async with Visit.begin(journal) as visit:
            for path in ("/LOOPS", "/CHARGES"):
                async with visit.charger(path) as charger:
                    assert (await charger.called())[3] == {"requestedMessage": "StatusNotification"}, path
            stations = visit.session.picture.stations
            assert (Code.REBOOTS_WHEN_ASKED.value, "") in stations["LOOPS"].findings
            assert (Code.REBOOTS_WHEN_ASKED.value, "") not in stations["CHARGES"].findings
