from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.masking import (
    MASK,
    is_secret,
    mask_broken,
    mask_head,
    mask_line,
    mask_message,
    mask_outcome,
    mask_payload,
    mask_setting,
    mask_urls,
    mask_written,
    masked,
)  # fmt: skip
from techtool.station.outcomes import Outcome, Verdict
from techtool.station.records import Direction, Kind, Record
from techtool.trace.words import request

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("name", ["AuthorizationKey", "BasicAuthPassword", "wifi_password", "clientSecret"])
def test_secret_names(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["HeartbeatInterval", "idTag", "key", "value", "MeterValuesSampledData", None, 3])
def test_other_names(name: object) -> None:
    assert not is_secret(name)


def test_settings_of_both_kinds() -> None:
    old = {"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": "abc"}]}
    new = {
        "setVariableData": [
            {
                "component": {"name": "SecurityCtrlr"},
                "variable": {"name": "BasicAuthPassword"},
                "attributeValue": "abc",
            }
        ]
    }
    assert mask_payload(old)["configurationKey"][0]["value"] == MASK
    assert mask_payload(new)["setVariableData"][0]["attributeValue"] == MASK
    for payload in (old, new):
        data = json.dumps([2, "1", "X", payload]).encode()
        assert b'"abc"' not in mask_message(data, payload)
        assert MASK.encode() in mask_message(data, payload)


def test_reports_and_events_of_2x_too() -> None:
    variable = {"name": "BasicAuthPassword"}
    report = {"reportData": [{"variable": variable, "variableAttribute": [{"type": "Actual", "value": "geheim"}]}]}
    event = {"eventData": [{"variable": variable, "actualValue": "geheim"}]}
    other = {"reportData": [{"variable": {"name": "Interval"}, "variableAttribute": [{"value": "geheim"}]}]}
    for payload in (report, event):
        data = json.dumps([2, "1", "X", payload]).encode()
        assert "geheim" not in str(mask_payload(payload)) and b"geheim" not in mask_message(data, payload)
    assert mask_payload(other) == other
    assert mask_payload({"ocppInterface": "Wired0"}) == {"ocppInterface": "Wired0"}


def test_what_was_written_hides_a_password_and_nothing_else() -> None:
    told = Outcome(Verdict.CONTRADICTED, "WifiPassword = geheim9 was taken, but reads as geheim.", None, (7,))
    shown = mask_written("WifiPassword", "geheim9", told._replace(result={"written": "geheim9", "read": "geheim"}))
    assert shown.text == f"WifiPassword = {MASK} was taken, but reads as {MASK}."
    assert shown.result == {"written": MASK, "read": MASK} and shown.records == (7,)
    cleared = Outcome(Verdict.CONTRADICTED, "WifiPassword =  was taken, but reads as geheim.")
    shown = mask_written("WifiPassword", "", cleared._replace(result={"written": "", "read": "geheim"}))
    assert shown.text == f"WifiPassword =  was taken, but reads as {MASK}." and "geheim" not in str(shown.result)
    other = told._replace(result={"written": "16", "read": None})
    assert mask_written("MAX", "16", other) == other


def test_a_query_hides_what_it_lets_in_with() -> None:
    head = b"GET /CP1?token=X12&auth=Y9&id=7&api%5Fkey=Z HTTP/1.1\r\nHost: h\r\n\r\n"
    shown = f"GET /CP1?token={MASK}&auth={MASK}&id=7&api%5Fkey={MASK} HTTP/1.1\r\nHost: h\r\n\r\n"
    assert mask_head(head) == shown.encode()


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("secret", ["geheim", 'with "quotes" \\ and ä'])
def test_json_in_a_text_in_json(secret: str, depth: int) -> None:
    inner: Any = {"wifi": {"ssid": "depot", "password": secret}}
    for _ in range(depth):
        inner = {"vendorId": "ACME", "data": json.dumps(inner)}
    data = json.dumps([2, "1", "DataTransfer", inner]).encode()
    shown = mask_message(data, inner)
    assert json.loads(shown)[3] == mask_payload(inner)
    assert b"depot" in shown and MASK.encode() in shown
    assert secret not in str(mask_payload(inner)) and b"geheim" not in shown and b"quotes" not in shown


