"""Understanding stands beside serving: whatever a record holds, the next one is taken in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from techtool.csms.frames import CallResult
from techtool.picture import fold
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind, Record
from tests.csms.driving import Driver


def test_a_time_stamp_that_is_nested_deeply_is_one_that_cannot_be_read() -> None:
    driver = Driver()
    driver.boot()
    head = b'[2,"d","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":'
    (answer,) = driver.raw(head + b"[" * 1000 + b"]" * 1000 + b"}]")
    assert answer == CallResult("d", {})
    assert Code.TIMESTAMP in driver.codes()
    assert driver.station.evses[1].connectors[1].status == "Available"


def test_what_the_reader_stumbles_over_is_told_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver()
    driver.boot()
    with monkeypatch.context() as patch:
        patch.setattr("techtool.csms.reading.lenient.obj", lambda value: 1 / 0)
        driver.say("Heartbeat", {})
    driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
    (found,) = (one for one in driver.station.findings.values() if one.code is Code.NOT_UNDERSTOOD)
    assert "ZeroDivisionError" in found.text
    assert driver.station.evses[1].connectors[1].status == "Available"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.LINKED, {"identity": "CP1", "protocol": "ocpp1.6", "offered": None}),
        (Kind.LINKED, {"identity": "CP1", "protocol": "ocpp1.6", "findings": [{"code": []}]}),
        (Kind.TIMEOUT, {"id": []}),
        (Kind.CLOSED, "[" * 100_000),
        (Kind.CARRIED, {"transactions": [{"id": [], "evse": "x", "began": {}}]}),
        (Kind.REMARK, 7),
    ],
)
def test_notes_of_a_damaged_file_raise_nothing(kind: Kind, data: Any) -> None:
    raw = data.encode() if isinstance(data, str) else json.dumps(data).encode()
    opened = Record(1, 1, 1, 1, Direction.NOTE, Kind.OPENED, b"{}")
    linked = json.dumps({"identity": "CP1", "protocol": "ocpp1.6", "offered": ["ocpp1.6"]}).encode()
    records = [opened, Record(2, 1, 2, 2, Direction.NOTE, Kind.LINKED, linked)]
    records += [Record(3, 1, 3, 3, Direction.NOTE, kind, raw)]
    boot = b'[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'
    records += [Record(4, 1, 2**62 * 4 - 1, 4, Direction.CHARGER, Kind.TEXT, boot)]
    assert "CP1" in fold(records).stations
