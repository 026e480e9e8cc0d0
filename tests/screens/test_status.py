from __future__ import annotations

from typing import Any

import pytest

from techtool.screens.status import At, FaultAt, FindingAt, triggers
from techtool.screens.widgets.dialogs import Dialog, Question
from techtool.screens.widgets.sheet import Sheet
from techtool.screens.widgets.trace_view import TraceView
from techtool.station.model import Connector, Evse, Link, Station
from techtool.station.outcomes import Outcome, Verdict
from techtool.station.records import Direction
from tests.screens.making import Visit, pages, running, settled, shown


async def test_no_charger(visit: Visit) -> None:
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        assert "No charger is connected. Press 1 for the URL to type into it." in shown(app)


async def test_everything_at_a_glance(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        text = shown(app)
        assert "CP001   ACME WallBox 22   ocpp1.6   OK 00:10:23   rec " in text
        assert "Link      OK   192.168.1.77   heartbeat" in text and "(every 300 s)" in text
        assert "Boot      Accepted 10:44:02   reason: none sent     clock  +0 s   OK" in text
        assert "Firmware  5.5.10   serial 88034   meter ABC-123   iccid --" in text
        assert "Connector 1" in text and "Connector 2" in text
        assert "OK  Charging        since 00:02:03" in text
        assert "tag  04A1B2C3   tx 1007" in text
        assert "L1   15.9 A   231 V" in text
        assert "P    10.98 kW" in text
        assert "E    0.330 kWh  since start" in text
        assert "age  3 s  (sample every 10 s)" in text
        assert "..  Available       since 00:10:21" in text
        await pilot.press("end")
        await pilot.pause()
        assert "StartTransaction" in shown(app) and "tx 1007  Accepted  tag 04A1B2C3" in shown(app)


async def test_the_sim_card_stands_with_the_firmware(visit: Visit) -> None:
    visit.link()
    visit.boot(iccid="8949000000012345678", imsi="262011234567890")
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "Firmware  5.5.10   serial 88034   meter ABC-123   iccid 8949000000012345678" in shown(app)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        assert "iccid            8949000000012345678" in shown(app)
        assert "imsi             262011234567890" in shown(app)


async def test_values_do_not_lie_by_staleness(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        assert "stale" not in shown(app)
        visit.clock.advance(20)
        pages(app).tick()
        await pilot.pause()
        assert "age  23 s  ! stale" in shown(app)


async def test_many_samples_a_second_are_not_one_every_0_s(visit: Visit) -> None:
    visit.charging()
    for _ in range(12):
        visit.clock.advance(0.3)
        visit.meter(5.0, 114600)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "(many a second)" in shown(app)


async def test_a_fault_is_shouted_until_somebody_opened_it(visit: Visit) -> None:
    visit.charging()
    visit.fault()
    app = visit.app()
    async with running(app) as pilot:
        for page in ("1", "2", "6"):
            await pilot.press(page)
            await pilot.pause()
            assert "!! FAULT" in shown(app)
        await pilot.press("2")
        await pilot.pause()
        assert "!! Connector 2  Faulted  GroundFailure " in shown(app)
        assert "    vendor 0x31: RCD tripped\n" in shown(app)
        assert "Residual-current or ground monitor has tripped" in shown(app)
        assert "Check first: Isolate the vehicle" in shown(app)
        await pilot.press("down", "down", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Dialog)
        assert "Fault on Connector 2" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        pages(app).tick()
        await pilot.pause()
        assert "!! FAULT" not in shown(app)
        visit.status(2, "Available")
        visit.fault()
        pages(app).tick()
        await pilot.pause()
        assert "!! FAULT" in shown(app)


async def test_a_lost_link_tells_how_it_ended(visit: Visit) -> None:
    visit.charging()
    visit.lost()
    visit.clock.advance(72)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        text = " ".join(shown(app).split())
        said = "CP001 hung up 00:01:12 ago (code 1006, no close frame). Waiting for it to call again."
        assert said in text
        assert "!! hung up 00:01:12 ago" in text


async def test_without_a_link_no_connector_looks_alive(visit: Visit) -> None:
    visit.charging()
    visit.fault()
    visit.lost()
    visit.clock.advance(72)
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        before = [one for one in shown(app).splitlines() if "was " in one]
        page, beside = shown(app), "\n".join(one[100:] for one in shown(app).splitlines())
        assert "--  was Charging    since 10:52:20" in page
        assert "-- was Charging  since 10:52:20" in beside
        assert "--  was Faulted " in page and "-- was Faulted GroundFailure" in beside
        assert "OK  Charging" not in page and "OK Charging" not in page
        visit.clock.advance(60)
        pages(app).tick()
        await pilot.pause()
        after = [one for one in shown(app).splitlines() if "was " in one]
        assert len(before) == len(after)


async def test_a_finding_opens_and_leads_to_its_records(visit: Visit) -> None:
    visit.link()
    visit.boot(foo=1)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "has what the standard does not know: foo" in shown(app)
        await pilot.press("down", "down", "down", "enter")
        await pilot.pause()
        assert "Records that show it" in shown(app)
        assert "schema" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert pages(app).switcher.current == "trace"
        assert pages(app).query_one(TraceView).number == 5


async def test_an_event_leads_to_its_record(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "end", "enter")
        await pilot.pause()
        assert pages(app).switcher.current == "trace"


async def test_every_part_opens(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        await pilot.press("2")
        for title in ("Link", "Boot and firmware", "Boot and firmware", "Connector 1"):
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(app.screen, Dialog)
            assert title in shown(app)
            await pilot.press("backspace", "down")
            await pilot.pause()


class Calls:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.made: list[tuple[str, Any]] = []

    async def __call__(self, action: str, payload: Any, **more: Any) -> Outcome:
        self.made.append((action, payload))
        return self.outcome


async def test_a_trigger_is_sent_and_its_outcome_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visit.charging()
    calls = Calls(Outcome(Verdict.REFUSED, 'TriggerMessage was answered "NotImplemented".'))
    monkeypatch.setattr(visit.session, "call", calls)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "t")
        await pilot.pause()
        assert "BootNotification     asks: some chargers really reboot" in shown(app)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert calls.made == [("TriggerMessage", {"requestedMessage": "MeterValues"})]
        assert "NotImplemented" in shown(app)


async def test_a_trigger_that_may_reboot_asks_and_opens_on_cancel(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.charging()
    calls = Calls(Outcome(Verdict.ACCEPTED, "done"))
    monkeypatch.setattr(visit.session, "call", calls)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "t", "down", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Question)
        await pilot.press("enter")
        await settled(pilot)
        assert calls.made == []
        await pilot.press("t", "down", "down", "enter")
        await pilot.pause()
        await pilot.press("down", "enter")
        await settled(pilot)
        assert calls.made == [("TriggerMessage", {"requestedMessage": "BootNotification"})]


async def test_a_trigger_without_a_charger_says_why_not(visit: Visit) -> None:
    visit.charging()
    visit.lost()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2", "t")
        await settled(pilot)
        assert "No charger is connected." in shown(app)


def test_a_status_is_triggered_by_connector_where_the_version_knows_them() -> None:
    evses = {1: Evse(1, {1: Connector(1), 2: Connector(2)}), 0: Evse(0, {0: Connector(0)})}
    two = Station("A", link=Link(protocol="ocpp2.0.1"), evses=evses)
    one = Station("A", link=Link(protocol="ocpp1.6"), evses=evses)
    assert [sent["evse"] for sent in triggers(two, "StatusNotification")] == [
        {"id": 1, "connectorId": 1},
        {"id": 1, "connectorId": 2},
    ]
    assert triggers(one, "StatusNotification") == [{"requestedMessage": "StatusNotification"}]


async def test_a_2x_station_with_two_connectors_at_one_evse(visit: Visit) -> None:
    visit.link(protocol="ocpp2.0.1")
    for connector, status in ((1, "Available"), (2, "Occupied")):
        payload = {"timestamp": visit.stamp(), "evseId": 1, "connectorId": connector, "connectorStatus": status}
        visit.call("StatusNotification", payload, {})
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert "EVSE 1" in shown(app)
        assert "..  1 Available" in shown(app) and "..  2 Occupied" in shown(app)


async def test_values_that_are_not_told_any_more_show_their_age(visit: Visit) -> None:
    visit.charging()
    for step in range(1, 18):
        visit.clock.advance(10)
        samples = [{"value": str(120_000 + step), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}]
        values = [{"timestamp": visit.stamp(), "sampledValue": samples}]
        visit.call("MeterValues", {"connectorId": 1, "transactionId": 1007, "meterValue": values}, {})
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        lines = shown(app).splitlines()
        (power,) = (one for one in lines if " P    10.98 kW" in one)
        assert "! 2 min old" in power
        assert any("L1   15.9 A   231 V   ! " in one for one in lines)
        (energy,) = (one for one in lines if "kWh  since start" in one)
        assert "old" not in energy
        assert not any("15.9 / 16.0" in one for one in lines), "the column beside leaves them out"


async def test_how_full_the_battery_is_stands_beside_the_power(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        before = len(pages(app).query_one("#status-sheet", Sheet).lines)
        samples = [{"value": "57", "measurand": "SoC", "unit": "Percent", "location": "EV"}]
        values = [{"timestamp": visit.stamp(), "sampledValue": samples}]
        visit.call("MeterValues", {"connectorId": 1, "transactionId": 1007, "meterValue": values}, {})
        await settled(pilot)
        assert "P    10.98 kW   SoC 57 %   " in shown(app)
        assert "age  0 s" in shown(app)
        assert len(pages(app).query_one("#status-sheet", Sheet).lines) == before
        for step in range(5):
            visit.clock.advance(10)
            visit.meter(10.98, 115_000 + step)
        await settled(pilot)
        assert "     SoC 57 %   ! 50 s old" in shown(app)


async def test_a_reboot_that_was_asked_for_is_no_alarm_until_it_is_late(visit: Visit) -> None:
    visit.charging()
    visit.call("Reset", {"type": "Soft"}, {"status": "Accepted"}, by=Direction.LAPTOP)
    visit.lost()
    visit.clock.advance(41)
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await pilot.pause()
        assert ".. rebooting 00:00:41" in shown(app).splitlines()[0]
        assert "..   Rebooting, gone for 00:00:41. Waiting for it to call again." in shown(app)
        visit.clock.advance(300)
        pages(app).tick()
        await pilot.pause()
        assert "!! hung up" in shown(app).splitlines()[0]


async def test_a_fault_that_is_over_before_anybody_looked_is_still_told(visit: Visit) -> None:
    visit.charging()
    visit.fault()
    app = visit.app()
    async with running(app) as pilot:
        visit.status(2, "Available", "NoError")
        pages(app).tick()
        await pilot.press("2")
        await pilot.pause()
        assert "!! FAULT" in shown(app).splitlines()[0]
        sheet = pages(app).query_one("#status-sheet", Sheet)
        (key,) = (t.key for one in sheet.lines for t in one.targets if isinstance(t.key, FindingAt))
        sheet.go(key)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("escape")
        pages(app).tick()
        await pilot.pause()
        assert "!! FAULT" not in shown(app)


async def test_an_energy_that_cannot_be_is_unknown(visit: Visit) -> None:
    visit.link()
    visit.boot()
    visit.status(1, "Charging")
    visit.start()
    visit.meter(1.5, 1000)
    app = visit.app()
    async with running(app, (80, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        assert "E    unknown since start" in shown(app)
        assert "below the 114,201 Wh" in shown(app)


# --- 2.x ---------------------------------------------------------------------------------------------------

LONG_ID = "6fa3c1f0-8a2b-4c3d-9e4f-0123456789ab"


def indented(text: str, first: str) -> list[str]:
    """The line that begins so and those that stand under it, from the left column."""
    lines = [one[:40].rstrip() for one in text.splitlines()]
    start = next(place for place, one in enumerate(lines) if one.startswith(first))
    return lines[start : start + 4]


async def test_an_error_stands_under_the_connector_that_has_it(visit: Visit) -> None:
    visit.boot_2x()
    visit.status_2x(1, 1, "Available")
    visit.problem_2x(1, 2, "RCD", "CX002")
    visit.status_2x(1, 2, "Faulted")
    app = visit.app()
    async with running(app, (80, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        below = indented(shown(app), " ..  1 Available")
        assert below[1].startswith(" !!  2 Faulted")
        assert below[2:] == ["     error   RCD", "     vendor  CX002"]
        assert "error   NoError" not in shown(app)
        visit.problem_2x(1, 1, "TemperatureSensor", "X9")
        await settled(pilot)
        below = indented(shown(app), " !!  1 Available")
        assert below[1] == "     error   TemperatureSensor"
        assert below[3].startswith(" !!  2 Faulted")
        assert "!! EVSE 1 connector 1  Available  TemperatureSensor" in shown(app)


async def test_the_same_fault_of_several_connectors_is_explained_once(visit: Visit) -> None:
    visit.link()
    visit.boot()
    for connector in (1, 2, 3):
        visit.status(connector, "Faulted", "HighTemperature" if connector == 2 else "GroundFailure")
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert text.count("Residual-current or ground monitor has tripped") == 1
        assert "Connectors 1 and 3: Residual-current or ground monitor has tripped. Likely:" in text
        assert " Inside of charger or connector is too hot" in text and "Connector 2: " not in text
        lines = [" ".join(one.split()) for one in shown(app).splitlines()]
        starts = [next(n for n, one in enumerate(lines) if start in one) for start in (
            "!! Connector 1", "!! Connector 3", "Connectors 1 and 3", "!! Connector 2", "Inside of charger"
        )]  # fmt: skip
        assert starts == sorted(starts)
        visit.status(2, "Faulted", "GroundFailure")
        await settled(pilot)
        assert "Connectors 1, 2 and 3: Residual-current" in " ".join(shown(app).split())
        assert any(one.split() == ["Connector", "1", "Connector", "2"] for one in shown(app).splitlines())
        sheet = pages(app).query_one("#status-sheet", Sheet)
        assert [t.key for one in sheet.lines for t in one.targets if isinstance(t.key, FaultAt)] == [
            FaultAt(1, 1),
            FaultAt(2, 1),
            FaultAt(3, 1),
        ]


async def test_connectors_of_one_evse_with_the_same_fault_are_named(visit: Visit) -> None:
    visit.boot_2x()
    visit.problem_2x(1, 1, "RCD", "")
    visit.problem_2x(1, 2, "RCD", "")
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert "EVSE 1 connector 1, EVSE 1 connector 2: Residual current device tripped" in text
        pages(app).query_one("#status-sheet", Sheet).go(At("evse", 1))
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Dialog) and shown(app).count("Residual current device tripped") == 1


async def test_a_component_that_techtool_does_not_know_says_so_and_what_to_do(visit: Visit) -> None:
    visit.boot_2x()
    visit.problem_2x(1, 1, "GroundFaultProtection", "")
    visit.status_2x(1, 1, "Faulted")
    app = visit.app()
    async with running(app) as pilot:
        await pilot.press("2")
        await settled(pilot)
        text = " ".join(shown(app).split())
        assert "GroundFaultProtection is not in techtool's list of errors" in text
        assert "Look for this name in the vendor's manual; ask what the display or the LED shows" in text
        pages(app).query_one("#status-sheet", Sheet).go(FaultAt(1, 1))
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Dialog)
        assert "vendor's manual" in shown(app) and "Source" not in shown(app)


async def test_the_event_that_says_why_is_among_the_last_ones(visit: Visit) -> None:
    visit.boot_2x()
    visit.problem_2x(1, 2, "RCD", "CX002")
    visit.status_2x(1, 2, "Faulted")
    app = visit.app()
    async with running(app, (80, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        events = shown(app).split("Last events")[1].splitlines()
        assert "StatusNotification    1/2 Faulted" in events[1]
        assert "NotifyEvent           1/2 RCD/Problem = true  CX002" in events[2]


@pytest.mark.parametrize(("state", "word"), [("Charging", "OK"), ("SuspendedEV", "! "), ("EVConnected", "..")])
async def test_how_it_charges_is_part_of_the_status(visit: Visit, state: str, word: str) -> None:
    visit.boot_2x()
    visit.status_2x(1, 1, "Occupied")
    visit.charging_2x(1, "tx1", state)
    app = visit.app()
    async with running(app, (160, 50)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        page = "\n".join(one[:99] for one in shown(app).splitlines())
        beside = "\n".join(one[100:] for one in shown(app).splitlines())
        assert f" {word}  Occupied, {state}" in page and "since 00:00:0" in page
        assert f"         {state}" not in page, "it stands nowhere else"
        assert f"{word} Occupied, {state}" in beside
        visit.status_2x(1, 1, "Available")
        await settled(pilot)
        assert "Occupied" not in "\n".join(indented(shown(app), " ..  Available"))


async def test_what_does_not_fit_says_so(visit: Visit) -> None:
    visit.boot_2x(firmwareVersion="5.5.10-rc1+20261122-build-4711", serialNumber="SN-" + "0123456789" * 3)
    for evse in (1, 2):
        visit.status_2x(evse, 1, "Occupied")
        visit.charging_2x(evse, f"{evse}{LONG_ID[1:]}", "SuspendedEVSE")
    app = visit.app()
    async with running(app, (80, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        text = shown(app)
        assert "Occupied, SuspendedEVSE 00:00:0" in text, "the age is still told"
        lines = text.splitlines()
        assert next(one for one in lines if one.startswith(" Firmware")).endswith("~")
        (ids,) = [one for one in lines if one.startswith("     tx ")]
        assert ids.startswith(f"     tx 1{LONG_ID[1:10]}") and ids[:39].rstrip().endswith("~")
        assert ids[40:].lstrip().startswith(f"tx 2{LONG_ID[1:10]}") and ids.endswith("~")


async def test_every_reading_shows_its_time_also_on_80_columns(visit: Visit) -> None:
    visit.charging()
    app = visit.app()
    async with running(app, (80, 40)) as pilot:
        await pilot.press("2")
        await settled(pilot)
        sheet = pages(app).query_one("#status-sheet", Sheet)
        while sheet.key != At("evse", 1):
            await pilot.press("down")
        await pilot.press("enter")
        await settled(pilot)
        readings = [one for one in shown(app).splitlines() if one.startswith("| ") and " Outlet " in one]
        assert len(readings) == 8
        for one in readings:
            assert one.rstrip("| ").endswith("10:54:20"), one
        assert "All readings, with the charger's time" in shown(app)