@pytest.mark.parametrize("setting", [{"key": "AuthorizationKey"}, {"variable": {"name": "BasicAuthPassword"}}])
def test_an_empty_text_is_no_secret(setting: dict[str, Any]) -> None:
    payload = {**setting, "value": "", "attributeValue": "", "password": ""}
    assert mask_payload(payload) == payload
    data = json.dumps([3, "1", payload]).encode()
    assert mask_message(data, payload) == data
    assert mask_broken(data[:-2]) == data[:-2]
    assert (
        request("ChangeConfiguration", {"key": "AuthorizationKey", "value": ""}, NOW).what == "AuthorizationKey = "
    )
    assert mask_payload({**setting, "value": " "})["value"] == MASK


def test_what_nobody_can_parse() -> None:
    broken = b'[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"0123456789"'
    assert mask_broken(broken) == broken.replace(b"0123456789", b"********")
    assert mask_broken(b'{"password": abc}') == b'{"password": ********}'
    assert mask_broken(b'[2,"1","Heartbeat"') == b'[2,"1","Heartbeat"'


def test_urls_and_heads() -> None:
    assert mask_urls(b"see ftp://u:p@h/x and http://h/") == b"see ftp://u:********@h/x and http://h/"
    head = b"GET / HTTP/1.1\r\nHost: a\r\nauthorization: Basic abc\r\n\r\n"
    assert mask_head(head) == b"GET / HTTP/1.1\r\nHost: a\r\nauthorization: Basic ********\r\n\r\n"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["key", "value", "variable"]), inner)
        ),
    )
)
def test_any_payload(payload: Any) -> None:
    mask_payload(payload)
    mask_message(json.dumps(payload).encode(), payload)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"PASSWORD=newpass77\r\n", b"PASSWORD=********\r\n"),
        (b"wifiPassword: x1 y", b"wifiPassword: ******** y"),
        (b"PASSWORD   - what it is for   - hunter22", b"PASSWORD   - ********"),
        (b"MAX   - most current   - 13 A", b"MAX   - most current   - 13 A"),
        (b"Password: ", b"Password: "),
        (b"STATE A->B", b"STATE A->B"),
    ],
)
def test_a_line_of_a_console_shows_no_password(line: bytes, shown: bytes) -> None:
    assert mask_line(line) == shown
    record = Record(1, 1, 1, 1, Direction.CHARGER, Kind.CHATTER, line)
    assert masked(record).data == shown


def test_the_answer_of_a_menu_shows_no_password() -> None:
    told = Outcome(Verdict.PROVED, "PASSWORD is hunter22.", {"PASSWORD": "hunter22", "MAX": "13 A"})
    shown = mask_outcome(told)
    assert shown.text == "PASSWORD is ********." and shown.result == {"PASSWORD": MASK, "MAX": "13 A"}
    assert mask_outcome(told._replace(text="", result=["MAX=1", "PASSWORD=x"])).result == [
        "MAX=1",
        f"PASSWORD={MASK}",
    ]


def passed(data: bytes, kind: Kind = Kind.TEXT) -> bytes:
    """What is shown of bytes that passed."""
    return masked(Record(1, 1, 0, 0, Direction.CHARGER, kind, data)).data


