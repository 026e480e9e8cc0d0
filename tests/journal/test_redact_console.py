"""Secrets that consoles and modems say, and that people type into them."""

from __future__ import annotations

import json

import pytest

from techtool.journal.redact import Redactor, redacted
from techtool.masking import masked
from techtool.station.records import Kind, Record
from tests.journal.making import record


def exported(*records: Record) -> list[str]:
    return [one.data.decode() for one in redacted(lambda: records, Redactor(b"key"))]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("wifi connect MyHomeNet S3cretPass9", "S3cretPass9"),
        ("wifi connect -s MyHomeNet -p S3cretPass9", "S3cretPass9"),
        ("settings write string wifi/psk S3cretPass9", "S3cretPass9"),
        ("card 04A1B2C3D4E5F6 accepted", "04A1B2C3D4E5F6"),
        ("UID 11223344556677 ok", "11223344556677"),
        ("+CCID: 8931440000000004040", "8931440000000004040"),
        ("204080000003939", "204080000003939"),
    ],
)
def test_a_line_and_its_echo(line: str, secret: str) -> None:
    shown = exported(record(1, line.encode(), Kind.LINE), record(2, line.encode() + b"\r\n", Kind.ECHO))
    assert all(secret not in one for one in shown), shown


@pytest.mark.parametrize(
    ("payload", "secret"),
    [
        ({"vendorId": "v", "data": "AT+CIMI\r\n204080000003939\r\nOK"}, "204080000003939"),
        ({"vendorId": "v", "data": '{"sim":{"id":"8931440000000004141"}}'}, "8931440000000004141"),
        ({"configurationKey": [{"key": "SIM", "value": "8931440000000005454"}]}, "8931440000000005454"),
        ({"configurationKey": [{"key": "LocalAuthList", "value": "LISTA55,LISTB56"}]}, "LISTB56"),
        ({"configurationKey": [{"key": "MasterCards", "value": "MCARD5757"}]}, "MCARD5757"),
        ({"configurationKey": [{"key": "WhiteList", "value": "WLCARD5959"}]}, "WLCARD5959"),
    ],
)
def test_settings_and_modems(payload: object, secret: str) -> None:
    (shown,) = exported(record(1, json.dumps([3, "1", payload]).encode()))
    assert secret not in shown


@pytest.mark.parametrize(
    "text",
    [
        "wifi status",
        "settings write string name/place Hall",
        "0.15002000000000001",
        "1790000000000000000",
        "meter 89 kWh",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert exported(record(1, text.encode(), Kind.LINE)) == [text]


@pytest.mark.parametrize("part", ["key", "settings write key", "wifi connect -a ", "x-key", "uid 0", "9" * 15])
def test_monstrous_lines_end(part: str) -> None:
    exported(record(1, f"settings write {part * 20_000}".encode(), Kind.LINE))
    masked(record(1, f"x-{part * 20_000}".encode(), Kind.NOISE))
