"""Secrets in the remarks that technicians write."""

from __future__ import annotations

import json

import pytest

from techtool.journal.redact import Redactor, redacted
from techtool.station.records import Kind, Record
from tests.journal.making import note, record


def remark(text: str, number: int = 9) -> Record:
    return note(number, Kind.REMARK, json.dumps({"text": text, "record": 811}).encode())


def shown(text: str, *others: Record) -> str:
    """The text after the pass over all records, with the remark first or last."""
    results = []
    for records in ([remark(text), *others], [*others, remark(text)]):
        result = list(redacted(lambda records=records: records, Redactor(b"key")))  # type: ignore[misc]
        note = json.loads(next(one.data for one in result if one.number == 9))
        assert note["record"] == 811
        results.append(note["text"])
    assert results[0] == results[1]
    return str(results[0])


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("the PIN is 1234", "1234"),
        ("The PIN is now 1234.", "1234"),
        ("PIN 1234 works", "1234"),
        ("SIM-PIN changed to 4711, please note", "4711"),
        ("PIN auf 4711 gesetzt", "4711"),
        ("Passwort: geheim", "geheim"),
        ("Passwort: geheim.", "geheim"),
        ("Passwort ist geheim!", "geheim"),
        ("Das WLAN-Passwort lautet „Sonne12“.", "Sonne12"),
        ("Kennwort: Sonne12", "Sonne12"),
        ("PUK=99887766", "99887766"),
        ("the Wifi key is abcd99", "abcd99"),
        ("Wifi key: abcdef", "abcdef"),
        ("user name is eve.adams", "eve.adams"),
        ("password hunter2 is ok", "hunter2"),
        ("idTag 04A1B2C3 does not work", "04A1B2C3"),
        ("first line\nthe PIN is 1234", "1234"),
        ('he says the password is "hunter2"', "hunter2"),
    ],
)
def test_what_a_sentence_tells(text: str, secret: str) -> None:
    result = shown(text)
    assert secret not in result
    assert result.split(" ")[0] == text.split(" ")[0] or ":" in text or "=" in text


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong",
        "Passwort ist falsch",
        "the key is in the box",
        "token is expired",
        "the user is gone",
        "pin 3 of the plug is bent",
        "the card reader is 12 cm too high",
        "voltage is 231.5 V, current was 16",
        "no password here, ask Eve",
    ],
)
def test_what_tells_no_secret_stays(text: str) -> None:
    assert shown(text) == text


def test_a_plain_word_is_hidden_but_not_looked_for_everywhere() -> None:
    status = record(1, b'[2,"1","StatusNotification",{"info":"Connector lock"}]')
    records = [remark("the password is connector"), status]
    result = list(redacted(lambda: records, Redactor(b"key")))
    assert b"is connector" not in result[0].data
    assert result[1] == status


@pytest.mark.parametrize(
    "other",
    [
        record(1, b'[2,"1","Authorize",{"idTag":"Zq7secret"}]'),
        record(1, b'[3,"1",{"configurationKey":[{"key":"AuthorizationKey","value":"Zq7secret"}]}]'),
        record(1, b"GET /CP1 HTTP/1.1\r\nAuthorization: Basic Q1AxOlpxN3NlY3JldA==\r\n\r\n", Kind.REQUEST),
        record(1, b'[2,"1","DataTransfer",{"data":"{\\"wifiKey\\":\\"Zq7secret\\"}"}]'),
        remark("Passwort: Zq7secret", 1),
        remark("the PIN is Zq7secret.", 1),
    ],
)
@pytest.mark.parametrize("text", ["tried Zq7secret twice", "(Zq7secret)", "ZQ7SECRET", "a\nZq7secret\nb"])
def test_secrets_that_are_known_from_elsewhere(text: str, other: Record) -> None:
    assert "zq7secret" not in shown(text, other).lower()


def test_a_secret_has_the_same_name_in_a_sentence() -> None:
    authorize = record(1, b'[2,"1","Authorize",{"idTag":"04A1B2C3"}]')
    result = list(redacted(lambda: [remark("the idTag is 04A1B2C3."), authorize], Redactor(b"key")))
    name = json.loads(result[1].data)[3]["idTag"]
    assert json.loads(result[0].data)["text"] == f"the idTag is {name}."


def test_monstrous_remarks_end() -> None:
    for text in ("the PIN is " * 9_000, "user " * 20_000, "pin" + " is" * 50_000, "pin: 1" + "." * 100_000 + "x"):
        Redactor(b"key").redact(remark(text))
