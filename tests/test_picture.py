"""Understanding stands beside serving: whatever a record holds, the next one is taken in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from techtool.csms.frames import CallResult
from techtool.csms.knocks import Reason
from techtool.picture import Picture, fold
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind, Record
from tests.csms.driving import Driver


def test_a_time_stamp_that_is_nested_deeply_is_one_that_cannot_be_read() -> None:
    driver = Driver()
    driver.boot()
    head = b'[2,"d","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":'
    (answer,) = driver.raw(head + b"[" * 90 + b"]" * 90 + b"}]")
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
    assert "ZeroDivisionError" in driver.finding(Code.NOT_UNDERSTOOD).text
    assert driver.station.evses[1].connectors[1].status == "Available"


def test_what_cannot_be_folded_is_told_and_leaves_the_picture_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver()
    driver.boot()
    with monkeypatch.context() as patch:
        patch.setattr("techtool.picture.consequences", lambda before, change, after: 1 / 0)
        driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Faulted"})
    assert Code.NOT_UNDERSTOOD in driver.codes()
    assert 1 not in driver.station.evses, "half of a message is not taken in"
    driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
    assert driver.station.evses[1].connectors[1].status == "Available"


def test_what_nobody_understands_before_a_charger_has_a_name_is_a_knock(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture()
    with monkeypatch.context() as patch:
        patch.setattr(Record, "note", property(lambda record: 1 / 0))
        taken = picture.take(Record(1, 1, 1, 1, Direction.NOTE, Kind.OPENED, b"{}"))
    assert taken.knock is not None and picture.knocks == [taken.knock]
    assert (taken.knock.reason, taken.knock.record) == (Reason.NOT_UNDERSTOOD, 1)
    assert "ZeroDivisionError" in taken.knock.detail


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind.LINKED, {"identity": "CP1", "protocol": "ocpp1.6", "offered": None}),
        (Kind.LINKED, {"identity": "CP1", "protocol": "ocpp1.6", "findings": [{"code": []}]}),
        (Kind.TIMEOUT, {"id": []}),
        (Kind.CLOSED, "[" * 100_000),
        (Kind.CARRIED, {"transactions": [{"id": [], "evse": "x", "began": {}}]}),
        (Kind.OMITTED, {"bytes": "x"}),
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


def test_a_finding_that_quotes_a_charger_tells_no_password() -> None:
    driver = Driver()
    driver.boot()
    driver.say(
        "SecurityEventNotification", {"type": "X", "timestamp": driver.stamp, "techInfo": "password=geheim9"}
    )
    driver.say("Unheard?token=geheim9", {})
    assert "geheim9" not in str(driver.station.findings) and "********" in str(driver.station.findings)
