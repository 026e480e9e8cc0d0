from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms import handshake
from techtool.csms.handshake import Admission, Refusal
from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from techtool.station.findings import Code

KEY = "0123456789abcdef0123456789abcdef01234567"


def decide(
    path: str = "/CP1", offered: str | None = "ocpp1.6", policy: Policy | None = None, **headers: str
) -> Admission | Refusal:
    given: dict[str, list[str]] = {name: [value] for name, value in headers.items()}
    if offered is not None:
        given["sec-websocket-protocol"] = [offered]
    return handshake.decide(path, given, "192.168.1.77", policy or Policy())


def basic(user: str, password: bytes) -> str:
    return "Basic " + base64.b64encode(user.encode() + b":" + password).decode()


def codes(verdict: Admission | Refusal) -> set[Code]:
    assert isinstance(verdict, Admission)
    return {one.code for one in verdict.findings}


@pytest.mark.parametrize(
    ("path", "identity", "found"),
    [
        ("/CP1", "CP1", None),
        ("/ocpp/CP1", "CP1", None),
        ("/a/b/CP1", "CP1", None),
        ("///charger", "charger", Code.ODD_PATH),
        ("/CP1/", "CP1", Code.ODD_PATH),
        ("/http://192.168.1.5/EVB-P123", "EVB-P123", Code.ODD_PATH),
        ("/http%3A%2F%2F192.168.1.5%2FEVB-P123", "EVB-P123", Code.ODD_PATH),
        ("/a%2Fb", "a/b", None),
        ("/RDAM%7C123", "RDAM|123", None),
        ("/RDAM%2520123", "RDAM%20123", None),
        ("/CP1?token=x", "CP1", Code.ODD_PATH),
        ("/", "192.168.1.77", Code.NO_IDENTITY),
        ("//?x", "192.168.1.77", Code.NO_IDENTITY),
    ],
)
def test_the_identity_is_the_last_part_decoded_once(path: str, identity: str, found: Code | None) -> None:
    verdict = decide(path)
    assert isinstance(verdict, Admission) and verdict.identity == identity
    assert codes(verdict) == ({found} if found else set())


def test_a_query_is_shown_to_be_there_and_not_what_is_in_it() -> None:
    verdict = decide("/CP1?token=geheim")
    assert isinstance(verdict, Admission) and verdict.path == "/CP1?********"
    assert "geheim" not in str(verdict.findings)


def test_without_a_name_in_the_path_the_user_name_serves() -> None:
    verdict = decide("/", authorization=basic("CP7", b"x"))
    assert isinstance(verdict, Admission) and verdict.identity == "CP7"


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("ocpp1.6", "ocpp1.6"),
        ("ocpp2.0.1, ocpp1.6", "ocpp2.0.1"),
        ("ocpp1.5, ocpp2.1", "ocpp2.1"),
        ("OCPP1.6", "OCPP1.6"),
    ],
)
def test_the_first_version_offered_that_we_speak_is_chosen(offered: str, chosen: str) -> None:
    verdict = decide(offered=offered)
    assert isinstance(verdict, Admission)
    assert verdict.subprotocol == chosen and verdict.protocol == chosen.lower()


def test_none_offered_is_taken_as_16_with_a_finding() -> None:
    verdict = decide(offered=None)
    assert isinstance(verdict, Admission)
    assert (verdict.protocol, verdict.subprotocol) == ("ocpp1.6", None)
    assert codes(verdict) == {Code.NO_SUBPROTOCOL}


@pytest.mark.parametrize(
    ("offered", "policy"),
    [
        ("ocpp1.5", Policy()),
        ("ocpp2.0", Policy()),
        ("ocpp1.6", Policy(protocols=("ocpp2.1",), fallback="ocpp2.1")),
        (None, Policy(fallback=None)),
    ],
)
def test_no_common_version_ends_after_the_handshake(offered: str | None, policy: Policy) -> None:
    verdict = decide(offered=offered, policy=policy)
    assert isinstance(verdict, Refusal)
    assert (verdict.reason, verdict.status) == (Reason.UNKNOWN_SUBPROTOCOL, None)


def test_another_charger_is_not_let_in() -> None:
    verdict = decide("/CP2", policy=Policy(identity="CP1"))
    assert isinstance(verdict, Refusal) and (verdict.reason, verdict.status) == (Reason.OTHER_IDENTITY, 404)


