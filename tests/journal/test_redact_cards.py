"""The same card in the spellings of readers, logs and people."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.journal.redact import Redactor, redacted
from techtool.journal.redact_cards import spellings
from techtool.station.records import Direction, Kind, Record


def record(number: int, payload: object) -> Record:
    return Record(number, 1, number, number, Direction.CHARGER, Kind.TEXT, json.dumps(payload).encode())


@pytest.mark.parametrize(
    "written",
    [
        "04:A2:B3:C4:D5:E6:F7",
        "04-a2-b3-c4-d5-e6-f7",
        "04 A2 B3 C4 D5 E6 F7",
        "F7E6D5C4B3A204",
        "f7:e6:d5:c4:b3:a2:04",
        str(0x04A2B3C4D5E6F7),
        str(0xF7E6D5C4B3A204),
        "0x04A2B3C4D5E6F7",
    ],
)
def test_every_spelling_of_a_card_gets_its_name(written: str) -> None:
    records = [
        record(1, [2, "a", "DataTransfer", {"vendorId": "x", "data": f"card {written} seen"}]),
        record(2, [2, "b", "Authorize", {"idTag": "04A2B3C4D5E6F7"}]),
    ]
    first, second = (json.loads(one.data)[3] for one in redacted(lambda: records, Redactor(b"key")))
    assert written not in first["data"]
    assert second["idTag"] in first["data"], "the same pseudonym"


def test_what_is_no_uid_has_one_spelling() -> None:
    assert spellings("CUSTOMER1") == spellings("ABC") == spellings("") == set()


@given(st.binary(min_size=4, max_size=10))
def test_spellings_are_other_texts(uid: bytes) -> None:
    card = uid.hex().upper()
    assert card not in spellings(card)
    assert uid.hex(":").upper() in spellings(card)


def test_a_card_in_capitals_is_the_same_card() -> None:
    """OCPP compares idTags without regard to case."""
    records = [
        record(n, [2, str(n), "Authorize", {"idTag": tag}]) for n, tag in enumerate(("04A1B2C3D4", "04a1b2c3d4"))
    ]
    redactor = Redactor(b"key")
    assert len({json.loads(redactor.redact(one).data)[3]["idTag"] for one in records}) == 1


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_card_has_one_name_whatever_the_field_is_called(first: int) -> None:
    fields = ["idTag", "emaid", "password"]
    fields = fields[first:] + fields[:first]
    written = {"idTag": "04a1b2c3", "emaid": "04A1B2C3", "password": " 04A1B2C3"}
    messages = [record(number, {one: written[one]}) for number, one in enumerate(fields, 1)]
    names = [next(iter(json.loads(one.data).values())) for one in redacted(lambda: messages, Redactor(b"key"))]
    assert len(set(names)) == 1 and names[0].startswith("idTag-")


def test_a_password_in_another_case_is_another_password() -> None:
    messages = [record(number, {"password": one}) for number, one in enumerate(("Ab12", "aB12"), 1)]
    first, second = (json.loads(one.data) for one in redacted(lambda: messages, Redactor(b"key")))
    assert first != second
