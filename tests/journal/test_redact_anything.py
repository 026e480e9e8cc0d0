"""Whatever a message looks like, and wherever it is cut: a secret in it does not come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from techtool.journal.redact import Redactor
from techtool.journal.redact_names import label_of
from techtool.station.records import Kind
from tests.journal.making import record

Planter = Callable[[str], dict[str, Any]]

PLANTERS: list[Planter] = [
    *(
        lambda secret, name=name: {name: secret}
        for name in (
            *("idTag", "parentIdTag", "id_tag", "iccid", "imsi", "password", "apnPassword", "basicAuthPassword"),
            *(
                "simPin",
                "exiRequest",
                "vin",
                "evccId",
                "emaid",
                "wifiKey",
                "apiToken",
                "clientSecret",
                "apnUserName",
            ),
        )
    ),
    lambda secret: {"idToken": {"idToken": secret, "type": "ISO14443"}},
    lambda secret: {
        "idToken": {"type": "x", "idToken": "", "additionalInfo": [{"additionalIdToken": secret, "type": ""}]}
    },
    lambda secret: {"groupIdToken": {"type": "Central", "idToken": secret}},
    lambda secret: {
        "localAuthorizationList": [{"idTagInfo": {"status": "Blocked"}, "idTag": secret}, {"idTag": "1"}]
    },
    lambda secret: {"personalMessage": {"language": "de", "format": "UTF8", "content": secret}},
    lambda secret: {"prioritizedEMAIDs": {"emaid": ["DE1", secret]}},
    lambda secret: {"key": "AuthorizationKey", "value": secret},
    lambda secret: {"configurationKey": [{"value": "60", "key": "Other"}, {"value": secret, "key": "SimPin"}]},
    lambda secret: {
        "setVariableData": [
            {
                "attributeValue": secret,
                "component": {"name": "SecurityCtrlr"},
                "variable": {"name": "BasicAuthPassword"},
            }
        ]
    },
    lambda secret: {
        "reportData": [
            {
                "variableAttribute": [{"type": "Actual", "value": secret}],
                "component": {"name": "NetworkConfiguration"},
                "variable": {"name": "VpnKey"},
            }
        ]
    },
    lambda secret: {"connectionData": {"vpn": {"server": "s", "key": secret, "type": "PPTP"}}},
    lambda secret: {"certificate": secret, "idToken": {"idToken": "1", "type": "eMAID"}},
    lambda secret: {"location": f"ftp://techtool:{quote(secret, safe='')}@10.0.0.1/up"},
    lambda secret: {"data": json.dumps({"idTag": secret})},
    lambda secret: {"password": [secret, secret]},
]

CHARS = "abcXYZ019 -_.:;,/\\\"'{}[]@=&%#äß€\u2028\U0001f511\x07\n"
NAMES = st.text('abcdefg_XYZ "\\é', max_size=8).filter(lambda name: label_of(name) is None)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(CHARS, max_size=8)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
SECRETS = st.text(CHARS, min_size=5, max_size=20).map(lambda text: "Zq7" + text + "w")


@st.composite
def messages(draw: st.DrawFn) -> tuple[str, str, str]:
    """A message, the secret in it, and the secret as it stands in the message."""
    secret = draw(SECRETS)
    planted: Any = draw(st.sampled_from(PLANTERS))(secret)
    for _ in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            planted = [draw(JSON), planted, draw(JSON)]
        else:
            planted = {
                **draw(st.dictionaries(NAMES, JSON, max_size=2)),
                "x": planted,
                **draw(st.dictionaries(NAMES, JSON, max_size=2)),
            }
    message = draw(
        st.sampled_from(
            ([2, "1", "Any", planted], [3, "1", planted], [4, "1", "InternalError", "", planted], planted)
        )
    )
    compact = draw(st.booleans())
    ascii_only = draw(st.booleans())
    separators = (",", ":") if compact else (", ", " : ")
    text = json.dumps(message, separators=separators, ensure_ascii=ascii_only)
    written = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
    return text, secret, written


def whole(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def redacted(text: str) -> str:
    return Redactor(b"key").redact(record(1, text.encode(), Kind.TEXT)).data.decode()


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_whole_messages(made: tuple[str, str, str]) -> None:
    text, secret, written = made
    result = redacted(text)
    assert written not in result
    everything = texts(json.loads(result))
    assert not [one for one in everything if secret in one or quote(secret, safe="") in one]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(messages(), st.integers(0, 400), st.integers(0, 400))
@example(('[2,"1","Any",{"value":"Zq7secretw","key":"AuthorizationKey"}]', "Zq7secretw", "Zq7secretw"), 0, 24)
@example(('[2,"1","Any",{"idTag":"Zq7secretw"}]', "Zq7secretw", "Zq7secretw"), 22, 0)
def test_cut_messages(made: tuple[str, str, str], front: int, back: int) -> None:
    text, _, written = made
    front %= len(text)
    cut = text[front : max(front, len(text) - back)]
    # Nothing tells what it is where only the secret is left, or something that is whole without its name.
    assume(cut.replace(written, "").strip('" '))
    assume(cut == text or not whole(cut))
    assert written not in redacted(cut)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(messages(), st.binary(max_size=6), st.integers(0, 400))
def test_bytes_in_between(made: tuple[str, str, str], junk: bytes, place: int) -> None:
    """Noise somewhere outside of the secret; the message was seen whole before."""
    text, _, written = made
    place %= len(text) + 1
    at = text.find(written)
    assume(not at < place < at + len(written))
    redactor = Redactor(b"key")
    redactor.learn(record(1, text.encode()))
    broken = text[:place].encode() + junk + text[place:].encode()
    assert written.encode() not in redactor.redact(record(2, broken)).data


@given(st.binary(max_size=200) | st.text(CHARS).map(str.encode), st.sampled_from(Kind))
def test_nothing_raises(data: bytes, kind: Kind) -> None:
    redactor = Redactor(b"key", identities=True)
    redactor.learn(record(1, data, kind))
    redactor.redact(record(1, data, kind))


@given(JSON)
def test_whole_json_stays_whole(value: Any) -> None:
    json.loads(redacted(json.dumps(value)))


def test_monstrous_messages_end() -> None:
    for text in (
        "[" * 50_000,
        '{"idTag":' * 12_000,
        '"' * 100_001,
        "a://" * 12_000,
        "token-" * 50_000,
        '"\\' * 100_000,
        '{"idTag":"' + "x" * 1_000_000,
        "A" * 300_000,
        'idTag="' * 30_000,
        "Basic " * 30_000,
        "-----BEGIN PRIVATE KEY-----" * 5_000,
    ):
        redacted(text)