@pytest.mark.parametrize(
    ("wanted", "sent", "how"),
    [
        (b"secret:with:colons", b"secret:with:colons", "as typed"),
        (KEY.encode(), KEY.encode(), "as typed"),
        (KEY.encode(), KEY.upper().encode(), "as typed"),
        (KEY.encode(), bytes.fromhex(KEY), "hex decoded"),
        (bytes.fromhex(KEY), KEY.encode(), "hex decoded"),
        (b"secret", b"Secret", None),
        (b"secret", b"", None),
        ("pässwörd".encode(), "pässwörd".encode(), "as typed"),
    ],
)
def test_passwords_are_bytes_and_it_is_said_how_they_match(wanted: bytes, sent: bytes, how: str | None) -> None:
    assert handshake.password_matches(wanted, sent) == how


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, Reason.NO_PASSWORD),
        ({"authorization": basic("CP1", b"wrong")}, Reason.WRONG_PASSWORD),
        ({"authorization": "Basic !!!"}, Reason.WRONG_PASSWORD),
        ({"authorization": "Bearer x"}, Reason.NO_PASSWORD),
    ],
)
def test_a_wanted_password_must_come(headers: dict[str, str], reason: Reason) -> None:
    verdict = decide(policy=Policy(password=b"secret"), **headers)
    assert isinstance(verdict, Refusal) and (verdict.reason, verdict.status) == (reason, 401)


def test_a_token_is_no_password_and_is_named() -> None:
    verdict = decide("/CP1", policy=Policy(password=b"secret"), authorization="Bearer geheim")
    assert isinstance(verdict, Refusal) and verdict.detail == "CP1, but an Authorization of the kind Bearer"


def said(verdict: Admission | Refusal) -> list[str]:
    """What was found, in words, without what is odd about the path itself."""
    assert isinstance(verdict, Admission)
    return [one.text for one in verdict.findings if "The charger asked for" not in one.text]


def test_binary_passwords_and_encoded_user_names_match() -> None:
    policy = Policy(password=KEY.encode())
    verdict = decide("/RDAM%7C1", policy=policy, authorization=basic("RDAM|1", bytes.fromhex(KEY)))
    assert said(verdict) == ["The password matches as the bytes of its hex digits."]
    verdict = decide("/RDAM%7C1", policy=policy, authorization=basic("RDAM%7C1", KEY.encode()))
    assert said(verdict) == [
        "The user name matches the identity as it stands in the URL, RDAM%7C1, and not decoded.",
        "The password matches as it was typed.",
    ]
    verdict = decide("/CP1", policy=policy, authorization=basic("other", KEY.encode()))
    assert codes(verdict) == {Code.IDENTITY_MISMATCH, Code.PASSWORD_MATCHED}


def test_a_password_that_nobody_wants_is_said() -> None:
    assert codes(decide(authorization=basic("CP1", b"x"))) == {Code.UNCHECKED_PASSWORD}


@given(
    st.text(), st.dictionaries(st.sampled_from(["authorization", "sec-websocket-protocol"]), st.lists(st.text()))
)
def test_any_request_gets_a_verdict(path: str, headers: dict[str, Any]) -> None:
    assert isinstance(handshake.decide(path, headers, "1.2.3.4", Policy()), Admission | Refusal)


def test_the_user_name_is_told_but_never_the_password() -> None:
    verdict = decide("/CP1", authorization=basic("CP1", b"geheim"))
    assert isinstance(verdict, Admission) and verdict.user == "CP1"
    assert "geheim" not in repr(verdict)


@pytest.mark.parametrize("encoded", ["Q1AxMjpzZWNyZXQxMg", "Q1AxMjpzZWNyZXQxMg=", "Q1AxMjpzZWNyZXQxMg=="])
def test_credentials_may_lack_what_fills_the_last_group(encoded: str) -> None:
    assert handshake.basic_credentials([f"Basic {encoded}"]) == (b"CP12", b"secret12")


@pytest.mark.parametrize(
    ("path", "headers", "policy", "identity"),
    [
        ("/ocpp/CP1", {"sec-websocket-protocol": ["foo"]}, Policy(), "CP1"),
        ("/CP%7C1", {}, Policy(password=b"geheim"), "CP|1"),
        ("/", {"sec-websocket-protocol": ["foo"]}, Policy(), None),
    ],
)
def test_who_is_refused_is_named_where_it_is_known(
    path: str, headers: dict[str, list[str]], policy: Policy, identity: str | None
) -> None:
    verdict = handshake.decide(path, headers, "10.0.0.9", policy)
    assert isinstance(verdict, Refusal) and verdict.identity == identity
