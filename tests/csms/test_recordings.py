"""Every frame that independent charge-point stacks were seen to send gets a correct answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from techtool.csms import frames, schemas
from techtool.journal import recordings
from techtool.picture import fold
from techtool.station.findings import Code
from techtool.station.model import Station
from tests.csms.driving import Driver

FRAMES = Path(__file__).parent.parent / "frames"
FILES = sorted(path.name for path in FRAMES.glob("*.jsonl"))


def replayed(name: str) -> list[Driver]:
    """A recording's charger talking to our back office: a driver for each identity, in order."""
    drivers: dict[str, Driver] = {}
    driver: Driver | None = None
    for line in FRAMES.joinpath(name).read_text(encoding="utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        if entry["from"] == "connect":
            connect = entry["connect"]
            identity = connect["path"].rsplit("/", 1)[-1]
            protocol = connect["subprotocol"] or "ocpp1.6"
            if identity in drivers:
                driver = drivers[identity]
                driver.disconnect()
                driver.connect(protocol)
            else:
                driver = drivers[identity] = Driver(protocol, identity=identity)
        elif entry["from"] == "charger":
            assert driver is not None
            check(driver, entry["frame"].encode("utf-8", "surrogatepass"))
    return list(drivers.values())


def check(driver: Driver, data: bytes) -> None:
    parsed = frames.parse(data).frame
    answers = driver.raw(data)
    if not isinstance(parsed, frames.Call):
        return
    mine = [
        one for one in answers if isinstance(one, frames.CallResult | frames.CallError) and one.id == parsed.id
    ]
    assert len(mine) == 1, f"{parsed.action} was not answered once"
    (answer,) = mine
    if isinstance(answer, frames.CallResult):
        assert not schemas.violations(driver.protocol, parsed.action, answer.payload, answer=True)
    else:
        known = parsed.action in schemas.actions(driver.protocol)
        assert answer.code == ("NotSupported" if known else "NotImplemented")


@pytest.mark.parametrize("name", FILES)
def test_every_frame_is_answered_as_the_schema_wants(name: str) -> None:
    for driver in replayed(name):
        assert Code.OWN_SCHEMA not in driver.codes()


def of(name: str) -> Station:
    """The charger of a recording, as it was at the end: both sides folded."""
    return next(iter(fold(recordings.load(FRAMES / name).records).stations.values()))


def statuses(station: Station) -> dict[tuple[int, int], tuple[str | None, str | None]]:
    return {
        (evse.id, connector.id): (connector.status, connector.error)
        for evse in station.evses.values()
        for connector in evse.connectors.values()
    }


def past(station: Station) -> list[tuple[int, float | None, str | None, str | None]]:
    return [(one.evse, one.energy_wh, one.reason, one.id_token) for one in station.past]


OK = ("Available", "NoError")


def test_cp_simulator_16() -> None:
    station = of("cp-simulator-1.6.jsonl")
    assert (station.make.vendor, station.make.firmware) == ("CLI-Vendor", "1.0.0")
    assert statuses(station) == {(0, 0): OK, (1, 1): OK}
    assert station.firmware is not None and (station.firmware.status, station.firmware.request_id) == (
        "Installed",
        12,
    )
    assert station.logs is not None and (station.logs.status, station.logs.request_id) == ("Uploaded", 11)


def test_cp_simulator_201_joins_three_connections() -> None:
    station = of("cp-simulator-2.0.1.jsonl")
    assert station.link.connections == 3 and station.boot is not None and station.boot.count == 3
    assert statuses(station) == {(0, 0): OK, (1, 1): OK}
    assert past(station) == [(1, 500.0, "Local", "CARD9")]


def test_cp_simulator_21() -> None:
    station = of("cp-simulator-2.1.jsonl")
    assert station.link.protocol == "ocpp2.1"
    assert past(station) == [(1, 500.0, "Local", "CARD9")]


def test_fuzzer_is_not_believed_and_does_no_harm() -> None:
    station = of("fuzzer-1.6.jsonl")
    assert station.link.connections == 56
    assert statuses(station) == {(1, 1): ("Finishing", "InternalError")}
    assert past(station) == [(1, None, "Other", None)]
    assert [(one.id, one.evse) for one in station.open_transactions] == [("1017", 1)]
    codes = {finding.code for finding in station.findings.values()}
    assert {Code.SHORT_LINKS, Code.STRAY_ANSWER, Code.UNKNOWN_ACTION, Code.ODD_FRAME} <= codes


def test_microocpp_16_has_three_sessions() -> None:
    station = of("microocpp-1.6.jsonl")
    assert past(station) == [
        (1, 151.0, None, "CARD1"),
        (1, 1.0, "EVDisconnected", "CARD1"),
        (1, 7.0, "Remote", "REMOTE1"),
    ]
    assert statuses(station)[(0, 0)] == ("Unavailable", "NoError")
    unknown = station.findings[("unknown-action", "CustomOperation")]
    assert unknown.count == 2 and "does not know" in unknown.text


def test_microocpp_201() -> None:
    station = of("microocpp-2.0.1.jsonl")
    assert [one.reason for one in station.past] == ["Local", "Remote"]
    assert statuses(station) == {(1, 1): OK, (2, 1): OK}


def test_ocpp_go_16() -> None:
    station = of("ocpp-go-1.6.jsonl")
    assert past(station) == [(1, 52.0, "EVDisconnected", "12345")]
    assert ("security-event", "Event") in station.findings


def test_ocpp_go_201_counts_connectors_from_0() -> None:
    station = of("ocpp-go-2.0.1.jsonl")
    assert statuses(station) == {(1, 0): OK}
    assert past(station) == [(1, None, "EVDisconnected", "12345")]


def test_open_ocpp_16() -> None:
    station = of("open-ocpp-1.6.jsonl")
    assert statuses(station) == {(0, 0): OK, (1, 1): OK, (2, 1): OK}
    assert station.make.box_serial == "S/N9876543210" and station.make.serial == "S/N0123456789"


def test_sap_simulator_16() -> None:
    station = of("sap-simulator-1.6.jsonl")
    assert past(station) == [(1, 212.0, "Local", "CARD1"), (2, 226.0, "Local", "CARD2")]
    empty = [one for one in station.findings.values() if one.code is Code.SCHEMA]
    assert [one.text for one in empty] == ["MeterValues: meterValue has fewer than 1 items."]


def test_tfocpp_16_reboots_and_replays() -> None:
    station = of("tfocpp-1.6.jsonl")
    assert (station.make.model, station.make.firmware) == ("WARP2 Charger Pro", "2.8.0")
    assert station.boot is not None and station.boot.count == 8 and station.link.connections == 9
    assert past(station)[0] == (1, 33.0, "UnlockCommand", "04A1B2C3")


def test_virtual_charge_point_16() -> None:
    station = of("virtual-charge-point-1.6.jsonl")
    assert past(station) == [(1, 2000.0, "Local", "CARD1")]
    assert statuses(station) == {(1, 1): OK}


def test_virtual_charge_point_201() -> None:
    station = of("virtual-charge-point-2.0.1.jsonl")
    assert statuses(station) == {(1, 1): OK}
    assert ("schema", "NotifyReport reportData has fewer than 1 items") in station.findings


@pytest.mark.parametrize("name", FILES)
def test_the_same_records_give_the_same_stations(name: str) -> None:
    records = recordings.load(FRAMES / name).records
    assert fold(records).stations == fold(records).stations