@pytest.mark.parametrize(
    "data",
    [
        rb'[2,"1","DataTransfer",{"password":"GE\/HEIM"}]',
        rb'[2,"1","DataTransfer",{"password":"\u0047E\/HEIM"}]',
        rb'[2,"1","DataTransfer",{"data":"{\"password\":\"GE\\/HEIM\"}"}]',
        b'[2,"1","DataTransfer",{"password":["GEHEIM"]}]',
        b'[2,"1","DataTransfer",{"password":{"value":"GEHEIM"}}]',
        b'[2,"1","DataTransfer",{"Key":"AuthorizationKey","Value":"GEHEIM"}]',
        b'[2,"1","DataTransfer",{"name":"AuthorizationKey","value":"GEHEIM"}]',
        b'[2,"1","DataTransfer",{"name":"AuthorizationKey","val":"GEHEIM"}]',
        b'[2,"1","DataTransfer",{"data":[["AuthorizationKey","GEHEIM"]]}]',
        b'[2,"1","DataTransfer",{"data":"key=AuthorizationKey;value=GEHEIM"}]',
        b'[2,"1","DataTransfer",{"data":"user=eve&password=GEHEIM"}]',
        b'[2,"1","DataTransfer",{"data":"Authorization: Bearer GEHEIMGE"}]',
        rb'[2,"1","DataTransfer",{"data":"ftp:\/\/eve:GEHEIM@h\/x"}]',
        b'[3,"1",{"configurationKey":[{"key":"AuthorizationKey","value":"ab,GEHEIM"}]',
        b'[3,"1",{"configurationKey":[{"key":"AuthorizationKey","value":"ab]GE',
    ],
)
def test_a_password_is_masked_however_it_is_written(data: bytes) -> None:
    shown = passed(data)
    assert b"HEIM" not in shown and b"GE" not in shown and b"********" in shown


@pytest.mark.parametrize(
    "data",
    [
        b"GET /CP1 HTTP/1.1\r\nAuthorization: Basic R0VIRUlN\r\n",
        b"GET /CP1?token=R0VIRUlN HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\nX-Api-Key: R0VIRUlN\r\n\r\n",
        b"\x81\xfe\x01password=R0VIRUlN",
        b'\x81\x7e{"password":"R0VIRUlN"',
    ],
)
def test_what_is_cut_off_hides_its_password_too(data: bytes) -> None:
    shown = passed(data, Kind.NOISE)
    assert b"R0VIRUlN" not in shown and b"********" in shown


def test_what_is_no_secret_stays_beside_one() -> None:
    data = b'[2,"1","DataTransfer",{"password":{"tries":3,"on":true,"value":"x/y"},"n":3,"on":true}]'
    assert passed(data) == data.replace(b"x/y", b"********")


@pytest.mark.parametrize(
    "data",
    [
        b'[2, "1", "GetConfiguration", {"key": ["AuthorizationKey", "HeartbeatInterval"]}]',
        b'[2,"1","DataTransfer",{"data":"key=HeartbeatInterval;value=60"}]',
        b'[2,"1","DataTransfer",{"data":[["HeartbeatInterval","60"]]}]',
    ],
)
def test_names_of_secrets_and_other_settings_are_shown(data: bytes) -> None:
    assert passed(data) == data


def test_a_number_is_masked_where_it_stands_alone() -> None:
    data = b'[2,"4711","DataTransfer",{"pin":4711,"n":14711,"pi":4711.5,"text":"a4711"}]'
    assert passed(data) == b'[2,"4711","DataTransfer",{"pin":********,"n":14711,"pi":4711.5,"text":"a4711"}]'


def test_a_name_stays_though_it_is_the_password_too() -> None:
    data = b'[2,"1","X",{"password":"password","password" :"password"}]'
    assert passed(data) == b'[2,"1","X",{"password":"********","password" :"********"}]'


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("AuthorizationKey", "0123456789abcdef", MASK),
        ("AuthorizationKey", "", ""),
        ("AuthorizationKey", None, None),
        ("HeartbeatInterval", "300", "300"),
        ("BackendUrl", "ws://user:geheim@h/x", f"ws://user:{MASK}@h/x"),
        ("Net", '{"apn": {"apnPassword": "geheim"}}', f'{{"apn": {{"apnPassword": "{MASK}"}}}}'),
    ],
)
def test_only_what_is_secret_in_a_value_is_hidden(name: str, value: str | None, shown: str | None) -> None:
    assert mask_setting(name, value) == shown
